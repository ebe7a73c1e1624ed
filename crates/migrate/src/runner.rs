mod adopt;
mod check;
mod checksums;
mod downgrade;
mod drift;
mod floor;
mod grants;
mod lock;
mod planned;
mod read;
mod repair;
mod resume;
mod squashed;
pub(crate) mod stamp;
mod stuck;
mod untransactional;
mod upgrade;
mod wait;

pub use planned::{PlanReport, PlannedRevision, PlannedStatement, TableSize};

use std::path::Path;
use std::time::Duration;

pub use repair::Repair;

use crate::backend::{Backend, Failure, connect};
use crate::ledger::{self, Standing};
use crate::observer::Observer;
use crate::scratch::Confines;
use crate::stop::Stop;
use crate::{DatabaseUrl, Engine, Error, History};

/// What a runner will do to the database; decides whether a missing `SQLite` file is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look only: nothing is written, a read-only user suffices.
    Read,
    /// Change what is there: a missing `SQLite` file is a mistake.
    Change,
    /// Change the schema, and make a missing `SQLite` file.
    Write,
}

/// Time limits, and the ties to the program around the runner.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of sqlx's table, qualified or not: `_sqlx_migrations` unless `sqlx.toml` sets another.
    pub table_name: String,
    /// Schemas that are made before sqlx's table is.
    pub create_schemas: Vec<String>,
    /// How long to try to connect.
    pub connect_timeout: Duration,
    /// How long to wait for another runner.
    pub lock_timeout: Duration,
    /// How long a statement waits for a table's lock, so that it never queues the site behind itself.
    pub ddl_lock_timeout: Duration,
    /// How long such a statement is tried again.
    pub ddl_retry_for: Duration,
    /// Whether the server is asked, on a connection of its own, how far a long statement is.
    pub asks_progress: bool,
    /// The ear for a request to end.
    pub stop: Stop,
    /// Who watches.
    pub observer: Observer,
    /// What keeps a replay within its scratch database.
    pub confines: Confines,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            table_name: "_sqlx_migrations".to_owned(),
            create_schemas: Vec::new(),
            connect_timeout: Duration::from_mins(1),
            lock_timeout: Duration::from_mins(5),
            ddl_lock_timeout: Duration::from_secs(3),
            ddl_retry_for: Duration::from_mins(10),
            asks_progress: false,
            stop: Stop::default(),
            observer: Observer::default(),
            confines: Confines::default(),
        }
    }
}

impl Options {
    /// Refuses what this engine cannot do, before anything is run or printed for it: `create_schemas` that
    /// `SQLite` cannot make.
    pub fn check(&self, engine: Engine) -> Result<(), Error> {
        refuse_schemas(engine, &self.create_schemas)
    }
}

/// One connection to one database, and the history that it is to follow.
///
/// Methods that change the schema take the runner's lock, and only when something is pending; the
/// others write nothing. One connection does everything: the session that executes holds the lock.
pub struct Runner {
    backend: Box<dyn Backend>,
    history: History,
    options: Options,
}

impl Runner {
    /// Connects, trying again until [`Options::connect_timeout`] has passed.
    ///
    /// Fails with [`Error::Refused`] at once on wrong credentials and unknown databases, and with
    /// [`Error::Usage`] where something is to change and [`Options::create_schemas`] names what `SQLite`
    /// cannot make.
    pub async fn connect(
        url: &DatabaseUrl,
        access: Access,
        history: History,
        options: Options,
    ) -> Result<Self, Error> {
        if access != Access::Read {
            options.check(url.engine())?;
        }
        let span = tracing::info_span!("migrate.connect", db.url = %url);
        let connecting = connect(url, access, &options);
        let backend = tracing::Instrument::instrument(connecting, span).await?;
        Ok(Self { backend, history, options })
    }

    /// The engine that answered.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.backend.engine()
    }

    /// The `SQLite` file that is not there, so that a database with nothing in it is looked at instead;
    /// only with [`Access::Read`].
    #[must_use]
    pub fn missing_file(&self) -> Option<&Path> {
        self.backend.missing_file()
    }

    /// The history that it follows.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What keeps it in a scratch database.
    pub(crate) fn confines(&self) -> &Confines {
        &self.options.confines
    }

    /// Follows another history from now on.
    pub(crate) fn follow(&mut self, history: History) {
        self.history = history;
    }

    /// Ends the connection in good order. Dropping the runner ends it as well, abruptly.
    pub async fn close(self) {
        self.backend.close().await;
    }

    async fn standing(&mut self) -> Result<Standing, Error> {
        let standing = ledger::read(self.backend.as_mut()).await;
        self.seen(standing.doing("_sqlx_migrations was read")?).await
    }
}

/// Refuses schemas that only an attached file could be, as sqlx does.
fn refuse_schemas(engine: Engine, schemas: &[String]) -> Result<(), Error> {
    let is_sqlite = engine == Engine::Sqlite;
    let other = schemas.iter().find(|schema| !ledger::is_own_schema(schema));
    match other.filter(|_| is_sqlite) {
        None => Ok(()),
        Some(schema) => {
            let message = format!(
                "`create-schemas` in sqlx.toml names {schema}, but SQLite has no schemas that could be \
                 made, and sqlx refuses it too: leave it out, or name another file by --config for this \
                 database"
            );
            Err(Error::usage("SCHEMAS_UNSUPPORTED", message))
        }
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

/// Turns a failure of the runner's own statements into an error that says what it was about.
trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, Error>;
}

impl<T> Doing<T> for Result<T, Failure> {
    fn doing(self, doing: &'static str) -> Result<T, Error> {
        self.map_err(|failure| failure.while_doing(doing))
    }
}

//! One connection to one database, behind an interface that is the same for every engine.
//!
//! The SQL of the ledger is the same on all engines and is written once, with `?` for values; what
//! differs stands in `backend/{sqlite,mysql,postgres}.rs`.

mod connect;
mod failure;
mod file_lock;
mod holder;
mod lock_key;
mod mysql;
mod parameters;
mod postgres;
mod sqlite;
mod tls_files;
mod value;
mod write;

use std::path::Path;
use std::time::Duration;

use artisan_schema::Scope;
use artisan_schema::model::Schema;
use futures_util::future::BoxFuture;

pub(crate) use connect::connect;
pub(crate) use failure::{Failure, FailureKind};
pub(crate) use holder::Holder;
pub(crate) use mysql::{MOVING, emptied, quoted_name as backquoted};
pub(crate) use postgres::{FORGET, known_parameters};
pub(crate) use value::{Kind, Row, Value};
pub(crate) use write::{Dialect, JOURNAL, Literal, REVISIONS, Write, script};

use crate::Engine;
use crate::statement::Object;

/// What takes the right to write a table of the runner's, just made, from those to whom default
/// privileges gave it.
pub(crate) fn closing(engine: Engine, table: &str) -> Option<String> {
    match engine {
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => None,
        Engine::Postgres => Some(postgres::CLOSING.replace("{table}", &table.replace('\'', "''"))),
    }
}

/// What sets a client's session to what the runner's own are set to.
pub(crate) const fn session(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &sqlite::SESSION,
        Engine::MySql | Engine::MariaDb => &mysql::SESSION,
        Engine::Postgres => &postgres::SESSION,
    }
}

/// What a picture says where the user may not see which of several equal tables it is.
pub(crate) const UNKNOWN_IDENTITY: &str = "(identity unknown)";

/// The statements that create the runner's tables on this engine; `{applied}` is sqlx's.
pub(crate) const fn tables(engine: Engine) -> &'static [(&'static str, &'static str)] {
    match engine {
        Engine::Sqlite => &sqlite::TABLES,
        Engine::MySql | Engine::MariaDb => &mysql::TABLES,
        Engine::Postgres => &postgres::TABLES,
    }
}

/// What a backend's methods return.
pub(crate) type Answer<'a, T> = BoxFuture<'a, Result<T, Failure>>;

/// A server's session, recognisable after the server has reused its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionId {
    pub(crate) id: i64,
    /// What no other session with the same number has: its start, or the server's.
    pub(crate) since: String,
}

/// The failure of a statement in a script, and how many had run before it.
#[derive(Debug)]
pub(crate) struct Halted {
    pub(crate) done: usize,
    pub(crate) failure: Failure,
}

impl From<Failure> for Halted {
    fn from(failure: Failure) -> Self {
        Self { done: 0, failure }
    }
}

impl From<Halted> for Failure {
    fn from(halted: Halted) -> Self {
        halted.failure
    }
}

/// The result of one attempt to take the runner's lock.
#[derive(Debug)]
pub(crate) enum Lock {
    Taken,
    /// Somebody else has it; who, as far as the server tells.
    Held(Holder),
}

/// Cancels the running statement of another session, from a connection of its own.
pub(crate) type Canceller = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// What a file leaves in its session, as it is written there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leftovers {
    /// User variables, `@id`.
    pub(crate) variables: Vec<String>,
    /// Temporary tables.
    pub(crate) tables: Vec<String>,
}

/// Is called behind each statement of a script that has run.
pub(crate) type Seen<'a> = Box<dyn FnMut() + Send + 'a>;

/// Takes the server's words on how far a statement is.
pub(crate) type Teller = Box<dyn Fn(String) + Send + Sync>;

/// How often the server is asked how far a statement is, once it has taken longer than two of these.
pub(crate) const WATCH_EACH: Duration = Duration::from_secs(1);

/// One connection; the session that executes is the session that holds the lock.
pub(crate) trait Backend: Send {
    /// The engine, told apart by the server where URLs do not tell.
    fn engine(&self) -> Engine {
        self.dialect().engine
    }

    /// How the ledger's SQL is written here.
    fn dialect(&self) -> &Dialect;

    /// The file that is not there, where a database with nothing in it stands for it.
    fn missing_file(&self) -> Option<&Path> {
        None
    }

    /// Runs one statement of a migration, as it is written.
    fn run<'a>(&'a mut self, sql: &'a str) -> Answer<'a, ()>;

    /// Runs several statements in one message, up to the first that fails.
    fn run_script<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<(), Halted>> {
        self.run_script_seen(sql, Box::new(|| {}))
    }

    /// Whether the end of each statement of a script is seen at once: servers gather their answers until
    /// the whole message is worked off.
    fn tells_each_end(&self) -> bool {
        false
    }

    /// The same; `seen` is called behind each statement that has run.
    fn run_script_seen<'a>(
        &'a mut self,
        sql: &'a str,
        seen: Seen<'a>,
    ) -> BoxFuture<'a, Result<(), Halted>>;

    /// Runs a statement of the runner's own; `?` stands for a value.
    fn write<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Answer<'a, ()>;

    /// Reads rows whose columns are of these kinds; `?` stands for a value.
    fn read<'a>(
        &'a mut self,
        sql: &'a str,
        values: &'a [Value<'a>],
        kinds: &'a [Kind],
    ) -> Answer<'a, Vec<Row>>;

    /// Whether the table exists where an unqualified name finds it.
    fn has_table<'a>(&'a mut self, name: &'a str) -> Answer<'a, bool>;

    /// Whether there is no table but the runner's own: whoever works here hinders nobody.
    fn is_bare(&mut self) -> Answer<'_, bool>;

    /// The words that open a transaction for writing.
    fn begin(&self) -> &'static str;

    /// Gets the session ready for changes; a statement waits for a table's lock at most so long, and
    /// at first less where others would queue behind it.
    fn prepare_session(&mut self, longest: Duration) -> Answer<'_, ()>;

    /// Lets the next statements wait so long for locks, until [`hurry`](Self::hurry): for those behind
    /// which nobody waits, or that are not tried again.
    fn be_patient(&mut self, _limit: Duration) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Gives back what the session had set before [`be_patient`](Self::be_patient).
    fn hurry(&mut self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Bounds anew how long a statement waits for a table's lock.
    fn wait_for_locks(&mut self, lock_wait: Duration) -> Answer<'_, ()>;

    /// Remembers the session's settings before a file that changes them.
    fn remember_session(&mut self) -> Answer<'_, ()>;

    /// Gives the session's settings back that a file may have left changed, and removes what it has left:
    /// a run that begins behind the file has neither.
    fn restore_session<'a>(&'a mut self, left: &'a Leftovers) -> Answer<'a, ()>;

    /// One of these tables whose rows no transaction takes back.
    fn find_untransactional<'a>(&'a mut self, _tables: &'a [String]) -> Answer<'a, Option<String>> {
        Box::pin(async { Ok(None) })
    }

    /// How many bytes the server takes in one message, where it breaks the connection at more.
    fn longest_statement(&mut self) -> Answer<'_, Option<usize>> {
        Box::pin(async { Ok(None) })
    }

    /// What makes the session tell of its last change what it tells now, where rows of the runner's own
    /// would change that.
    fn last_change(&mut self) -> Answer<'_, String> {
        Box::pin(async { Ok(String::new()) })
    }

    /// What puts the sequences back to where they stand now: a rollback does not.
    fn sequences(&mut self) -> Answer<'_, String> {
        Box::pin(async { Ok(String::new()) })
    }

    /// Whether a pooler gives each transaction another session, so that no lock keeps anybody out.
    fn is_pooled(&mut self) -> Answer<'_, bool> {
        Box::pin(async { Ok(false) })
    }

    /// Whether other servers write at the same time and do not share this one's locks.
    fn has_several_primaries(&mut self) -> Answer<'_, bool> {
        Box::pin(async { Ok(false) })
    }

    /// One attempt to take the runner's lock; never waits.
    fn try_lock(&mut self) -> Answer<'_, Lock>;

    /// Gives the lock back. Closing the connection does as well.
    fn unlock(&mut self) -> Answer<'_, ()>;

    /// This session, as the journal names it.
    fn session(&mut self) -> Answer<'_, SessionId>;

    /// Whether that very session still exists on the server.
    fn has_session<'a>(&'a mut self, session: &'a SessionId) -> Answer<'a, bool>;

    /// Asks the server to end that session.
    fn end_session<'a>(&'a mut self, session: &'a SessionId) -> Answer<'a, ()>;

    /// The catalog's picture of these objects, the same text as long as nothing changes them.
    fn picture<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, String>;

    /// Removes what a broken statement left of these objects: invalid indexes.
    fn tidy<'a>(&'a mut self, objects: &'a [Object], before: &'a str) -> Answer<'a, ()>;

    /// Fails if these objects are there and not usable, though the statement that makes them did not
    /// fail: `IF NOT EXISTS` is content with the remains of a broken attempt.
    fn check_made<'a>(&'a mut self, _objects: &'a [Object]) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Who stands in the way of a change to these objects.
    fn blockers<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, Option<String>>;

    /// The schema as a model that can be compared. Writes nothing.
    fn model<'a>(&'a mut self, scope: &'a Scope) -> Answer<'a, Schema>;

    /// Two schemas with expressions that mean the same in the same words, where the server prints an
    /// expression differently once it has read its own print. In a scratch database that holds `to`.
    fn settled(&mut self, from: Schema, to: Schema) -> Answer<'_, (Schema, Schema)> {
        Box::pin(async move { Ok((from, to)) })
    }

    /// A way to cancel what this session is running.
    fn canceller(&self) -> Canceller;

    /// Tells once a second how far the statement of this session is, on a connection of its own; ends
    /// where the server does not tell.
    fn watch(&self, _tell: Teller) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }

    /// Ends the connection in good order.
    fn close(self: Box<Self>) -> BoxFuture<'static, ()>;
}

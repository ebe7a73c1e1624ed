//! Databases that live for one question: files are replayed into them, and they are gone.

mod name;
mod server;

use crate::backend::connect;
use crate::dump::{self, SchemaReport};
use crate::{
    Access, DatabaseUrl, Engine, Error, History, Observer, Options, Phases, Runner, Stop, Target,
};

/// Where scratch databases are made.
#[derive(Clone, Copy, Debug)]
pub struct ScratchPlace<'a> {
    /// The database whose engine, encoding and collation the scratch has to share.
    pub target: &'a DatabaseUrl,
    /// Another server for it (`SCRATCH_DATABASE_URL`): a user there who may create databases.
    pub other: Option<&'a DatabaseUrl>,
}

impl ScratchPlace<'_> {
    /// The schema that all revisions of a history make in an empty database.
    ///
    /// The scratch database is in memory on `SQLite`; elsewhere it is created on the server and
    /// dropped again, also after an error or a request to end. Fails with `SCRATCH_REQUIRED` where
    /// the user may not create one.
    pub async fn replay(&self, history: History, options: &Options) -> Result<SchemaReport, Error> {
        // The replay's progress is not the command's.
        let quiet = Options { observer: Observer::default(), ..options.clone() };
        if self.target.engine() == Engine::Sqlite {
            let memory = DatabaseUrl::parse("sqlite::memory:")?;
            return replayed(&memory, history, quiet).await;
        }
        let scratch = self.create(&quiet).await?;
        let url = self.server().with_database(&scratch);
        let result = match url {
            Ok(url) => replayed(&url, history, quiet.clone()).await,
            Err(error) => Err(error.into()),
        };
        // A request to end must not keep it from being dropped.
        let unstoppable = Options { stop: Stop::default(), ..quiet };
        let dropped = self.remove(&scratch, &unstoppable).await;
        let report = result?;
        dropped.map(|()| report)
    }

    fn server(&self) -> &DatabaseUrl {
        self.other.unwrap_or(self.target)
    }

    async fn create(&self, options: &Options) -> Result<String, Error> {
        let mut target = connect(self.target, Access::Read, options).await?;
        let properties = server::properties(target.as_mut()).await;
        target.close().await;
        let properties = properties
            .map_err(|failure| failure.while_doing("the database's properties were read"))?;
        let mut backend = connect(self.server(), Access::Write, options).await?;
        server::sweep(backend.as_mut()).await;
        let name = name::new();
        let created = backend.run(&format!("CREATE DATABASE {name}{properties}")).await;
        backend.close().await;
        created.map_err(server::refused)?;
        Ok(name)
    }

    async fn remove(&self, name: &str, options: &Options) -> Result<(), Error> {
        let mut backend = connect(self.server(), Access::Write, options).await?;
        let dropped = backend.run(&format!("DROP DATABASE IF EXISTS {name}")).await;
        backend.close().await;
        dropped.map_err(|failure| failure.while_doing("the scratch database was dropped"))
    }
}

async fn replayed(
    url: &DatabaseUrl,
    history: History,
    options: Options,
) -> Result<SchemaReport, Error> {
    let mut runner = Runner::connect(url, Access::Write, history, options).await?;
    let result = match runner.upgrade(&Target::Heads, Phases::All).await {
        Ok(_) => runner.schema().await,
        Err(error) => Err(error),
    };
    runner.close().await;
    result
}

/// How a live schema differs from the one that its revisions make.
#[must_use]
pub(crate) fn differences(expected: &SchemaReport, found: &SchemaReport) -> Vec<dump::Drift> {
    dump::compare(&expected.objects, &found.objects)
}

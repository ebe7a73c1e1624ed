use std::sync::Arc;

use super::leaves::{self, Reach, Server};
use super::{Look, ScratchPlace};
use crate::backend::{Failure, FailureKind, Kind, connect};
use crate::history::Script;
use crate::split::with_plain_backslashes;
use crate::statement::{Statement, statements};
use crate::{Access, Engine, Error, History, Options};

impl ScratchPlace<'_> {
    /// Refuses files of which a statement would reach out of the scratch database, before any of them
    /// runs: what it reaches is somebody's, and a replay would run against it what ran there long ago.
    pub(super) async fn guard(
        &self,
        history: &History,
        options: &Options,
        look: Look,
    ) -> Result<Confines, Error> {
        self.guard_scripts(replayed(history, look), options).await
    }

    /// The same for any texts.
    pub(super) async fn guard_scripts<'s>(
        &self,
        scripts: impl Iterator<Item = &'s Script> + Clone,
        options: &Options,
    ) -> Result<Confines, Error> {
        self.check()?;
        let engine = self.target.engine();
        let databases = self.databases(options).await?;
        let made = scripts.clone().flat_map(|script| statements(engine, &script.text));
        let routines = made.map(|statement| leaves::routines(engine, statement.sql)).max();
        let server = Server { engine, databases, routines: routines.unwrap_or_default() };
        for script in scripts {
            check(&server, &script.file, &script.text)?;
            // Where a backslash is one, texts may end elsewhere.
            if let Some(text) = with_plain_backslashes(&script.text) {
                check(&server, &script.file, &text)?;
            }
        }
        Ok(Confines(Some(Arc::new(server))))
    }

    /// The databases of the server that a qualified name can reach.
    async fn databases(&self, options: &Options) -> Result<Vec<String>, Error> {
        if !matches!(self.target.engine(), Engine::MySql | Engine::MariaDb) {
            return Ok(Vec::new());
        }
        let sql = "SELECT CAST(schema_name AS CHAR(255)) FROM information_schema.schemata";
        let mut backend = connect(self.server(), Access::Read, options).await?;
        let rows = backend.read(sql, &[], &[Kind::Text]).await;
        backend.close().await;
        let rows = rows.map_err(|failure| failure.while_doing("the databases were listed"))?;
        Ok(rows.iter().filter_map(|row| row.find_text(0)).map(str::to_lowercase).collect())
    }
}

/// The scripts that a replay runs.
fn replayed(history: &History, look: Look) -> impl Iterator<Item = &Script> + Clone {
    let is_undone = look == Look::Undone;
    history
        .revisions()
        .iter()
        .flat_map(move |r| [Some(&r.up), r.down.as_ref().filter(|_| is_undone)])
        .flatten()
}

fn check(server: &Server, file: &str, text: &str) -> Result<(), Error> {
    let statements = statements(server.engine, text);
    let texts: Vec<&str> = statements.iter().map(|statement| statement.sql).collect();
    let Some((at, reach)) = leaves::first(server, &texts) else { return Ok(()) };
    let Some(statement) = statements.get(at) else { return Ok(()) };
    let told = told(&reach, "nothing was replayed");
    Err(leaving(file, statement.line, &statement.summary(), &told))
}

fn told(reach: &Reach, done: &str) -> String {
    format!("{}; {done}: {}", reach.what, reach.instead)
}

fn leaving(file: &str, line: usize, summary: &str, told: &str) -> Error {
    let message = format!(
        "{file}:{line}: `{summary}` would leave the scratch database in which the files are replayed: \
         {told}"
    );
    Error::usage(LEAVES, message)
}

const LEAVES: &str = "LEAVES_SCRATCH";

/// Keeps a replay from executing texts that reach out of its scratch database and that no file shows:
/// they are put together while it runs. The default keeps nothing back.
#[derive(Clone, Debug, Default)]
pub struct Confines(Option<Arc<Server>>);

impl Confines {
    /// The expression whose value has to be looked at before a statement runs.
    pub(crate) fn built(&self, sql: &str) -> Option<String> {
        self.0.as_ref().and_then(|server| leaves::built(server.engine, sql))
    }

    /// Refuses a text that would reach out of the scratch.
    pub(crate) fn check(&self, text: &str) -> Result<(), Failure> {
        let reach = self.0.as_ref().and_then(|server| leaves::first(server, &[text]));
        let Some((_, reach)) = reach else { return Ok(()) };
        let told = told(&reach, "nothing was done out of the scratch");
        let failure = Failure::new(FailureKind::Statement, told);
        Err(Failure { code: Some(LEAVES.to_owned()), ..failure })
    }
}

/// The error of a replay; what [`Confines`] has refused is no failure of the file's.
pub(super) fn refused(engine: Engine, error: Error) -> Error {
    match error {
        Error::MigrationFailed(failed) if failed.code.as_deref() == Some(LEAVES) => {
            let summary = statements(engine, &failed.sql).first().map(Statement::summary);
            leaving(&failed.file, failed.line, &summary.unwrap_or_default(), &failed.cause)
        }
        other => other,
    }
}

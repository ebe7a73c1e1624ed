use super::leaves::{self, Server};
use super::{Look, ScratchPlace};
use crate::backend::{Kind, connect};
use crate::history::Script;
use crate::statement::statements;
use crate::{Access, Engine, Error, History, Options};

impl ScratchPlace<'_> {
    /// Refuses files of which a statement would reach out of the scratch database, before any of them
    /// runs: what it reaches is somebody's, and a replay would run against it what ran there long ago.
    pub(super) async fn guard(
        &self,
        history: &History,
        options: &Options,
        look: Look,
    ) -> Result<(), Error> {
        let server =
            Server { engine: self.target.engine(), databases: self.databases(options).await? };
        for script in replayed(history, look) {
            check(&server, script)?;
        }
        Ok(())
    }

    /// The databases of the server that a qualified name can reach.
    pub(super) async fn databases(&self, options: &Options) -> Result<Vec<String>, Error> {
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
fn replayed(history: &History, look: Look) -> impl Iterator<Item = &Script> {
    let is_undone = look == Look::Undone;
    history
        .revisions()
        .iter()
        .flat_map(move |r| [Some(&r.up), r.down.as_ref().filter(|_| is_undone)])
        .flatten()
}

pub(super) fn check(server: &Server, script: &Script) -> Result<(), Error> {
    let statements = statements(server.engine, &script.text);
    let texts: Vec<&str> = statements.iter().map(|statement| statement.sql).collect();
    let Some((at, reach)) = leaves::first(server, &texts) else { return Ok(()) };
    let Some(statement) = statements.get(at) else { return Ok(()) };
    let message = format!(
        "{}:{}: `{}` would leave the scratch database in which the files are replayed: {}; nothing was \
         replayed: {}",
        script.file,
        statement.line,
        statement.summary(),
        reach.what,
        reach.instead
    );
    Err(Error::usage("LEAVES_SCRATCH", message))
}

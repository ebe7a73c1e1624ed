use super::guard::check;
use super::leaves::Server;
use super::{Look, ScratchPlace};
use crate::backend::{Backend, FailureKind};
use crate::history::Script;
use crate::statement::statements;
use crate::{Error, History, Options};

impl ScratchPlace<'_> {
    /// Refuses files of which a statement would reach out of a scratch database, those of the way back too.
    pub(crate) async fn guard_history(
        &self,
        history: &History,
        options: &Options,
    ) -> Result<(), Error> {
        self.guard(history, options, Look::Undone).await
    }

    /// Refuses a text of which a statement would reach out of a scratch database.
    pub(crate) async fn guard_texts(
        &self,
        texts: &[Script],
        options: &Options,
    ) -> Result<(), Error> {
        let engine = self.target.engine();
        let server = Server { engine, databases: self.databases(options).await? };
        texts.iter().try_for_each(|text| check(&server, text))
    }
}

/// Runs a text that makes a schema, statement by statement.
pub(crate) async fn run(backend: &mut dyn Backend, text: &Script) -> Result<(), Error> {
    for statement in statements(backend.engine(), &text.text) {
        if let Err(failure) = backend.run(statement.sql).await {
            if failure.kind != FailureKind::Statement {
                return Err(failure.while_doing("the desired schema was made"));
            }
            let before = statement.sql.chars().take(failure.position.unwrap_or_default());
            let line = statement.line + before.filter(|character| *character == '\n').count();
            let message = format!(
                "{}:{line}: the desired schema cannot be made: {failure}, in `{}`",
                text.file,
                statement.summary()
            );
            return Err(Error::usage("DESIRED_SCHEMA_INVALID", message));
        }
    }
    Ok(())
}

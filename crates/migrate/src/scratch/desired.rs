use super::{Confines, ScratchPlace};
use crate::backend::{Backend, FailureKind, Leftovers};
use crate::history::Script;
use crate::statement::statements;
use crate::{Error, Options};

impl ScratchPlace<'_> {
    /// Refuses texts of which a statement would reach out of a scratch database, before any of them runs.
    pub(crate) async fn guard_texts(
        &self,
        texts: &[Script],
        options: &Options,
    ) -> Result<(), Error> {
        self.guard_scripts(texts.iter(), options).await.map(|_| ())
    }
}

/// Runs a text that makes a schema, statement by statement; what it sets ends with it, as what a dump sets
/// is not meant for those who read the schema.
pub(crate) async fn run(
    backend: &mut dyn Backend,
    text: &Script,
    confines: &Confines,
) -> Result<(), Error> {
    let doing = "the session's settings were read";
    backend.remember_session().await.map_err(|failure| failure.while_doing(doing))?;
    run_statements(backend, text, confines).await?;
    let restored = backend.restore_session(&Leftovers::default()).await;
    restored.map_err(|failure| failure.while_doing("the session's settings were given back"))
}

async fn run_statements(
    backend: &mut dyn Backend,
    text: &Script,
    confines: &Confines,
) -> Result<(), Error> {
    for statement in statements(backend.engine(), &text.text) {
        if confines.built(statement.sql).is_some() {
            let message = format!(
                "{}:{}: `{}` would run a text that is put together on the way: a desired schema says what \
                 is to be there, statement by statement",
                text.file,
                statement.line,
                statement.summary()
            );
            return Err(Error::usage("LEAVES_SCRATCH", message));
        }
        if let Err(failure) = backend.run(statement.sql).await {
            let is_of_text = matches!(
                failure.kind,
                FailureKind::Statement | FailureKind::Missing | FailureKind::Forbidden
            );
            if !is_of_text {
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

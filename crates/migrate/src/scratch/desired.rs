use super::{Confines, ScratchPlace};
use crate::backend::{Backend, Failure, FailureKind, Leftovers};
use crate::executor::unless_stopped;
use crate::history::Script;
use crate::statement::{Class, Statement, statements};
use crate::{Engine, Error, Options, Stop};

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
/// is not meant for those who read the schema. Tells what it left out.
pub(crate) async fn run(
    backend: &mut dyn Backend,
    text: &Script,
    confines: &Confines,
    stop: &Stop,
) -> Result<Vec<String>, Error> {
    let doing = "the session's settings were read";
    backend.remember_session().await.map_err(|failure| failure.while_doing(doing))?;
    // Who cancels a statement has to know whose it is.
    backend.session().await.map_err(|failure| failure.while_doing(doing))?;
    let left = run_statements(backend, text, confines, stop).await?;
    let restored = backend.restore_session(&Leftovers::default()).await;
    restored.map_err(|failure| failure.while_doing("the session's settings were given back"))?;
    Ok(left)
}

async fn run_statements(
    backend: &mut dyn Backend,
    text: &Script,
    confines: &Confines,
    stop: &Stop,
) -> Result<Vec<String>, Error> {
    let engine = backend.engine();
    let mut left = Vec::new();
    for statement in statements(engine, &text.text) {
        if statement.class == Class::Skipped {
            continue;
        }
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
        let cancel = backend.canceller();
        let nothing = Box::pin(async {});
        let ended = unless_stopped(stop, &cancel, nothing, backend.run(statement.sent())).await;
        // Not every statement fails that is cancelled.
        if stop.is_requested() {
            return Err(Error::Stopped);
        }
        if let Err(failure) = ended {
            if is_of_another_server(engine, &statement, &failure) {
                left.push(format!(
                    "{}:{}: `{}` is left out: {failure}",
                    text.file,
                    statement.line,
                    statement.summary()
                ));
                continue;
            }
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
    if engine == Engine::Sqlite && text.text.contains("writable_schema") {
        // A virtual table that a dump has written into the schema is known once that is read anew.
        let read = backend.run("PRAGMA writable_schema = RESET").await;
        read.map_err(|failure| failure.while_doing("the schema was read anew"))?;
    }
    Ok(left)
}

/// A dump of another server names roles that are not on this one, and settings that a newer one has. Neither is
/// part of a schema.
fn is_of_another_server(engine: Engine, statement: &Statement<'_>, failure: &Failure) -> bool {
    let is_missing = engine == Engine::Postgres && failure.code.as_deref() == Some("42704");
    let verb = statement.sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    is_missing && matches!(verb.as_str(), "GRANT" | "REVOKE" | "SET")
}

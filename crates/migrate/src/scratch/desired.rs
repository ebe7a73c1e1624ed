use super::{Confines, ScratchPlace};
use crate::backend::{Backend, Failure, FailureKind, Leftovers};
use crate::executor::unless_stopped;
use crate::history::Script;
use crate::statement::{Class, Statement, statements};
use crate::{Engine, Error, Options, Stop};

/// How many statements share a transaction at most: each table and index is a lock until it ends.
const LARGEST: usize = 100;
const MAKING: &str = "the desired schema was made";

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
    let mut statements = statements(engine, &text.text);
    statements.retain(|statement| statement.class != Class::Skipped);
    let mut rest = statements.as_slice();
    while !rest.is_empty() {
        let (group, behind) = rest.split_at(grouped(engine, text, rest));
        rest = behind;
        if group.len() > 1 && run_together(backend, group, stop).await? {
            continue;
        }
        // Which of them is wrong, and where, is told by running them one by one.
        for statement in group {
            left.extend(run_one(backend, text, statement, confines, stop).await?);
        }
    }
    if engine == Engine::Sqlite && text.text.contains("writable_schema") {
        // A virtual table that a dump has written into the schema is known once that is read anew.
        let read = backend.run("PRAGMA writable_schema = RESET").await;
        read.map_err(|failure| failure.while_doing("the schema was read anew"))?;
    }
    Ok(left)
}

/// How many statements, from the first on, can be made together; at least one.
fn grouped(engine: Engine, text: &Script, statements: &[Statement<'_>]) -> usize {
    if engine != Engine::Postgres || text.lasts_until_commit() {
        return 1;
    }
    let fits = |statement: &&Statement<'_>| {
        statement.class == Class::Transactional && statement.is_plain(engine)
    };
    statements.iter().take(LARGEST).take_while(fits).count().max(1)
}

/// Runs statements in one transaction and one message; says whether they went well together. If not, nothing of
/// them has been done.
async fn run_together(
    backend: &mut dyn Backend,
    statements: &[Statement<'_>],
    stop: &Stop,
) -> Result<bool, Error> {
    let texts = statements.iter().map(|statement| format!("{};\n", statement.sent()));
    let sql = format!("{};\n{}COMMIT", backend.begin(), texts.collect::<String>());
    let cancel = backend.canceller();
    let nothing = Box::pin(async {});
    let ended = unless_stopped(stop, &cancel, nothing, backend.run_script(&sql)).await;
    if stop.is_requested() {
        return Err(Error::Stopped);
    }
    let Err(halted) = ended else { return Ok(true) };
    if halted.failure.kind != FailureKind::Lost {
        let undone = backend.run("ROLLBACK").await;
        undone.map_err(|failure| failure.while_doing(MAKING))?;
        return Ok(false);
    }
    Err(halted.failure.while_doing(MAKING))
}

/// Runs one statement; what is told of it where it is left out.
async fn run_one(
    backend: &mut dyn Backend,
    text: &Script,
    statement: &Statement<'_>,
    confines: &Confines,
    stop: &Stop,
) -> Result<Option<String>, Error> {
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
    let Err(failure) = ended else { return Ok(None) };
    if is_of_another_server(backend.engine(), statement, &failure) {
        return Ok(Some(format!(
            "{}:{}: `{}` is left out: {failure}",
            text.file,
            statement.line,
            statement.summary()
        )));
    }
    let is_of_text = matches!(
        failure.kind,
        FailureKind::Statement | FailureKind::Missing | FailureKind::Forbidden
    );
    if !is_of_text {
        return Err(failure.while_doing(MAKING));
    }
    let before = statement.sql.chars().take(failure.position.unwrap_or_default());
    let line = statement.line + before.filter(|character| *character == '\n').count();
    let message = format!(
        "{}:{line}: the desired schema cannot be made: {failure}, in `{}`",
        text.file,
        statement.summary()
    );
    Err(Error::usage("DESIRED_SCHEMA_INVALID", message))
}

/// A dump of another server names roles that are not on this one, and settings that a newer one has. Neither is
/// part of a schema.
fn is_of_another_server(engine: Engine, statement: &Statement<'_>, failure: &Failure) -> bool {
    let is_missing = engine == Engine::Postgres && failure.code.as_deref() == Some("42704");
    let verb = statement.sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    is_missing && matches!(verb.as_str(), "GRANT" | "REVOKE" | "SET")
}

use super::{Executor, Job, counts, refuse};
use crate::backend::{Failure, FailureKind, Leftovers};
use crate::error::Applied;
use crate::journal::{Entry, State, digests};
use crate::statement::{Class, Statement, begun, statements, temporary, variables};
use crate::{Engine, Error};

impl Executor<'_> {
    /// Refuses what would take the lock from under the runner, and remembers the session's settings if
    /// the file changes them. The entries are those of an earlier run that is to be gone on with.
    pub(super) async fn enter(&mut self, job: Job<'_>, entries: &[Entry]) -> Result<(), Error> {
        let engine = self.backend.engine();
        let statements = statements(engine, &job.script.text);
        let too_long = self.find_too_long(&statements).await;
        let too_long =
            too_long.map_err(|error| error.while_doing("the server's limits were read"))?;
        let refused = refuse::find(engine, job, &statements);
        let refused = refused.map(|(statement, reason)| (statement, reason.to_owned()));
        if let Some((statement, reason)) = refused.or(too_long) {
            let failure = Failure::new(FailureKind::Statement, reason);
            let applied = earlier(engine, job, entries);
            return Err(self.explain(job, &statement, failure, applied).await);
        }
        self.look_for_changes(&job.script.text);
        let Some(left) = changed(engine, &job.script.text, &statements) else { return Ok(()) };
        self.changed = Some(left);
        let remembered = self.backend.remember_session().await;
        remembered.map_err(|error| error.while_doing("the session's settings were read"))
    }

    /// Takes back what the file has set for the whole session: a later run would not have it either.
    pub(super) async fn restore_session(&mut self) -> Result<(), Failure> {
        let Some(left) = self.changed.take() else { return Ok(()) };
        self.backend.restore_session(&left).await
    }

    /// Restores the settings behind a file that has failed, for whatever comes on this connection.
    pub(super) async fn leave<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        let is_lost = matches!(result, Err(Error::ConnectionLost { .. }));
        if !is_lost && let Err(error) = self.restore_session().await {
            tracing::warn!(%error, "the session's settings were not restored");
        }
        result
    }

    /// Whether rows of it stay whatever becomes of a transaction around it.
    pub(super) async fn is_lasting(
        &mut self,
        job: Job<'_>,
        statements: &[Statement<'_>],
    ) -> Result<bool, Error> {
        let found = self.find_untransactional(statements).await;
        let found = found.map_err(|error| error.while_doing("the tables' engines were read"))?;
        if let Some(table) = &found {
            let file = &job.script.file;
            tracing::warn!(migrate.file = %file, %table, "no transaction takes its rows back");
        }
        Ok(found.is_some())
    }
}

/// What of a file is in the database before anything of it has run now.
fn earlier(engine: Engine, job: Job<'_>, entries: &[Entry]) -> Applied {
    if entries.is_empty() {
        return Applied::Nothing;
    }
    let is_done = |entry: &&Entry| entry.step >= 0 && entry.state == State::Done;
    let steps = begun(engine, job.script, &digests(entries));
    let (done, of) = counts(&steps, entries.iter().filter(is_done).count());
    Applied::Earlier { done, of }
}

/// What a file leaves in its session, if it changes it at all.
pub(crate) fn changed(
    engine: Engine,
    text: &str,
    statements: &[Statement<'_>],
) -> Option<Leftovers> {
    let left = left(engine, statements);
    let leaves = !left.variables.is_empty() || !left.tables.is_empty();
    (leaves || changes_session(engine, text, statements)).then_some(left)
}

/// The user variables and temporary tables that the statements make.
fn left(engine: Engine, statements: &[Statement<'_>]) -> Leftovers {
    let set = |s: &Statement<'_>| variables(engine, s.sql).into_iter().filter(|v| v.is_set);
    let mut names: Vec<String> = statements.iter().flat_map(set).map(|v| v.name).collect();
    names.sort_unstable();
    names.dedup();
    let tables = statements.iter().filter_map(|s| temporary(engine, s.sql)).collect();
    Leftovers { variables: names, tables }
}

/// PostgreSQL's queries and blocks may call `set_config`, in whatever spelling.
fn changes_session(engine: Engine, text: &str, statements: &[Statement<'_>]) -> bool {
    let sets = |statement: &Statement<'_>| {
        let is_opaque = engine == Engine::Postgres && !statement.is_plain(engine);
        statement.class == Class::Session || statement.is_routine() || is_opaque
    };
    // What is in `pg_temp` is seen by the next file too.
    let has = |word: &str| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    statements.iter().any(sets)
        || has("set_config")
        || (engine == Engine::Postgres && has("pg_temp"))
}

use std::time::Instant;

use super::{Executor, Job, nanos, unless_stopped};
use crate::Error;
use crate::backend::{Failure, FailureKind, Halted, script};
use crate::error::Applied;
use crate::observer::Event;
use crate::retry::Patience;
use crate::statement::{Statement, touched};

/// Where a transaction ended early: at a statement of the file, or at one of the runner's own.
struct Halt<'s, 'a> {
    statement: Option<&'s Statement<'a>>,
    failure: Failure,
    /// Whether there is a transaction to roll back.
    is_begun: bool,
}

impl From<Failure> for Halt<'_, '_> {
    fn from(failure: Failure) -> Self {
        Self { statement: None, failure, is_begun: true }
    }
}

impl Executor<'_> {
    /// Runs a file and its row in one transaction, again if a lock was not had.
    pub(super) async fn run_whole(
        &mut self,
        job: Job<'_>,
        statements: &[Statement<'_>],
    ) -> Result<(), Error> {
        let mut patience = Patience::with_statements(self.options.ddl_retry_for);
        loop {
            let Err(halt) = self.attempt_whole(job, statements).await else {
                return self.forget_settings().await;
            };
            if halt.is_begun {
                self.rollback(halt.failure.kind).await;
            }
            let is_busy = halt.failure.kind == FailureKind::Busy;
            let line = halt.statement.map_or(1, |statement| statement.line);
            let holder = match halt.statement {
                Some(statement) if is_busy => self.holder(statement).await,
                _ => None,
            };
            if is_busy && patience.pause(&self.options.stop).await {
                self.tell_retry(job, line, &halt.failure, holder);
                self.wait_longer(&patience).await?;
                continue;
            }
            return Err(match halt.statement.or(statements.first()) {
                Some(statement) => {
                    self.explain(job, statement, halt.failure, Applied::Nothing).await
                }
                None => halt.failure.while_doing("an empty file was recorded"),
            });
        }
    }

    async fn attempt_whole<'s, 'a>(
        &mut self,
        job: Job<'_>,
        statements: &'s [Statement<'a>],
    ) -> Result<(), Halt<'s, 'a>> {
        let started = Instant::now();
        for (at, statement) in statements.iter().enumerate() {
            let run = if at == 0 {
                self.begin_with(job, statement).await
            } else {
                self.run(job, statement).await.map_err(Halt::from)
            };
            run.map_err(|halt| Halt { statement: Some(statement), ..halt })?;
        }
        if statements.is_empty() {
            self.begin().await?;
        }
        // The last moment at which the request to end can still be obeyed.
        if self.options.stop.is_requested() {
            return Err(Failure::new(FailureKind::Cancelled, "asked to end").into());
        }
        // Of the files before first: what was changed last is what is told last.
        let mut writes = self.owed.clone();
        writes.extend(job.recorded(nanos(started.elapsed())));
        let sql = script(self.backend.dialect(), &writes) + "COMMIT;";
        let committed = self.backend.run_script(&sql).await;
        let before_commit = self.backend.dialect().statements(&writes);
        committed.map_err(|Halted { done, failure }| {
            // Constraints that wait for the end speak up now: that is the last statement's failure.
            let is_commit = done >= before_commit;
            let failure = if is_commit { failure } else { failure.of_the_runner() };
            Halt { statement: statements.last().filter(|_| is_commit), ..failure.into() }
        })?;
        self.owed.clear();
        Ok(())
    }

    /// Opens the transaction and runs the first statement, in one message.
    async fn begin_with<'s, 'a: 's>(
        &mut self,
        job: Job<'_>,
        statement: &Statement<'_>,
    ) -> Result<(), Halt<'s, 'a>> {
        self.announce(job, statement)?;
        let begin = self.backend.begin();
        let sql = format!("{begin};\n{}", statement.sent());
        let cancel = self.backend.canceller();
        let watching = self.watch(job, statement);
        let running = self.backend.run_script(&sql);
        let ended = unless_stopped(&self.options.stop, &cancel, watching, running).await;
        ended.map_err(|Halted { mut failure, done }| {
            // PostgreSQL reads the whole message before it runs any of it.
            let is_unread = done == 0 && failure.code.as_deref() == Some("42601");
            let before = begin.chars().count() + 2;
            failure.position = failure.position.and_then(|at| at.checked_sub(before));
            Halt { is_begun: !is_unread, ..failure.into() }
        })
    }

    async fn forget_settings(&mut self) -> Result<(), Error> {
        let restored = self.restore_session().await;
        restored.map_err(|error| error.while_doing("the session's settings were restored"))
    }

    /// Lets the next attempt wait a little longer for its lock.
    pub(super) async fn wait_longer(&mut self, patience: &Patience) -> Result<(), Error> {
        let lock_wait = patience.lock_wait(self.options.ddl_lock_timeout);
        let set = self.backend.wait_for_locks(lock_wait).await;
        set.map_err(|error| error.while_doing("the time to wait for locks was set"))
    }

    /// Who holds the table for which a statement waited in vain; asked at once, while it does.
    pub(super) async fn holder(&mut self, statement: &Statement<'_>) -> Option<String> {
        let objects = touched(self.backend.engine(), statement.sql);
        self.backend.blockers(&objects).await.ok().flatten()
    }

    pub(super) fn tell_retry(
        &self,
        job: Job<'_>,
        line: usize,
        failure: &Failure,
        holder: Option<String>,
    ) {
        let (file, cause) = (job.script.file.clone(), failure.to_string());
        tracing::debug!(migrate.file = %file, %cause, holder, "trying again");
        self.options.observer.tell(&Event::Retrying { file, line, cause, holder });
    }
}

use std::time::Instant;

use super::{Executor, Job, nanos};
use crate::Error;
use crate::backend::{Failure, FailureKind, Write, script};
use crate::error::Applied;
use crate::journal::{self, Mark, State};
use crate::retry::Patience;
use crate::statement::{Class, Statement, Step, StepKind, written};

/// A step that did not run.
pub(super) struct Halt<'s, 'a> {
    pub(super) statement: &'s Statement<'a>,
    pub(super) failure: Failure,
    /// Whether a part of it may have run, so that it must not be run again unasked.
    pub(super) is_open: bool,
}

impl<'s, 'a> Halt<'s, 'a> {
    pub(super) fn new(statement: &'s Statement<'a>, failure: Failure) -> Self {
        Self { statement, failure, is_open: false }
    }
}

/// What the journal still has to be told, with the next thing that is written anyway.
#[derive(Debug)]
pub(super) struct Course {
    /// The file has no row yet.
    opens: bool,
    /// A step that has run; if this is lost, the catalog tells it.
    pub(super) unconfirmed: Option<usize>,
    /// The picture that was taken before a step which was announced and is not settled yet.
    pub(super) announced: Option<String>,
}

impl Course {
    /// Where all that has run is in the journal.
    pub(super) const WRITTEN: Self = Self { opens: false, unconfirmed: None, announced: None };
}

/// Where an interrupted run has left its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// How many journalled steps are in the database.
    pub(super) done: usize,
    /// How many steps, those of the session among them, need not run any more in this session.
    pub(super) passed: usize,
}

impl Executor<'_> {
    /// Runs the steps of a file, or those behind the place where it was left, and finishes it.
    pub(super) async fn run_steps(
        &mut self,
        job: Job<'_>,
        steps: &[Step<'_>],
        place: Option<Place>,
    ) -> Result<(), Error> {
        let started = Instant::now();
        let mut course = Course { opens: place.is_none(), ..Course::WRITTEN };
        let Place { done, passed } = place.unwrap_or(Place { done: 0, passed: 0 });
        let mut number = done;
        for step in steps.iter().skip(passed) {
            self.run_step(job, steps, step, number, &mut course).await?;
            number += usize::from(step.kind != StepKind::Session);
        }
        let finish = self.finish_file(job, &course, started).await;
        finish.map_err(|error| error.while_doing("a file was finished"))
    }

    async fn finish_file(
        &mut self,
        job: Job<'_>,
        course: &Course,
        started: Instant,
    ) -> Result<(), Failure> {
        let restored = self.restore_session().await;
        let mut writes: Vec<Write<'_>> = course.opens.then(|| job.opening()).into_iter().collect();
        writes.extend(job.recorded_steps(nanos(started.elapsed())));
        if course.opens || self.backend.engine().has_transactional_ddl() {
            self.commit(&writes).await?;
        } else {
            self.owed.extend(writes.into_iter().map(Write::into_owned));
        }
        restored
    }

    /// Runs one step, again if a lock was not had; on failure leaves no trace of what did not run.
    pub(super) async fn run_step(
        &mut self,
        job: Job<'_>,
        steps: &[Step<'_>],
        step: &Step<'_>,
        number: usize,
        course: &mut Course,
    ) -> Result<(), Error> {
        let digest = step.digest(self.backend.engine());
        let mark = mark(job, number, &digest);
        let mut patience = Patience::with_statements(self.options.ddl_retry_for);
        loop {
            let Err(halt) = self.attempt(job, step, mark, course).await else { return Ok(()) };
            let is_open = halt.is_open && !job.script.rerun_safe;
            let is_busy = halt.failure.kind == FailureKind::Busy && !is_open;
            let holder = if is_busy { self.holder(halt.statement).await } else { None };
            if is_busy && patience.pause(&self.options.stop).await {
                self.tell_retry(job, halt.statement.line, &halt.failure, holder);
                self.wait_longer(&patience).await?;
                continue;
            }
            if halt.failure.kind != FailureKind::Lost {
                // What the file has set must not be in the way of what is recorded of it.
                self.leave(Ok(())).await?;
                let told = self.tell_journal(job, number, course).await;
                told.map_err(|error| error.while_doing("a failed file was cleaned up"))?;
            }
            let applied = applied(steps, number, is_open);
            let mut failure = halt.failure;
            if is_open && failure.kind == FailureKind::Busy {
                // Trying again is not for the runner to do.
                failure.kind = FailureKind::Statement;
            }
            return Err(self.explain(job, halt.statement, failure, applied).await);
        }
    }

    async fn attempt<'s, 'a>(
        &mut self,
        job: Job<'_>,
        step: &'s Step<'a>,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<(), Halt<'s, 'a>> {
        let Some(first) = step.statements.first() else { return Ok(()) };
        let here = |failure| Halt::new(first, failure);
        match &step.kind {
            StepKind::Session => self.run(job, first).await.map_err(here),
            StepKind::Autonomous(effect) => {
                self.run_autonomous(job, step, effect, mark, course).await
            }
            StepKind::Transaction(begin) => {
                let result = self.run_transaction(job, step, *begin, mark, course).await;
                if let Err(halt) = &result {
                    self.rollback(halt.failure.kind).await;
                }
                result
            }
            StepKind::Undone(begin) => {
                let result = self.run_undone(job, step, begin, mark, course).await;
                if let Err(halt) = &result {
                    self.rollback(halt.failure.kind).await;
                }
                result
            }
        }
    }

    /// A step's entry, and what the journal was not told yet.
    async fn notes<'n>(
        &mut self,
        job: Job<'n>,
        mark: Mark<'n>,
        state: State,
        picture: Option<&'n str>,
        course: &Course,
    ) -> Result<Vec<Write<'n>>, Failure> {
        let session = self.backend.session().await?;
        if course.opens {
            let opened = journal::opened(mark, state, picture, &session);
            return Ok(vec![job.opening(), opened]);
        }
        let mut writes = Vec::new();
        writes.extend(course.unconfirmed.map(|number| confirmed(job, number)));
        writes.extend(journal::written(mark, state, picture, &session));
        Ok(writes)
    }

    async fn run_transaction<'s, 'a>(
        &mut self,
        job: Job<'_>,
        step: &'s Step<'a>,
        begin: Option<&str>,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<(), Halt<'s, 'a>> {
        let Some(first) = step.statements.first() else { return Ok(()) };
        let last = step.statements.last().unwrap_or(first);
        let here = |failure| Halt::new(first, failure);
        let is_lasting = self.find_untransactional(&step.statements).await.map_err(here)?.is_some();
        if is_lasting {
            // What of it has run can't be taken back, and nothing tells.
            self.note_alone(job, mark, State::Started, None, course).await.map_err(here)?;
        }
        self.flush().await.map_err(here)?;
        let begin = begin.unwrap_or_else(|| self.backend.begin());
        self.backend.run(begin).await.map_err(here)?;
        for (at, statement) in step.statements.iter().enumerate() {
            let Err(failure) = self.run(job, statement).await else { continue };
            let is_open = is_lasting && !(at == 0 && failure.is_syntax());
            if is_lasting && !is_open {
                self.rollback(failure.kind).await;
                self.write(&journal::erased(mark)).await.map_err(here)?;
            }
            return Err(Halt { statement, failure, is_open });
        }
        let committed = async {
            let last_change = self.last_change().await?;
            let writes = self.notes(job, mark, State::Done, None, course).await?;
            let sql = script(self.backend.dialect(), &writes) + "COMMIT;";
            let written = self.backend.run_script(&sql).await;
            written.map_err(|halted| halted.failure.of_the_runner())?;
            self.put_back(last_change).await
        };
        let halt = |failure| Halt { statement: last, failure, is_open: is_lasting };
        committed.await.map_err(halt)?;
        *course = Course::WRITTEN;
        Ok(())
    }

    /// A table into which one of the statements writes, and whose rows no transaction takes back.
    pub(super) async fn find_untransactional(
        &mut self,
        statements: &[Statement<'_>],
    ) -> Result<Option<String>, Failure> {
        let engine = self.backend.engine();
        if engine.has_transactional_ddl() {
            return Ok(None);
        }
        let tables: Vec<String> =
            statements.iter().flat_map(|statement| written(engine, statement.sql)).collect();
        if tables.is_empty() { Ok(None) } else { self.backend.find_untransactional(&tables).await }
    }

    async fn run_undone<'s, 'a>(
        &mut self,
        job: Job<'_>,
        step: &'s Step<'a>,
        begin: &str,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<(), Halt<'s, 'a>> {
        let Some(first) = step.statements.first() else { return Ok(()) };
        let here = |failure| Halt::new(first, failure);
        let is_atomic = self.backend.engine().has_transactional_ddl();
        let may_commit = |s: &Statement<'_>| !is_atomic && matches!(s.class, Class::Autonomous(_));
        let opens = step.statements.iter().position(may_commit);
        if opens.is_some() {
            self.note_alone(job, mark, State::Started, None, course).await.map_err(here)?;
        }
        self.flush().await.map_err(here)?;
        self.backend.run(begin).await.map_err(here)?;
        for (at, statement) in step.statements.iter().enumerate() {
            let Err(failure) = self.run(job, statement).await else { continue };
            let is_open =
                opens.is_some_and(|opens| opens < at || opens == at && !failure.is_syntax());
            if opens.is_some() && !is_open {
                self.rollback(failure.kind).await;
                self.write(&journal::erased(mark)).await.map_err(here)?;
            }
            return Err(Halt { statement, failure, is_open });
        }
        self.backend.run("ROLLBACK").await.map_err(here)?;
        self.note_alone(job, mark, State::Done, None, course).await.map_err(here)
    }

    /// Writes a step's entry in a transaction of its own.
    pub(super) async fn note_alone(
        &mut self,
        job: Job<'_>,
        mark: Mark<'_>,
        state: State,
        picture: Option<&str>,
        course: &mut Course,
    ) -> Result<(), Failure> {
        let writes = self.notes(job, mark, state, picture, course).await?;
        self.commit(&writes).await?;
        *course = Course::WRITTEN;
        Ok(())
    }

    /// After a failure: confirms what has run, and takes the file's row back if nothing has.
    async fn tell_journal(
        &mut self,
        job: Job<'_>,
        number: usize,
        course: &Course,
    ) -> Result<(), Failure> {
        if course.opens {
            return Ok(());
        }
        if let Some(number) = course.unconfirmed {
            self.write(&confirmed(job, number)).await?;
        }
        if number > 0 {
            return Ok(());
        }
        let entries = journal::read_own(self.backend).await?;
        let is_kept = entries.iter().any(|entry| entry.version == job.version && entry.step >= 0);
        if is_kept { Ok(()) } else { self.abandon(job).await }
    }
}

pub(super) fn mark<'a>(job: Job<'_>, number: usize, digest: &'a str) -> Mark<'a> {
    let step = i64::try_from(number).unwrap_or(i64::MAX);
    Mark { version: job.version, direction: job.goal.direction(), step, digest }
}

fn confirmed(job: Job<'_>, number: usize) -> Write<'_> {
    journal::confirmed(mark(job, number, ""))
}

fn applied(steps: &[Step<'_>], done: usize, is_open: bool) -> Applied {
    let (done, of) = counts(steps, done);
    match done {
        _ if is_open => Applied::Unsure { done, of },
        0 => Applied::Nothing,
        _ => Applied::Statements { done, of },
    }
}

/// How many statements the first journalled steps have, and all steps.
pub(crate) fn counts(steps: &[Step<'_>], done: usize) -> (usize, usize) {
    let count = |step: &Step<'_>| step.statements.len();
    let journalled = steps.iter().filter(|step| step.kind != StepKind::Session);
    (journalled.take(done).map(count).sum(), steps.iter().map(count).sum())
}

use std::time::Instant;

use super::fate::Fate;
use super::{Executor, Job};
use crate::Error;
use crate::backend::{Failure, FailureKind, Write, script};
use crate::error::Applied;
use crate::journal::{self, Mark, State};
use crate::retry::Patience;
use crate::statement::{Effect, Statement, Step, StepKind};

/// A step that did not run.
struct Halt<'s, 'a> {
    statement: &'s Statement<'a>,
    failure: Failure,
}

/// What the journal still has to be told, with the next thing that is written anyway.
#[derive(Debug)]
struct Course {
    /// The file has no row yet.
    opens: bool,
    /// A step that has run; if this is lost, the catalog tells it.
    unconfirmed: Option<usize>,
}

impl Executor<'_> {
    /// Runs the steps of a file behind the first `done` journalled ones, and finishes it.
    pub(super) async fn run_steps(
        &mut self,
        job: Job<'_>,
        steps: &[Step<'_>],
        done: Option<usize>,
    ) -> Result<(), Error> {
        let started = Instant::now();
        let mut course = Course { opens: done.is_none(), unconfirmed: None };
        let done = done.unwrap_or_default();
        let mut number = 0;
        for step in steps {
            let is_session = step.kind == StepKind::Session;
            if is_session || number >= done {
                self.run_step(job, steps, step, number, &mut course).await?;
            }
            number += usize::from(!is_session);
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
        self.backend.restore_session().await?;
        let mut writes: Vec<Write<'_>> =
            course.opens.then(|| Self::opening(job)).into_iter().collect();
        writes.extend(Self::record_steps(job, started));
        if course.opens || self.backend.engine().has_transactional_ddl() {
            return self.commit(&writes).await;
        }
        self.owed.extend(writes.into_iter().map(Write::into_owned));
        Ok(())
    }

    /// Runs one step, again if a lock was not had; on failure leaves no trace of what did not run.
    async fn run_step(
        &mut self,
        job: Job<'_>,
        steps: &[Step<'_>],
        step: &Step<'_>,
        number: usize,
        course: &mut Course,
    ) -> Result<(), Error> {
        let digest = step.digest();
        let mark = mark(job, number, &digest);
        let mut patience = Patience::with_statements(self.options.ddl_retry_for);
        loop {
            let Err(halt) = self.attempt(job, step, mark, course).await else { return Ok(()) };
            let is_busy = halt.failure.kind == FailureKind::Busy;
            if is_busy && patience.pause(&self.options.stop).await {
                self.tell_retry(job, halt.statement.line, &halt.failure);
                self.wait_longer(&patience).await?;
                continue;
            }
            if halt.failure.kind != FailureKind::Lost {
                let told = self.tell_journal(job, number, course).await;
                told.map_err(|error| error.while_doing("a failed file was cleaned up"))?;
            }
            let applied = applied(steps, number);
            return Err(self.explain(job, halt.statement, halt.failure, applied).await);
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
        let here = |failure| Halt { statement: first, failure };
        match &step.kind {
            StepKind::Session => self.run(job, first).await.map_err(here),
            StepKind::Autonomous(effect) => {
                let run = self.run_autonomous(job, first, effect, mark, course).await;
                run.map_err(here)
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
            return Ok(vec![Self::opening(job), opened]);
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
        let flushed = self.flush().await;
        flushed.map_err(|failure| Halt { statement: first, failure })?;
        let begin = begin.unwrap_or_else(|| self.backend.begin());
        let opened = self.backend.run(begin).await;
        opened.map_err(|failure| Halt { statement: first, failure })?;
        for statement in &step.statements {
            let run = self.run(job, statement).await;
            run.map_err(|failure| Halt { statement, failure })?;
        }
        let committed = async {
            let writes = self.notes(job, mark, State::Done, None, course).await?;
            let sql = script(self.backend.dialect(), &writes) + "COMMIT;";
            Ok(self.backend.run_script(&sql).await?)
        };
        committed.await.map_err(|failure| Halt { statement: last, failure })?;
        *course = Course { opens: false, unconfirmed: None };
        Ok(())
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
        let here = |failure| Halt { statement: first, failure };
        self.backend.run(begin).await.map_err(here)?;
        for statement in &step.statements {
            let run = self.run(job, statement).await;
            run.map_err(|failure| Halt { statement, failure })?;
        }
        self.backend.run("ROLLBACK").await.map_err(here)?;
        self.note_alone(job, mark, State::Done, None, course).await.map_err(here)
    }

    /// Writes a step's entry in a transaction of its own.
    async fn note_alone(
        &mut self,
        job: Job<'_>,
        mark: Mark<'_>,
        state: State,
        picture: Option<&str>,
        course: &mut Course,
    ) -> Result<(), Failure> {
        let writes = self.notes(job, mark, state, picture, course).await?;
        self.commit(&writes).await?;
        *course = Course { opens: false, unconfirmed: None };
        Ok(())
    }

    /// Announces the statement with a picture of the catalog, and runs it.
    async fn run_autonomous(
        &mut self,
        job: Job<'_>,
        statement: &Statement<'_>,
        effect: &Effect,
        mark: Mark<'_>,
        course: &mut Course,
    ) -> Result<(), Failure> {
        let picture = match effect {
            Effect::Catalog(objects) => Some(self.backend.picture(objects).await?),
            Effect::Repeatable | Effect::Unknown => None,
        };
        let picture = picture.as_deref();
        self.note_alone(job, mark, State::Started, picture, course).await?;
        if let Err(failure) = self.run(job, statement).await {
            if failure.kind != FailureKind::Lost {
                self.settle(statement, effect, picture, mark, &failure).await?;
            }
            return Err(failure);
        }
        if *effect == Effect::Unknown {
            return self.write(&journal::confirmed(mark)).await;
        }
        // Whether it has run can be told from the catalog, so the confirmation may come later.
        course.unconfirmed = usize::try_from(mark.step).ok();
        Ok(())
    }

    /// Writes down what a failed or cancelled statement has left.
    async fn settle(
        &mut self,
        statement: &Statement<'_>,
        effect: &Effect,
        picture: Option<&str>,
        mark: Mark<'_>,
        failure: &Failure,
    ) -> Result<(), Failure> {
        let fate = self.fate(statement, effect, picture.unwrap_or_default()).await?;
        match fate {
            Fate::Done => self.write(&journal::confirmed(mark)).await,
            // A routine that was cancelled half-way may have committed its first half.
            Fate::Unknown if failure.kind == FailureKind::Cancelled => Ok(()),
            Fate::NotRun | Fate::Unknown => self.write(&journal::erased(mark)).await,
        }
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
        let entries = journal::read(self.backend).await?;
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

fn applied(steps: &[Step<'_>], done: usize) -> Applied {
    let journalled = steps.iter().filter(|step| step.kind != StepKind::Session);
    let done = journalled.take(done).map(|step| step.statements.len()).sum();
    let of = steps.iter().map(|step| step.statements.len()).sum();
    if done == 0 { Applied::Nothing } else { Applied::Statements { done, of } }
}

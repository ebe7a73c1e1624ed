use super::fate::Fate;
use super::steps::mark;
use super::{Executor, Job};
use crate::backend::{Failure, SessionId};
use crate::journal::{self, Entry, State};
use crate::retry::Patience;
use crate::statement::{Step, StepKind};
use crate::{Error, Problem};

/// How often at most the server is asked whether a session has ended.
const POLL: std::time::Duration = std::time::Duration::from_millis(500);

impl Executor<'_> {
    /// Finds out how many journalled steps of a half-applied file are in the database.
    pub(super) async fn take_up(
        &mut self,
        job: Job<'_>,
        steps: &[Step<'_>],
        entries: &[Entry],
    ) -> Result<usize, Error> {
        for entry in entries {
            self.outlive(&entry.session).await?;
        }
        // The session may have confirmed its last step while it was waited for.
        let entries = journal::read(self.backend).await;
        let entries = entries.map_err(|error| error.while_doing("the journal was read"))?;
        let journalled: Vec<&Step<'_>> =
            steps.iter().filter(|step| step.kind != StepKind::Session).collect();
        let mut done = 0;
        let own = entries.iter().filter(|entry| entry.version == job.version && entry.step >= 0);
        for entry in own {
            let step = journalled.get(done).filter(|step| step.digest() == entry.digest);
            let Some(step) = step else { return Err(edited(job, journalled.get(done))) };
            let is_done = entry.state == State::Done || self.has_run(job, step, entry).await?;
            done += usize::from(is_done);
        }
        refuse_lost_values(job, steps, done)?;
        Ok(done)
    }

    /// Whether an announced step has run; settles the journal accordingly.
    async fn has_run(
        &mut self,
        job: Job<'_>,
        step: &Step<'_>,
        entry: &Entry,
    ) -> Result<bool, Error> {
        let (Some(statement), StepKind::Autonomous(effect)) = (step.statements.first(), &step.kind)
        else {
            return Ok(false);
        };
        let before = entry.picture.as_deref().unwrap_or_default();
        let fate = self.fate(statement, effect, before).await;
        let fate = fate.map_err(|error| error.while_doing("the catalog was compared"))?;
        if fate == Fate::Unknown && !job.script.rerun_safe {
            let check = format!("line {}, {}", statement.line, statement.summary());
            let file = job.script.file.clone();
            return Err(Problem::Interrupted { version: job.version, file, check }.into());
        }
        let number = usize::try_from(entry.step).unwrap_or_default();
        let mark = mark(job, number, &entry.digest);
        let written = match fate {
            Fate::Done => self.write(&journal::confirmed(mark)).await,
            Fate::NotRun | Fate::Unknown => self.write(&journal::erased(mark)).await,
        };
        written.map_err(|error| error.while_doing("the journal was written"))?;
        Ok(fate == Fate::Done)
    }

    /// Ends the dead runner's session if the server still works for it, and waits until it is gone.
    async fn outlive(&mut self, session: &SessionId) -> Result<(), Error> {
        let doing = |error: Failure| error.while_doing("the last runner's session was ended");
        let mut patience = Patience::polling(self.options.lock_timeout, POLL);
        while self.backend.has_session(session).await.map_err(doing)? {
            self.backend.end_session(session).await.map_err(doing)?;
            if !patience.pause(&self.options.stop).await {
                if self.options.stop.is_requested() {
                    return Err(Error::Stopped);
                }
                let holder = format!("the session {} of an interrupted run", session.id);
                return Err(Error::RunnerLocked { holder });
            }
        }
        Ok(())
    }
}

fn edited(job: Job<'_>, step: Option<&&Step<'_>>) -> Error {
    let (version, file) = (job.version, job.script.file.clone());
    let line = step.map_or(1, |step| step.line());
    Problem::EditedHalfApplied { version, file, line }.into()
}

/// Values that only the dead session knew, and that a step still to run would read.
fn refuse_lost_values(job: Job<'_>, steps: &[Step<'_>], done: usize) -> Result<(), Error> {
    let mut journalled = steps.iter().filter(|step| step.kind != StepKind::Session);
    let lost: Vec<String> = journalled.by_ref().take(done).flat_map(Step::carried).collect();
    let rest: Vec<String> = journalled
        .flat_map(|step| &step.statements)
        .map(|statement| statement.sql.to_lowercase())
        .collect();
    let is_read = |name: &String| rest.iter().any(|sql| sql.contains(&name.to_lowercase()));
    match lost.into_iter().find(is_read) {
        None => Ok(()),
        Some(name) => {
            let check = format!("a later statement reads {name}, which only the dead session knew");
            let file = job.script.file.clone();
            Err(Problem::Interrupted { version: job.version, file, check }.into())
        }
    }
}

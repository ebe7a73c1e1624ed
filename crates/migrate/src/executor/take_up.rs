use super::fate::Fate;
use super::steps::{Course, Place, mark};
use super::{Executor, Job};
use crate::backend::{Failure, SessionId};
use crate::journal::{self, Entry, State, digests};
use crate::retry::Patience;
use crate::statement::{Lost, Statement, Step, StepKind, begun, lost};
use crate::{Engine, Error, Problem};

/// How often at most the server is asked whether a session has ended.
const POLL: std::time::Duration = std::time::Duration::from_millis(500);

impl Executor<'_> {
    /// Finds out the steps of a half-applied file and where it was left, and sets this session as the
    /// last one was set there: the names in a statement, and in the question whether it has run,
    /// depend on it.
    pub(super) async fn take_up<'j>(
        &mut self,
        job: Job<'j>,
        entries: &[Entry],
    ) -> Result<(Vec<Step<'j>>, Place), Error> {
        for entry in entries {
            self.outlive(&entry.session).await?;
        }
        // The session may have confirmed its last step while it was waited for.
        let entries = journal::read_own(self.backend).await;
        let entries = entries.map_err(|error| error.while_doing("the journal was read"))?;
        let own = entries.iter().filter(|entry| entry.version == job.version && entry.step >= 0);
        let own: Vec<&Entry> = own.collect();
        let steps = begun(self.backend.engine(), job.script, &digests(own.iter().copied()));
        refuse_edited(self.backend.engine(), job, &steps, &own)?;
        let known = own.iter().filter(|entry| entry.state == State::Done).count();
        refuse_lost(job, lost(self.backend.engine(), &steps, known))?;
        let mut place = Place { done: 0, passed: 0 };
        for step in &steps {
            if step.kind == StepKind::Session {
                if place.done == own.len() {
                    break;
                }
                if !is_outdone(&steps, place, own.len()) {
                    self.set_again(job, &steps, step, place.done).await?;
                }
                place.passed += 1;
                continue;
            }
            let Some(entry) = own.get(place.done) else { break };
            if entry.state != State::Done && !self.has_run(job, step, entry).await? {
                break;
            }
            place.done += 1;
            place.passed += 1;
        }
        refuse_lost(job, lost(self.backend.engine(), &steps, place.done))?;
        Ok((steps, place))
    }

    /// Repeats a setting of the session.
    async fn set_again(
        &mut self,
        job: Job<'_>,
        steps: &[Step<'_>],
        step: &Step<'_>,
        done: usize,
    ) -> Result<(), Error> {
        let mut course = Course::WRITTEN;
        self.run_step(job, steps, step, done, &mut course).await
    }

    /// Whether an announced step has run; settles the journal accordingly.
    async fn has_run(
        &mut self,
        job: Job<'_>,
        step: &Step<'_>,
        entry: &Entry,
    ) -> Result<bool, Error> {
        let Some(statement) = step.statements.first() else { return Ok(false) };
        let before = entry.picture.as_deref().unwrap_or_default();
        let fate = match &step.kind {
            StepKind::Autonomous(effect) => self.fate(statement, effect, before).await,
            // Announced since some of its rows may stay whatever becomes of the transaction.
            StepKind::Transaction(_) | StepKind::Undone(_) => Ok(Fate::Unknown),
            StepKind::Session => Ok(Fate::NotRun),
        };
        let fate = fate.map_err(|error| error.while_doing("the catalog was compared"))?;
        if fate == Fate::Unknown && !job.script.rerun_safe {
            return Err(undecided(job, statement));
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

/// Whether a `USE` is followed by another before the place where the file was left: the database that it
/// names may be gone by now.
fn is_outdone(steps: &[Step<'_>], place: Place, entries: usize) -> bool {
    let is_use = |step: &Step<'_>| {
        let first = step.statements.first().and_then(|s| s.sql.split_whitespace().next());
        step.kind == StepKind::Session && first.is_some_and(|w| w.eq_ignore_ascii_case("USE"))
    };
    let mut left = entries - place.done;
    let behind = steps.iter().skip(place.passed + 1).take_while(|step| {
        left -= usize::from(left > 0 && step.kind != StepKind::Session);
        left > 0
    });
    steps.get(place.passed).is_some_and(is_use) && behind.into_iter().any(is_use)
}

/// Refuses, by the journal alone, a half-applied file that no run goes on with: its steps were edited, what a
/// later one reads is lost, or nothing tells whether the one that was begun has run.
pub(crate) fn refuse_stuck(engine: Engine, job: Job<'_>, entries: &[&Entry]) -> Result<(), Error> {
    let own: Vec<&Entry> = entries.iter().filter(|entry| entry.step >= 0).copied().collect();
    let steps = begun(engine, job.script, &digests(own.iter().copied()));
    refuse_edited(engine, job, &steps, &own)?;
    let known = own.iter().filter(|entry| entry.state == State::Done).count();
    refuse_lost(job, lost(engine, &steps, known))?;
    let mut journalled = steps.iter().filter(|step| step.kind != StepKind::Session);
    for entry in own {
        let statement = journalled.next().filter(|step| {
            entry.state == State::Started && !job.script.rerun_safe && is_undecidable(step, entry)
        });
        if let Some(statement) = statement.and_then(|step| step.statements.first()) {
            return Err(undecided(job, statement));
        }
    }
    Ok(())
}

/// Whether no look into the catalog tells what became of a step that was announced.
fn is_undecidable(step: &Step<'_>, entry: &Entry) -> bool {
    match &step.kind {
        StepKind::Autonomous(effect) => Fate::is_lost(effect, entry.picture.as_deref()),
        // Announced since some of its rows may stay whatever becomes of the transaction.
        StepKind::Transaction(_) | StepKind::Undone(_) => true,
        StepKind::Session => false,
    }
}

fn undecided(job: Job<'_>, statement: &Statement<'_>) -> Error {
    let check = format!("line {}, {}", statement.line, statement.summary());
    let file = job.script.file.clone();
    Problem::Interrupted { version: job.version, file, check }.into()
}

/// Refuses a file whose finished or begun steps are not those of the journal.
fn refuse_edited(
    engine: Engine,
    job: Job<'_>,
    steps: &[Step<'_>],
    own: &[&Entry],
) -> Result<(), Error> {
    let Some(line) = edited(engine, steps, own) else { return Ok(()) };
    let (version, file) = (job.version, job.script.file.clone());
    Err(Problem::EditedHalfApplied { version, file, line }.into())
}

/// The line of the first finished or begun step that is not that of the journal any more.
pub(crate) fn edited(engine: Engine, steps: &[Step<'_>], own: &[&Entry]) -> Option<usize> {
    let mut journalled = steps.iter().filter(|step| step.kind != StepKind::Session);
    own.iter().find_map(|entry| {
        let step = journalled.next();
        let is_same = step.is_some_and(|step| step.is_journalled(engine, &entry.digest));
        (!is_same).then(|| step.map_or(1, Step::line))
    })
}

/// Refuses to go on where a later step reads what only the dead session knew: what stands before it may well
/// take away what the value could be found by.
fn refuse_lost(job: Job<'_>, lost: Option<Lost>) -> Result<(), Error> {
    let Some(Lost { memory, line, from }) = lost else { return Ok(()) };
    let (version, file, name) = (job.version, job.script.file.clone(), memory.to_string());
    Err(Problem::LostValue { version, file, line, name, from }.into())
}

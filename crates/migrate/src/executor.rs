//! Runs the files of revisions, whole or step by step.

mod autonomous;
mod explain;
mod fate;
mod group;
mod last_change;
mod refuse;
mod session;
mod steps;
mod take_up;
mod whole;

pub(crate) use session::changed;
pub(crate) use steps::counts;
pub(crate) use take_up::{edited, refuse_stuck};

use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tracing::Instrument;

use crate::backend::{Backend, Canceller, Failure, FailureKind, Kind, Leftovers, Write, script};
use crate::clock::pause;
use crate::history::{Revision, Script};
use crate::journal::{Direction, Entry};
use crate::observer::Event;
use crate::report::Moved;
use crate::statement::{Layout, Statement, layout, stepwise};
use crate::{Engine, Error, Options, Stop, journal, ledger};

/// How often a statement is cancelled before the connection is given up.
const CANCEL_ATTEMPTS: u32 = 20;
/// How long a cancelled statement may take to end before it is cancelled again.
const CANCEL_PAUSE: Duration = Duration::from_secs(1);
/// How often the ledger is written again after a conflict: nodes of a cluster find one at COMMIT.
const COMMIT_ATTEMPTS: u32 = 5;
const COMMIT_PAUSE: Duration = Duration::from_millis(100);

/// A script to run, and whose it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) version: i64,
    pub(crate) name: &'a str,
    pub(crate) script: &'a Script,
    pub(crate) goal: Goal<'a>,
    /// Whether the first installation has ended once it is done.
    pub(crate) ends_installation: bool,
}

impl<'a> Job<'a> {
    /// Undoing a revision.
    pub(crate) fn reverting(version: i64, name: &'a str, script: &'a Script) -> Self {
        Self { version, name, script, goal: Goal::Reverted, ends_installation: false }
    }

    pub(crate) fn applying(revision: &'a Revision, ends_installation: bool) -> Self {
        let (version, name) = (revision.version, revision.name.as_str());
        let goal = Goal::Applied(revision);
        Self { version, name, script: &revision.up, goal, ends_installation }
    }
}

/// What the ledger has to say of a job; times are in nanoseconds.
impl<'a> Job<'a> {
    /// That it is half-applied: with its first journal entry, or before its first statement.
    pub(crate) fn opening(self) -> Write<'a> {
        match self.goal {
            Goal::Applied(revision) => ledger::inserted(revision, false, -1),
            Goal::Reverted => ledger::marked(self.version, false),
        }
    }

    /// That it ran in one transaction.
    pub(crate) fn recorded(self, took: i64) -> Vec<Write<'a>> {
        let mut writes = self.ended(|revision| ledger::inserted(revision, true, took));
        writes.extend(self.ends_installation.then(journal::installed));
        writes
    }

    /// That its last step has run.
    pub(crate) fn recorded_steps(self, took: i64) -> Vec<Write<'a>> {
        let mut writes = self.ended(|revision| ledger::completed(revision, took));
        writes.push(journal::cleared(self.version));
        writes.extend(self.ends_installation.then(journal::installed));
        writes
    }

    fn ended(self, row: impl Fn(&'a Revision) -> Write<'a>) -> Vec<Write<'a>> {
        match self.goal {
            Goal::Applied(revision) => {
                std::iter::once(row(revision)).chain(ledger::noted(revision)).collect()
            }
            Goal::Reverted => vec![ledger::deleted(self.version), ledger::forgotten(self.version)],
        }
    }
}

/// What the database says once the script has run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal<'a> {
    Applied(&'a Revision),
    Reverted,
}

impl Goal<'_> {
    pub(crate) fn direction(self) -> Direction {
        match self {
            Self::Applied(_) => Direction::Up,
            Self::Reverted => Direction::Down,
        }
    }
}

/// Runs jobs on a connection that holds the runner's lock.
pub(crate) struct Executor<'r> {
    backend: &'r mut dyn Backend,
    options: &'r Options,
    /// What the ledger has still to be told of files whose last statement has run. It travels with the
    /// next announcement, so that such a file costs one commit and not two; if it is lost, the next run
    /// finds the file half-applied and everything done, and finishes it.
    owed: Vec<Write<'static>>,
    /// What the file that is under way leaves in the session, if it changes it at all.
    changed: Option<Leftovers>,
    /// Whether that file reads what the session tells of its last change.
    reads_changes: bool,
}

impl<'r> Executor<'r> {
    pub(crate) fn new(backend: &'r mut dyn Backend, options: &'r Options) -> Self {
        Self { backend, options, owed: Vec::new(), changed: None, reads_changes: false }
    }

    pub(crate) fn engine(&self) -> Engine {
        self.backend.engine()
    }

    pub(crate) fn options(&self) -> &'r Options {
        self.options
    }

    /// Tells the ledger what is owed to it; to be called before the lock is given back.
    pub(crate) async fn flush(&mut self) -> Result<(), Failure> {
        if self.owed.is_empty() { Ok(()) } else { self.commit(&[]).await }
    }

    /// Runs a file from its beginning.
    pub(crate) async fn execute(&mut self, job: Job<'_>) -> Result<Duration, Error> {
        let span = tracing::info_span!(
            "migrate.file",
            migrate.file = %job.script.file,
            migrate.direction = job.goal.direction().name(),
        );
        let result = self.begin_and_run(job).instrument(span).await;
        let result = self.leave(result).await;
        if let Err(error) = &result
            && !matches!(error, Error::ConnectionLost { .. })
            && let Err(failure) = self.flush().await
        {
            tracing::warn!(%failure, "the file before is finished by the next run");
        }
        result
    }

    async fn begin_and_run(&mut self, job: Job<'_>) -> Result<Duration, Error> {
        let started = Instant::now();
        self.options.observer.tell(&Event::Started { file: job.script.file.clone() });
        self.enter(job, &[]).await?;
        match layout(self.backend.engine(), job.script) {
            Layout::Whole(statements) if self.is_lasting(job, &statements).await? => {
                let steps = stepwise(self.backend.engine(), job.script);
                self.run_steps(job, &steps, None).await?;
            }
            Layout::Whole(statements) => {
                self.flush().await.map_err(|error| error.while_doing("a file was finished"))?;
                self.run_whole(job, &statements).await?;
            }
            Layout::Steps(steps) => self.run_steps(job, &steps, None).await?,
        }
        Ok(self.finished(job, started))
    }

    /// Goes on with a file that an earlier run left half-applied.
    pub(crate) async fn resume(
        &mut self,
        job: Job<'_>,
        entries: &[Entry],
    ) -> Result<Duration, Error> {
        let result = self.enter_and_go_on(job, entries).await;
        self.leave(result).await
    }

    async fn enter_and_go_on(
        &mut self,
        job: Job<'_>,
        entries: &[Entry],
    ) -> Result<Duration, Error> {
        let started = Instant::now();
        self.enter(job, entries).await?;
        let (steps, place) = self.take_up(job, entries).await?;
        let (file, (done, of)) = (job.script.file.clone(), counts(&steps, place.done));
        self.options.observer.tell(&Event::Resuming { file, done, of });
        self.run_steps(job, &steps, Some(place)).await?;
        self.flush().await.map_err(|error| error.while_doing("a file was finished"))?;
        Ok(self.finished(job, started))
    }

    fn finished(&self, job: Job<'_>, started: Instant) -> Duration {
        let took = started.elapsed();
        self.tell_finished(job, took);
        took
    }

    pub(super) fn tell_finished(&self, job: Job<'_>, took: Duration) {
        let (file, moved) = (job.script.file.clone(), Moved::new(job.version, job.name, took));
        tracing::debug!(took_ms = moved.ms, "file done");
        let undoes = job.goal.direction() == Direction::Down;
        self.options.observer.tell(&Event::Finished { file, moved, undoes });
    }

    /// Runs one statement, unless the runner is asked to end.
    async fn run(&mut self, job: Job<'_>, statement: &Statement<'_>) -> Result<(), Failure> {
        self.announce(job, statement)?;
        self.confine(statement).await?;
        let cancel = self.backend.canceller();
        let watching = self.watch(job, statement);
        unless_stopped(&self.options.stop, &cancel, watching, self.backend.run(statement.sent()))
            .await
    }

    /// Looks at the text that a statement is to execute, where it is put together only now.
    async fn confine(&mut self, statement: &Statement<'_>) -> Result<(), Failure> {
        let Some(built) = self.options.confines.built(statement.sent()) else { return Ok(()) };
        let sql = format!("SELECT CAST({built} AS CHAR)");
        let rows = self.backend.read(&sql, &[], &[Kind::Text]).await?;
        let text = rows.first().and_then(|row| row.find_text(0)).unwrap_or_default();
        self.options.confines.check(text)
    }

    /// Tells how far the statement is that is about to run, as long as this is waited for.
    fn watch(&self, job: Job<'_>, statement: &Statement<'_>) -> BoxFuture<'static, ()> {
        if !self.options.asks_progress {
            return Box::pin(async {});
        }
        let (observer, file) = (self.options.observer.clone(), job.script.file.clone());
        let line = statement.line;
        self.backend.watch(Box::new(move |told| {
            observer.tell(&Event::Progress { file: file.clone(), line, told });
        }))
    }

    /// Tells that the statement begins, or refuses to begin it if the runner was asked to end.
    fn announce(&self, job: Job<'_>, statement: &Statement<'_>) -> Result<(), Failure> {
        if self.options.stop.is_requested() {
            return Err(Failure::new(FailureKind::Cancelled, "asked to end"));
        }
        self.tell_statement(job, statement);
        Ok(())
    }

    fn tell_statement(&self, job: Job<'_>, statement: &Statement<'_>) {
        self.options.observer.tell(&statement_begins(&job.script.file, statement));
    }

    /// Undoes [`opening`](Job::opening) for a file of which nothing is in the database.
    async fn abandon(&mut self, job: Job<'_>) -> Result<(), Failure> {
        let undone = match job.goal {
            Goal::Applied(_) => ledger::deleted(job.version),
            Goal::Reverted => ledger::marked(job.version, true),
        };
        self.commit(&[undone, journal::cleared(job.version)]).await
    }

    /// Writes all of it, and what is owed, in a transaction of its own, in one message.
    pub(crate) async fn commit(&mut self, writes: &[Write<'_>]) -> Result<(), Failure> {
        let last_change = self.last_change().await?;
        let (begin, dialect) = (self.backend.begin(), self.backend.dialect());
        let owed = script(dialect, &self.owed);
        let sql = format!("{begin};\n{owed}{}COMMIT;", script(dialect, writes));
        let mut written = self.backend.run_script(&sql).await;
        for _ in 0..COMMIT_ATTEMPTS {
            if !written.as_ref().is_err_and(|halted| halted.failure.is_conflict()) {
                break;
            }
            self.rollback(FailureKind::Busy).await;
            pause(COMMIT_PAUSE).await;
            written = self.backend.run_script(&sql).await;
        }
        match &written {
            Ok(()) => self.owed.clear(),
            Err(halted) => self.rollback(halted.failure.kind).await,
        }
        written.map_err(|halted| halted.failure.of_the_runner())?;
        self.put_back(last_change).await
    }

    /// Writes one statement, which commits by itself.
    async fn write(&mut self, write: &Write<'_>) -> Result<(), Failure> {
        let last_change = self.last_change().await?;
        let sql = script(self.backend.dialect(), std::slice::from_ref(write));
        let written = self.backend.run_script(&sql).await;
        written.map_err(|halted| halted.failure.of_the_runner())?;
        self.put_back(last_change).await
    }

    async fn begin(&mut self) -> Result<(), Failure> {
        let begin = self.backend.begin();
        self.backend.run(begin).await
    }

    /// Rolls back after a failure, which is the one to tell. A connection that is lost is not asked:
    /// the server has rolled back, and an answer may never come.
    async fn rollback(&mut self, after: FailureKind) {
        if after == FailureKind::Lost {
            return;
        }
        if let Err(error) = self.backend.run("ROLLBACK").await {
            tracing::debug!(%error, "rollback refused");
        }
    }
}

/// Waits for what the server does; if the runner is asked to end meanwhile, the server is asked to
/// cancel it.
pub(crate) async fn unless_stopped<E: From<Failure>>(
    stop: &Stop,
    cancel: &Canceller,
    watching: BoxFuture<'static, ()>,
    mut running: BoxFuture<'_, Result<(), E>>,
) -> Result<(), E> {
    let watching = async {
        watching.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        result = &mut running => return result,
        () = stop.requested() => {}
        () = watching => {}
    }
    // A cancellation that arrives before the statement does nothing, so one is not enough.
    for _ in 0..CANCEL_ATTEMPTS {
        let ended = async {
            cancel().await;
            (&mut running).await
        };
        if let Ok(result) = tokio::time::timeout(CANCEL_PAUSE, ended).await {
            return result;
        }
    }
    Err(Failure::new(FailureKind::Lost, "the statement could not be cancelled in time").into())
}

fn statement_begins(file: &str, statement: &Statement<'_>) -> Event {
    Event::Statement { file: file.to_owned(), line: statement.line, summary: statement.summary() }
}

fn nanos(took: Duration) -> i64 {
    i64::try_from(took.as_nanos()).unwrap_or(i64::MAX)
}

use std::time::{Duration, Instant};

use super::{Executor, Job, nanos, statement_begins, unless_stopped};
use crate::Engine;
use crate::backend::{Failure, FailureKind, Write, script};
use crate::observer::{Event, Observer};
use crate::statement::{Layout, layout};

/// How many files at most share a commit where each table, index and sequence of theirs is a lock that
/// the server keeps until then.
const LARGEST: usize = 100;
/// How long the text of a group may be, in bytes.
const LONGEST: usize = 1 << 20;

impl Executor<'_> {
    /// How many of the jobs, from the first on, can be committed together; at least one.
    pub(crate) fn group(&self, jobs: &[Job<'_>]) -> usize {
        let mut bytes = 0;
        // SQLite has one lock for all.
        let largest = if self.backend.engine() == Engine::Sqlite { jobs.len() } else { LARGEST };
        let fitting = jobs.iter().take(largest).take_while(|job| {
            bytes += job.script.text.len();
            bytes <= LONGEST && job.script.is_groupable(self.backend.engine())
        });
        fitting.count().max(1)
    }

    /// Runs files in one transaction; for each how long it took.
    ///
    /// `None` if anything failed: nothing of them is in the database, and they are to be run in smaller
    /// groups and at last one by one, which may go well (a new enum value can be used only after its
    /// commit) or tells what is wrong as if they had never been grouped.
    pub(crate) async fn execute_group(&mut self, jobs: &[Job<'_>]) -> Option<Vec<Duration>> {
        let sequences = self.sequences(jobs).await.ok()?;
        let result = self.attempt_group(jobs).await;
        match result {
            Ok(took) => {
                for (job, took) in jobs.iter().zip(&took) {
                    self.tell_finished(*job, *took);
                }
                Some(took)
            }
            Err(failure) => {
                tracing::info!(cause = %failure, files = jobs.len(), "running fewer files at a time");
                self.rollback(failure.kind).await;
                self.put_sequences_back(&sequences, failure.kind).await;
                self.options.observer.tell(&Event::Ungrouped { files: jobs.len() });
                None
            }
        }
    }

    /// What puts the sequences back if the group fails: one by one, its files are to give the numbers
    /// that they would have given without it.
    async fn sequences(&mut self, jobs: &[Job<'_>]) -> Result<String, Failure> {
        let draws = |job: &Job<'_>| {
            let text = job.script.text.to_ascii_lowercase();
            ["insert", "update", "nextval"].iter().any(|word| text.contains(word))
        };
        if jobs.iter().any(draws) { self.backend.sequences().await } else { Ok(String::new()) }
    }

    async fn put_sequences_back(&mut self, sequences: &str, after: FailureKind) {
        if sequences.is_empty() || after == FailureKind::Lost {
            return;
        }
        if let Err(halted) = self.backend.run_script(sequences).await {
            tracing::warn!(error = %halted.failure, "sequences stand where the group left them");
        }
    }

    async fn attempt_group(&mut self, jobs: &[Job<'_>]) -> Result<Vec<Duration>, Failure> {
        let took = if self.backend.tells_each_end() {
            self.run_in_one(jobs).await?
        } else {
            self.run_one_by_one(jobs).await?
        };
        // The last moment at which the request to end can still be obeyed.
        if self.options.stop.is_requested() {
            return Err(Failure::new(FailureKind::Cancelled, "asked to end"));
        }
        let rows: Vec<Write<'_>> =
            jobs.iter().zip(&took).flat_map(|(job, took)| job.recorded(nanos(*took))).collect();
        let sql = script(self.backend.dialect(), &rows) + "COMMIT;";
        self.backend.run_script(&sql).await?;
        Ok(took)
    }

    async fn run_one_by_one(&mut self, jobs: &[Job<'_>]) -> Result<Vec<Duration>, Failure> {
        self.begin().await?;
        let mut took = Vec::with_capacity(jobs.len());
        for job in jobs {
            let started = Instant::now();
            self.options.observer.tell(&Event::Started { file: job.script.file.clone() });
            let Layout::Whole(statements) = layout(self.backend.engine(), job.script) else {
                return Err(Failure::new(FailureKind::Statement, "cannot share a transaction"));
            };
            for statement in &statements {
                self.run(*job, statement).await?;
            }
            took.push(started.elapsed());
        }
        Ok(took)
    }

    /// All files in one message: what is between two statements costs more than most of them.
    async fn run_in_one(&mut self, jobs: &[Job<'_>]) -> Result<Vec<Duration>, Failure> {
        let (sql, mut clock) = self.script_of(jobs)?;
        if self.options.stop.is_requested() {
            return Err(Failure::new(FailureKind::Cancelled, "asked to end"));
        }
        let cancel = self.backend.canceller();
        clock.start_next();
        let running = self.backend.run_script_seen(&sql, Box::new(|| clock.tick()));
        let ended = unless_stopped(&self.options.stop, &cancel, Box::pin(async {}), running).await;
        ended?;
        Ok(clock.took())
    }

    /// The statements of all files in a transaction that is not ended, and the clock that follows them.
    fn script_of(&self, jobs: &[Job<'_>]) -> Result<(String, Clock), Failure> {
        let mut sql = format!("{};\n", self.backend.begin());
        let mut clock = Clock::new(self.options.observer.clone());
        for job in jobs {
            let Layout::Whole(statements) = layout(self.backend.engine(), job.script) else {
                return Err(Failure::new(FailureKind::Statement, "cannot share a transaction"));
            };
            for statement in &statements {
                sql.push_str(statement.sent());
                sql.push_str(";\n");
            }
            let file = &job.script.file;
            clock.expect(file.clone(), statements.iter().map(|s| statement_begins(file, s)));
        }
        Ok((sql, clock))
    }
}

/// Tells which file of a group is under way, and how long each took.
struct Clock {
    observer: Observer,
    /// Each file, and how many statements have run once it is done.
    files: Vec<(String, usize)>,
    /// What is told when each statement begins.
    begins: Vec<Event>,
    took: Vec<Duration>,
    /// How many statements have run.
    done: usize,
    since: Instant,
}

impl Clock {
    fn new(observer: Observer) -> Self {
        let (files, begins, took) = (Vec::new(), Vec::new(), Vec::new());
        Self { observer, files, begins, took, done: 0, since: Instant::now() }
    }

    /// The first statement of all is the one that opens the transaction.
    fn expect(&mut self, file: String, begins: impl Iterator<Item = Event>) {
        self.begins.extend(begins);
        self.files.push((file, 1 + self.begins.len()));
    }

    fn start_next(&mut self) {
        self.since = Instant::now();
        if let Some((file, _)) = self.files.get(self.took.len()) {
            self.observer.tell(&Event::Started { file: file.clone() });
        }
    }

    fn tick(&mut self) {
        self.done += 1;
        while self.files.get(self.took.len()).is_some_and(|(_, end)| self.done >= *end) {
            self.took.push(self.since.elapsed());
            self.start_next();
        }
        if let Some(event) = self.begins.get(self.done - 1) {
            self.observer.tell(event);
        }
    }

    /// How long each took; files without a statement took no time.
    fn took(mut self) -> Vec<Duration> {
        self.took.resize(self.files.len(), Duration::ZERO);
        self.took
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_follows_the_files() {
        let mut clock = Clock::new(Observer::default());
        let begins = Event::Ungrouped { files: 1 };
        for (file, statements) in [("a", 2), ("empty", 0), ("b", 1)] {
            clock.expect(file.to_owned(), std::iter::repeat_n(begins.clone(), statements));
        }
        clock.tick();
        assert_eq!(clock.took.len(), 0, "the transaction is open");
        clock.tick();
        assert_eq!(clock.took.len(), 0);
        clock.tick();
        assert_eq!(clock.took.len(), 2);
        clock.tick();
        assert_eq!(clock.took().len(), 3);
    }
}

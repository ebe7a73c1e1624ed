use std::time::{Duration, Instant};

use super::{Executor, Job, unless_stopped};
use crate::backend::{Failure, FailureKind, script};
use crate::observer::Event;
use crate::statement::{Layout, Statement, layout};

/// How many files at most share a commit: each table, index and sequence of theirs is a lock that
/// the server keeps until then.
const LARGEST: usize = 100;
/// How long the text of a group may be, in bytes.
const LONGEST: usize = 1 << 20;

impl Executor<'_> {
    /// How many of the jobs, from the first on, can be committed together; at least one.
    pub(crate) fn group(&self, jobs: &[Job<'_>]) -> usize {
        let mut bytes = 0;
        let fitting = jobs.iter().take(LARGEST).take_while(|job| {
            bytes += job.script.text.len();
            bytes <= LONGEST && job.script.is_groupable(self.backend.engine())
        });
        fitting.count().max(1)
    }

    /// Runs files in one transaction; for each how long it took.
    ///
    /// `None` if anything failed: nothing of them is in the database, and they are to be run one by
    /// one, which may go well (a new enum value can be used only after its commit) or tells what is
    /// wrong as if they had never been grouped.
    pub(crate) async fn execute_group(&mut self, jobs: &[Job<'_>]) -> Option<Vec<Duration>> {
        let sequences = self.sequences(jobs).await.ok()?;
        let result = self.attempt_group(jobs).await;
        match result {
            Ok(took) => {
                for (job, took) in jobs.iter().zip(&took) {
                    let file = job.script.file.clone();
                    self.options.observer.tell(&Event::Finished { file, took: *took });
                }
                Some(took)
            }
            Err(failure) => {
                tracing::info!(cause = %failure, files = jobs.len(), "running files one by one");
                self.rollback(failure.kind).await;
                self.put_back(&sequences, failure.kind).await;
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

    async fn put_back(&mut self, sequences: &str, after: FailureKind) {
        if sequences.is_empty() || after == FailureKind::Lost {
            return;
        }
        if let Err(halted) = self.backend.run_script(sequences).await {
            tracing::warn!(error = %halted.failure, "sequences stand where the group left them");
        }
    }

    /// A message per file: what is between two statements costs more than most of them.
    async fn attempt_group(&mut self, jobs: &[Job<'_>]) -> Result<Vec<Duration>, Failure> {
        let mut took = Vec::with_capacity(jobs.len());
        let mut rows = Vec::with_capacity(2 * jobs.len());
        let mut sql = format!("{};\n", self.backend.begin());
        for job in jobs {
            let started = Instant::now();
            self.options.observer.tell(&Event::Started { file: job.script.file.clone() });
            let Layout::Whole(statements) = layout(self.backend.engine(), job.script) else {
                return Err(Failure::new(FailureKind::Statement, "cannot share a transaction"));
            };
            if let Some(first) = statements.first() {
                for statement in &statements {
                    sql.push_str(statement.sent());
                    sql.push_str(";\n");
                }
                self.run_file(*job, first, &sql).await?;
                sql.clear();
            }
            took.push(started.elapsed());
            rows.extend(Self::record(*job, started));
        }
        // The last moment at which the request to end can still be obeyed.
        if self.options.stop.is_requested() {
            return Err(Failure::new(FailureKind::Cancelled, "asked to end"));
        }
        let sql = sql + &script(self.backend.dialect(), &rows) + "COMMIT;";
        self.backend.run_script(&sql).await?;
        Ok(took)
    }

    /// Runs all statements of a file, unless the runner is asked to end.
    async fn run_file(
        &mut self,
        job: Job<'_>,
        first: &Statement<'_>,
        sql: &str,
    ) -> Result<(), Failure> {
        self.announce(job, first)?;
        let cancel = self.backend.canceller();
        let watching = self.watch(job, first);
        let running = self.backend.run_script(sql);
        let ended = unless_stopped(&self.options.stop, &cancel, watching, running).await;
        Ok(ended?)
    }
}

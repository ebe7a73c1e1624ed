//! What a session tells of its last change is to be the file's, not that of a row of the runner's own.

use super::Executor;
use crate::backend::Failure;

/// What tells of it; other words that hold these do no harm.
const TELLING: [&str; 2] = ["last_insert_rowid", "changes"];

impl Executor<'_> {
    /// Notes whether the file that is about to run reads it.
    pub(super) fn look_for_changes(&mut self, text: &str) {
        let text = text.to_ascii_lowercase();
        self.reads_changes = TELLING.iter().any(|word| text.contains(word));
    }

    /// To be asked before the runner writes: what [`put_back`](Self::put_back) is given afterwards.
    pub(super) async fn last_change(&mut self) -> Result<String, Failure> {
        if self.reads_changes { self.backend.last_change().await } else { Ok(String::new()) }
    }

    pub(super) async fn put_back(&mut self, last_change: String) -> Result<(), Failure> {
        if last_change.is_empty() {
            return Ok(());
        }
        let run = self.backend.run_script(&last_change).await;
        run.map_err(|halted| halted.failure.of_the_runner())
    }
}

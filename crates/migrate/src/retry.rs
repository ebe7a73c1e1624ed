use std::time::{Duration, Instant};

use crate::Stop;
use crate::clock::pause;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// How long to go on trying, with growing pauses in between.
#[derive(Debug)]
pub(crate) struct Patience {
    end: Instant,
    wait: Duration,
    longest: Duration,
}

/// How long the first attempt waits for a lock: whoever comes behind a statement that waits, waits too.
pub(crate) const FIRST_LOCK_WAIT: Duration = Duration::from_millis(250);

impl Patience {
    /// Patience for statements that do not get a table's lock.
    pub(crate) fn with_statements(limit: Duration) -> Self {
        Self { end: Instant::now() + limit, wait: FIRST, longest: LONGEST }
    }

    /// How long the next attempt waits for a lock: as long as the pauses have grown, at most `limit`.
    pub(crate) fn lock_wait(&self, limit: Duration) -> Duration {
        self.wait.max(FIRST_LOCK_WAIT).min(limit)
    }

    /// Patience for something that is asked for often and cheaply.
    pub(crate) fn polling(limit: Duration, longest: Duration) -> Self {
        Self { end: Instant::now() + limit, wait: Duration::from_millis(20), longest }
    }

    /// Pauses before another attempt; false if the time is up or the runner was asked to end.
    pub(crate) async fn pause(&mut self, stop: &Stop) -> bool {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() || stop.is_requested() {
            return false;
        }
        tokio::select! {
            () = pause(self.wait.min(left)) => {}
            () = stop.requested() => return false,
        }
        self.wait = (self.wait * 2).min(self.longest);
        true
    }
}

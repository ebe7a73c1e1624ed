//! Whether a call that failed is sent again, and when.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tonic::Status;

use super::failure::{Failure, Pushback};
use super::metrics::Metrics;
use super::pause;
use super::settings::Settings;
use crate::deadline::Deadline;

/// Whoever has to wait longer is told so, rather than kept.
const LONGEST_PUSHBACK: Duration = Duration::from_secs(1);
/// What one retry costs, so that a call can save a few percent of one.
const RETRY: i64 = 100;
/// No more is saved than that many seconds give of themselves.
const SAVED_SECONDS: i64 = 10;

/// Keeps retries in proportion to calls: where all fail, more calls would make it worse.
///
/// Each call saves a part of a retry, and each second some whole ones. Calls pay with one atomic addition;
/// only retries look at the clock.
#[derive(Debug)]
pub(super) struct RetryBudget {
    saved: AtomicI64,
    most: i64,
    per_call: i64,
    per_second: i64,
    filled: Mutex<Instant>,
}

impl RetryBudget {
    pub(super) fn new(settings: &Settings) -> Self {
        let per_second = i64::from(settings.retry_min_per_second) * RETRY;
        Self {
            saved: AtomicI64::new(per_second),
            most: (per_second * SAVED_SECONDS).max(SAVED_SECONDS * RETRY),
            per_call: i64::from(settings.retry_percent),
            per_second,
            filled: Mutex::new(Instant::now()),
        }
    }

    /// Counts a call.
    pub(super) fn call(&self) {
        // Calls at the same time may save a little more than the most, until the next one.
        if self.saved.fetch_add(self.per_call, Ordering::Relaxed) > self.most {
            self.saved.store(self.most, Ordering::Relaxed);
        }
    }

    /// Takes a retry, if one was saved.
    fn retry(&self) -> bool {
        let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        let millis = i64::try_from(filled.elapsed().as_millis()).unwrap_or(i64::MAX);
        let gained = self.per_second.saturating_mul(millis) / 1000;
        let saved = self.saved.load(Ordering::Relaxed);
        if gained > 0 {
            *filled = Instant::now();
            self.saved.fetch_add(gained.min((self.most - saved).max(0)), Ordering::Relaxed);
        }
        let has_enough = self.saved.load(Ordering::Relaxed) >= RETRY;
        if has_enough {
            self.saved.fetch_sub(RETRY, Ordering::Relaxed);
        }
        has_enough
    }
}

/// The retries of one call.
pub(super) struct Retries<'a> {
    pub(super) settings: &'a Settings,
    pub(super) budget: &'a RetryBudget,
    pub(super) metrics: &'a Metrics,
    pub(super) deadline: Deadline,
    /// Whether sending it twice is the same as sending it once.
    pub(super) is_idempotent: bool,
    /// How often it was sent.
    pub(super) sent: u32,
}

impl Retries<'_> {
    /// How long to wait before the call is sent again; nothing where it must not be, or would have less time
    /// than the service took to say that it cannot serve.
    pub(super) fn after(
        &mut self,
        failure: Failure,
        status: &Status,
        took: Duration,
    ) -> Option<Duration> {
        self.sent = self.sent.saturating_add(1);
        if self.sent >= self.settings.attempts {
            return None;
        }
        let (pause, needed) = match failure {
            // It costs the service nothing, so that no budget limits it.
            Failure::NeverSent => (Duration::ZERO, Duration::ZERO),
            // When a connection breaks tells nothing of how long the call takes.
            Failure::Lost if self.is_idempotent => (self.pause(status)?, Duration::ZERO),
            Failure::Unavailable if self.is_idempotent => (self.pause(status)?, took),
            Failure::Lost | Failure::Unavailable | Failure::Final => return None,
        };
        if !self.deadline.leaves(pause.saturating_add(needed)) {
            return None;
        }
        if failure != Failure::NeverSent && !self.budget.retry() {
            self.metrics.budget_exhausted();
            return None;
        }
        self.metrics.retried(failure);
        Some(pause)
    }

    fn pause(&self, status: &Status) -> Option<Duration> {
        match Pushback::of(status) {
            Pushback::None => {
                let most = pause::grown(self.settings.retry_pause, self.sent);
                Some(pause::anything_below(most))
            }
            Pushback::After(time) => (time <= LONGEST_PUSHBACK).then_some(time),
            Pushback::Never => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use tonic::Status;

    use super::super::failure::Failure;
    use super::super::metrics::Metrics;
    use super::{Deadline, Retries, RetryBudget, Settings};

    fn budget(percent: u8, per_second: u32) -> RetryBudget {
        let settings = Settings {
            retry_percent: percent,
            retry_min_per_second: per_second,
            ..Settings::default()
        };
        RetryBudget::new(&settings)
    }

    fn retries(budget: &RetryBudget) -> usize {
        std::iter::repeat_with(|| budget.retry()).take(10_000).filter(|allowed| *allowed).count()
    }

    #[tokio::test(start_paused = true)]
    async fn retries_are_a_share_of_calls() {
        let budget = budget(20, 0);
        assert_eq!(retries(&budget), 0);
        (0..40).for_each(|_| budget.call());
        assert_eq!(retries(&budget), 8);
        assert_eq!(retries(&budget), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn no_retry_begins_that_would_have_less_time_than_a_refusal_took() {
        let (settings, metrics) = (Settings::default(), Metrics::new());
        let budget = RetryBudget::new(&settings);
        let status = Status::unavailable("");
        let is_repeated = |failure, took| {
            let deadline = Deadline::after(Duration::from_secs(10));
            let (settings, budget, metrics) = (&settings, &budget, &metrics);
            let is_idempotent = true;
            let mut retries =
                Retries { settings, budget, metrics, deadline, is_idempotent, sent: 0 };
            retries.after(failure, &status, Duration::from_secs(took)).is_some()
        };
        assert!(is_repeated(Failure::Unavailable, 9));
        assert!(!is_repeated(Failure::Unavailable, 11));
        assert!(is_repeated(Failure::Lost, 11), "that tells nothing of the next one");
        assert!(is_repeated(Failure::NeverSent, 11));
    }

    #[tokio::test(start_paused = true)]
    async fn some_are_allowed_each_second_but_not_saved_for_ever() {
        let budget = budget(20, 3);
        assert_eq!(retries(&budget), 3);
        advance(Duration::from_secs(1)).await;
        assert_eq!(retries(&budget), 3);
        advance(Duration::from_hours(1)).await;
        (0..1_000_000).for_each(|_| budget.call());
        assert_eq!(retries(&budget), 30);
    }
}

//! The service in other processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::Uri;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::connect::Connector;
use super::connection::Line;
use super::discover::Discovery;
use super::failure::Failure;
use super::keep::Keeper;
use super::metrics;
use super::outlier::Fault;
use super::pool::{Pool, Refusal, Tried};
use super::resolve::Resolve;
use super::retry::{Retries, RetryBudget};
use super::settings::Settings;
use super::shape::Shape;
use super::{Call, late, unmakeable};
use crate::deadline::{Deadline, Elapsed};

/// When to come back where nothing better is known.
const SOON: Duration = Duration::from_secs(1);

/// Ends its tasks when it is dropped.
#[derive(Debug)]
pub(super) struct Remote {
    pool: Arc<Pool>,
    origin: Uri,
    budget: RetryBudget,
    calls: AtomicUsize,
    following: AbortHandle,
}

impl Remote {
    pub(super) fn start(
        origin: Uri,
        settings: Settings,
        connector: Connector,
        resolver: Arc<dyn Resolve>,
    ) -> Self {
        let budget = RetryBudget::new(&settings);
        let pool = Arc::new(Pool::new(settings));
        metrics::observe(&pool, origin.host().unwrap_or_default());
        let keeper = Keeper { pool: Arc::clone(&pool), connector, origin: origin.clone() };
        let following = tokio::spawn(Discovery::new(keeper, resolver).follow()).abort_handle();
        Self { pool, origin, budget, calls: AtomicUsize::new(0), following }
    }

    /// Sends a call to a replica, and to another one where that is safe and of use. A read that ran out of
    /// time while it was repeated ends as the service ended it before: that tells more, and is as true.
    pub(super) async fn call<S, F>(&self, call: Call<F>) -> Result<S::Answer, Status>
    where
        S: Shape,
        F: FnMut() -> Option<S::Request> + Send,
    {
        let (deadline, is_idempotent) = (call.deadline, call.is_idempotent);
        let mut failed = None;
        let result = deadline.within(self.attempts::<S, F>(call, &mut failed)).await;
        let result = result.unwrap_or_else(|Elapsed| Err(late()));
        // Of a write nobody knows what became of it the last time, and what never reached the service tells
        // nothing of it.
        let may_tell = |before: &Failed<S::Answer>| {
            is_idempotent && before.failure != Failure::NeverSent && is_late::<S>(&result, deadline)
        };
        match failed.filter(may_tell) {
            Some(before) => before.result,
            None => result,
        }
    }

    /// Sends a call until it need not be sent again; `failed` keeps the attempt before the last one.
    async fn attempts<S, F>(
        &self,
        mut call: Call<F>,
        failed: &mut Option<Failed<S::Answer>>,
    ) -> Result<S::Answer, Status>
    where
        S: Shape,
        F: FnMut() -> Option<S::Request> + Send,
    {
        let _counted = self.count(call.is_stream)?;
        self.budget.call();
        let mut retries = Retries {
            settings: &self.pool.settings,
            budget: &self.budget,
            metrics: &self.pool.metrics,
            deadline: call.deadline,
            is_idempotent: call.is_idempotent,
            sent: 0,
        };
        loop {
            let lease = match self.pool.lease(failed.as_ref().map(|one| &one.tried)).await {
                Ok(lease) => lease,
                // What the service itself said is better than that it cannot be asked again.
                Err(refusal) => {
                    let said = failed.take();
                    return said.map_or_else(|| Err(self.refuse(refusal)), |one| one.result);
                }
            };
            let tried = Tried::of(&lease);
            let request = (call.request)().ok_or_else(unmakeable)?;
            let attempt = Attempt::begin(&self.pool, &tried);
            let line = Line::new(lease);
            let result = S::send(line, Some(&self.origin), request, call.path.clone()).await;
            let Some(status) = S::status(&result) else {
                attempt.answered();
                return result;
            };
            let failure = Failure::of(&status);
            let took = attempt.failed(failure);
            let Some(pause) = retries.after(failure, &status, took) else { return result };
            *failed = Some(Failed { tried, failure, result });
            tracing::debug!(reason = failure.name(), ?pause, "the call is sent again");
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// Counts a call as under way, unless too many are.
    fn count(&self, is_stream: bool) -> Result<Counted<'_>, Status> {
        // Streams take hours, and the connections have only so much room for them.
        let weight = usize::from(!is_stream);
        let counted = Counted { calls: &self.calls, weight };
        if self.calls.fetch_add(weight, Ordering::Relaxed) >= self.pool.settings.max_calls {
            return Err(self.refuse(Refusal::Full));
        }
        Ok(counted)
    }

    fn refuse(&self, refusal: Refusal) -> Status {
        let (name, time) = match refusal {
            Refusal::Away => ("unreachable", SOON),
            Refusal::CircuitOpen(time) => ("circuit_open", time),
            Refusal::Full => ("busy", SOON),
        };
        self.pool.metrics.refused(name);
        let mut details = ErrorDetails::with_retry_info(Some(time));
        if refusal == Refusal::Full {
            details.set_error_info("UPSTREAM_BUSY", "artisan.user.v1", []);
            let words = "too many calls are under way; try again later";
            return Status::with_error_details(Code::Unavailable, words, details);
        }
        Status::with_error_details(Code::Unavailable, name, details)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.following.abort();
    }
}

/// An attempt that failed, and is repeated.
struct Failed<A> {
    tried: Tried,
    failure: Failure,
    result: Result<A, Status>,
}

/// Whether an answer says no more than that the time is over.
fn is_late<S: Shape>(result: &Result<S::Answer, Status>, deadline: Deadline) -> bool {
    S::status(result).is_some_and(|status| {
        // Both ends watch the same deadline, and the transport calls that a cancellation.
        status.code() == Code::DeadlineExceeded
            || status.code() == Code::Cancelled && deadline.has_passed()
    })
}

struct Counted<'a> {
    calls: &'a AtomicUsize,
    weight: usize,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.calls.fetch_sub(self.weight, Ordering::Relaxed);
    }
}

/// A call on its way, of which something becomes in any case: dropped without an answer, it may have been
/// its replica's silence that its caller was tired of.
struct Attempt<'a> {
    pool: &'a Pool,
    tried: &'a Tried,
    began: Instant,
    is_settled: bool,
}

impl<'a> Attempt<'a> {
    fn begin(pool: &'a Pool, tried: &'a Tried) -> Self {
        Self { pool, tried, began: Instant::now(), is_settled: false }
    }

    fn answered(mut self) {
        self.is_settled = true;
        self.pool.answered(&self.tried.replica);
    }

    /// Gives the time that it took.
    fn failed(mut self, failure: Failure) -> Duration {
        self.is_settled = true;
        let replica = &self.tried.replica;
        match failure {
            // A connection that aged is no fault, nor are a client's own mistakes.
            Failure::NeverSent => {}
            Failure::Final => self.pool.answered(replica),
            Failure::Lost => self.pool.faulted(replica, Fault::Lost, self.began),
            Failure::Unavailable => {
                replica.lives(Instant::now());
                self.pool.faulted(replica, Fault::Unavailable, self.began);
            }
        }
        self.began.elapsed()
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.is_settled {
            return;
        }
        let replica = &self.tried.replica;
        let was_silent = !replica.has_answered_since(self.began);
        if was_silent && self.began.elapsed() >= self.pool.settings.hang {
            self.pool.faulted(replica, Fault::Silent, self.began);
        }
    }
}

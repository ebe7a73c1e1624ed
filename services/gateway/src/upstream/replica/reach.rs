//! The connections to an address, and the attempts to make them.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{MOST_CONNECTIONS, Replica};
use crate::upstream::connection::Connection;

/// So many failed attempts to connect, one after another, and nobody waits for the next.
const GIVEN_UP_AFTER: u32 = 5;

/// The attempts to connect since the last that succeeded.
#[derive(Debug, Default)]
pub(super) struct Reach {
    failures: u32,
    failed: Option<Instant>,
}

impl Replica {
    /// Says how many connections it should have.
    pub(in crate::upstream) fn want(&self, count: usize) {
        if self.wanted.swap(count, Ordering::Relaxed) != count {
            self.wake();
        }
    }

    /// Whether it has fewer connections than it should, or too few for its calls.
    pub(in crate::upstream) fn wants_more(&self) -> bool {
        let connections = self.connections.read().unwrap_or_else(PoisonError::into_inner);
        let is_crowded =
            !connections.is_empty() && connections.iter().all(|each| each.is_crowded());
        connections.len() < self.wanted.load(Ordering::Relaxed)
            || is_crowded && connections.len() < MOST_CONNECTIONS
    }

    pub(in crate::upstream) fn add(&self, connection: Arc<Connection>) {
        self.connections.write().unwrap_or_else(PoisonError::into_inner).push(connection);
        *self.reach.lock().unwrap_or_else(PoisonError::into_inner) = Reach::default();
    }

    /// Forgets connections that ended; tells whether one of them was younger than `age`.
    pub(in crate::upstream) fn forget_closed(&self, age: Duration) -> bool {
        let mut connections = self.connections.write().unwrap_or_else(PoisonError::into_inner);
        let ended = connections.iter().filter(|connection| !connection.is_open());
        let was_young = ended.map(|each| each.since().elapsed() < age).max().unwrap_or(false);
        connections.retain(|connection| connection.is_open());
        was_young
    }

    /// Takes no new calls; its connections end with the calls on them.
    pub(in crate::upstream) fn close(&self) {
        self.connections.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Its open connections.
    pub(in crate::upstream) fn open(&self) -> Vec<Arc<Connection>> {
        let connections = self.connections.read().unwrap_or_else(PoisonError::into_inner);
        connections.iter().filter(|connection| connection.is_open()).cloned().collect()
    }

    /// The open connection with the fewest calls.
    pub(in crate::upstream) fn least_busy(&self) -> Option<Arc<Connection>> {
        let connections = self.connections.read().unwrap_or_else(PoisonError::into_inner);
        let open = connections.iter().filter(|connection| connection.is_open());
        open.min_by_key(|connection| connection.in_flight()).cloned()
    }

    pub(in crate::upstream) fn is_connected(&self) -> bool {
        let connections = self.connections.read().unwrap_or_else(PoisonError::into_inner);
        connections.iter().any(|connection| connection.is_open())
    }

    /// Notes that it cannot be reached, and gives how often in a row.
    pub(in crate::upstream) fn unreachable(&self) -> u32 {
        let mut reach = self.reach.lock().unwrap_or_else(PoisonError::into_inner);
        reach.failed = Some(Instant::now());
        reach.failures = reach.failures.saturating_add(1);
        reach.failures
    }

    /// Whether attempts to connect failed so often that nobody waits for the next one.
    pub(in crate::upstream) fn is_given_up(&self) -> bool {
        self.reach.lock().unwrap_or_else(PoisonError::into_inner).failures >= GIVEN_UP_AFTER
    }

    /// Whether it is no use waiting for it, to a call that waits since a moment.
    pub(in crate::upstream) fn is_away_since(&self, moment: Instant) -> bool {
        let reach = self.reach.lock().unwrap_or_else(PoisonError::into_inner);
        reach.failures >= GIVEN_UP_AFTER || reach.failed.is_some_and(|failed| failed >= moment)
    }

    /// Has the task that keeps it look at it now.
    pub(in crate::upstream) fn wake(&self) {
        self.woken.notify_one();
    }

    pub(in crate::upstream) async fn woken(&self) {
        self.woken.notified().await;
    }
}

//! One address of the service: its connections, and how it does.

mod reach;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use self::reach::Reach;
use super::connection::{Connection, Lease};

/// However crowded its connections are, a replica gets no more than these.
const MOST_CONNECTIONS: usize = 16;
/// A warming replica is never left out altogether, or it would not become warm.
const LEAST_SHARE: f64 = 0.1;

/// Whether a replica should be called; the better comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It says that it serves.
    Fit,
    /// It failed again and again.
    Ejected,
    /// It does not want to be called; where nobody else is, it can say why.
    NotServing,
}

/// Shared by the task that keeps its connections and the calls on them.
///
/// Times are milliseconds since `epoch`, so that they fit into atomics; 0 is never.
#[derive(Debug)]
pub(super) struct Replica {
    address: SocketAddr,
    epoch: Instant,
    connections: RwLock<Vec<Arc<Connection>>>,
    wanted: AtomicUsize,
    in_flight: AtomicUsize,
    serving: AtomicBool,
    warm_from: AtomicU64,
    failures: AtomicU32,
    answered: AtomicU64,
    ejected_until: AtomicU64,
    ejections: AtomicU32,
    reach: Mutex<Reach>,
    woken: Notify,
}

impl Replica {
    pub(super) fn new(address: SocketAddr, epoch: Instant) -> Self {
        Self {
            address,
            epoch,
            connections: RwLock::default(),
            wanted: AtomicUsize::new(1),
            in_flight: AtomicUsize::new(0),
            serving: AtomicBool::new(false),
            warm_from: AtomicU64::new(0),
            failures: AtomicU32::new(0),
            answered: AtomicU64::new(0),
            ejected_until: AtomicU64::new(0),
            ejections: AtomicU32::new(0),
            reach: Mutex::default(),
            woken: Notify::new(),
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    fn millis(&self, at: Instant) -> u64 {
        let passed = at.saturating_duration_since(self.epoch).as_millis();
        u64::try_from(passed).unwrap_or(u64::MAX).max(1)
    }
}

/// Calls.
impl Replica {
    pub(super) fn begin(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// A place on its connection with the fewest calls, another than the given one if there is one.
    pub(super) fn lease(self: &Arc<Self>, avoid: Option<&Arc<Connection>>) -> Option<Lease> {
        let connections = self.connections.read().unwrap_or_else(PoisonError::into_inner);
        let count = connections.len();
        // Of connections that are as idle, another one each time: they may lead to different replicas.
        let first = if count > 1 { fastrand::usize(..count) } else { 0 };
        let turned = connections.iter().cycle().skip(first).take(count);
        let usable = turned.filter(|connection| connection.is_open() && connection.has_room());
        let is_avoided = |connection: &Arc<Connection>| {
            avoid.is_some_and(|avoid| Arc::ptr_eq(avoid, connection))
        };
        let chosen = usable.min_by_key(|each| (is_avoided(each), each.in_flight()))?;
        if count < MOST_CONNECTIONS && chosen.is_crowded() {
            self.wake();
        }
        Some(Lease::new(Arc::clone(self), Arc::clone(chosen)))
    }

    /// Notes that it answers something, whatever that is.
    pub(super) fn lives(&self, now: Instant) {
        self.answered.store(self.millis(now), Ordering::Relaxed);
    }

    /// Notes that it answered a call; tells whether it failed before.
    pub(super) fn answer(&self, now: Instant) -> bool {
        self.lives(now);
        // Written only where it changes: cores share the line.
        self.failures.load(Ordering::Relaxed) > 0 && self.failures.swap(0, Ordering::Relaxed) > 0
    }

    /// Counts a failure in a row with others, and gives their number.
    pub(super) fn fail(&self) -> u32 {
        self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    pub(super) fn failures(&self) -> u32 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Whether it has answered anything since a moment.
    pub(super) fn has_answered_since(&self, moment: Instant) -> bool {
        self.answered.load(Ordering::Relaxed) >= self.millis(moment)
    }
}

/// Standing.
impl Replica {
    pub(super) fn standing(&self, now: Instant) -> Standing {
        if !self.is_serving() {
            Standing::NotServing
        } else if self.is_ejected(now) {
            Standing::Ejected
        } else {
            Standing::Fit
        }
    }

    /// Whether it said so when it was last asked.
    pub(super) fn is_serving(&self) -> bool {
        self.serving.load(Ordering::Relaxed)
    }

    pub(super) fn set_serving(&self, serving: bool) {
        self.serving.store(serving, Ordering::Relaxed);
    }

    pub(super) fn is_ejected(&self, now: Instant) -> bool {
        let until = self.ejected_until.load(Ordering::Relaxed);
        until > 0 && self.millis(now) < until
    }

    /// Ejects it for longer each time, unless the last time is long ago; it comes back slowly.
    pub(super) fn eject(&self, now: Instant, range: (Duration, Duration)) -> Duration {
        let last = self.ejected_until.load(Ordering::Relaxed);
        let forgotten = last + u64::try_from(range.1.as_millis()).unwrap_or(u64::MAX);
        if self.millis(now) > forgotten {
            self.ejections.store(0, Ordering::Relaxed);
        }
        let times = self.ejections.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let time = super::pause::grown(range, times);
        self.ejected_until.store(self.millis(now + time), Ordering::Relaxed);
        self.warm_from.store(self.millis(now + time), Ordering::Relaxed);
        time
    }

    /// Gets less than its share of calls from now on, and more with time.
    pub(super) fn warm_up(&self, now: Instant) {
        self.warm_from.store(self.millis(now), Ordering::Relaxed);
    }

    /// The share of calls that it should get, of what others get.
    pub(super) fn share(&self, now: Instant, slow_start: Duration) -> f64 {
        let from = self.warm_from.load(Ordering::Relaxed);
        if from == 0 {
            return 1.0;
        }
        let warm = Duration::from_millis(self.millis(now).saturating_sub(from));
        if warm >= slow_start {
            self.warm_from.store(0, Ordering::Relaxed);
            return 1.0;
        }
        warm.div_duration_f64(slow_start).max(LEAST_SHARE)
    }
}

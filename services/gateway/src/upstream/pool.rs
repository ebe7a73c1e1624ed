//! All replicas, and which of them a call goes to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::circuit::Circuit;
use super::connection::{Connection, Lease};
use super::metrics::Metrics;
use super::replica::{Replica, Standing};
use super::settings::Settings;

/// Where no replica can take a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nobody can be reached.
    Away,
    /// Every replica fails; calls do not find that out one by one for this long.
    CircuitOpen(Duration),
    /// Every connection has as many calls as it may have.
    Full,
}

/// The replicas as discovery and their keepers have them; calls only look.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) settings: Settings,
    pub(super) metrics: Metrics,
    pub(super) circuit: Circuit,
    replicas: RwLock<Arc<[Arc<Replica>]>>,
    /// Tells waiting calls that something happened.
    changes: watch::Sender<()>,
    /// Asks discovery to look again.
    pub(super) refresh: Notify,
    unresolved: AtomicBool,
}

impl Pool {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            circuit: Circuit::new(settings.open_for),
            metrics: Metrics::new(),
            replicas: RwLock::new(Arc::new([])),
            changes: watch::Sender::new(()),
            refresh: Notify::new(),
            unresolved: AtomicBool::new(false),
            settings,
        }
    }

    pub(super) fn replicas(&self) -> Arc<[Arc<Replica>]> {
        Arc::clone(&self.replicas.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn replace(&self, replicas: Vec<Arc<Replica>>) {
        *self.replicas.write().unwrap_or_else(PoisonError::into_inner) = replicas.into();
        self.unresolved.store(false, Ordering::Relaxed);
        self.changed();
    }

    /// Notes that the service's name leads nowhere.
    pub(super) fn unresolved(&self) {
        self.unresolved.store(true, Ordering::Relaxed);
        self.changed();
    }

    /// Has calls that wait look again.
    pub(super) fn changed(&self) {
        self.changes.send_replace(());
    }

    /// A place for a call, on another connection than the one where it failed if there is one. Waits while
    /// attempts to connect are under way.
    pub(super) async fn lease(&self, failed: Option<&Tried>) -> Result<Lease, Refusal> {
        let now = Instant::now();
        self.circuit.admit(now).map_err(Refusal::CircuitOpen)?;
        match self.pick(now, failed) {
            Err(Refusal::Away) => self.wait(now, failed).await,
            result => result,
        }
    }

    async fn wait(&self, since: Instant, failed: Option<&Tried>) -> Result<Lease, Refusal> {
        let mut changes = self.changes.subscribe();
        loop {
            changes.borrow_and_update();
            let away = match self.pick(Instant::now(), failed) {
                Err(Refusal::Away) => Refusal::Away,
                result => return result,
            };
            let replicas = self.replicas();
            let is_hopeless = if replicas.is_empty() {
                self.unresolved.load(Ordering::Relaxed)
            } else {
                replicas.iter().all(|replica| replica.is_away_since(since))
            };
            if is_hopeless {
                return Err(away);
            }
            // Whoever waits between two attempts has the next one made now.
            replicas.iter().filter(|each| !each.is_given_up()).for_each(|each| each.wake());
            // The sender lives in this very pool.
            if changes.changed().await.is_err() {
                return Err(away);
            }
        }
    }

    /// The less busy of two replicas that are taken at random: nearly as good as the least busy of all, but
    /// without all calls going to the same one ("The power of two choices in randomized load balancing").
    ///
    /// Busy means calls in flight. Latency is left out: a sign-in takes fifty times as long as a read by
    /// nature, so that it says more about the calls that a replica happened to get than about the replica.
    fn pick(&self, now: Instant, failed: Option<&Tried>) -> Result<Lease, Refusal> {
        let replicas = self.replicas.read().unwrap_or_else(PoisonError::into_inner);
        if replicas.len() > 1 {
            let first = fastrand::usize(..replicas.len());
            let second = (first + fastrand::usize(1..replicas.len())) % replicas.len();
            if let (Some(first), Some(second)) = (replicas.get(first), replicas.get(second))
                && let Some(chosen) = self.better(now, failed, first, second)
                && let Some(lease) = chosen.lease(None)
            {
                return Ok(lease);
            }
        }
        best(&replicas, now, failed)
    }

    fn better<'a>(
        &self,
        now: Instant,
        failed: Option<&Tried>,
        first: &'a Arc<Replica>,
        second: &'a Arc<Replica>,
    ) -> Option<&'a Arc<Replica>> {
        let is_usable = |each: &Arc<Replica>| {
            each.standing(now) == Standing::Fit && !failed.is_some_and(|failed| failed.is_of(each))
        };
        match (is_usable(first), is_usable(second)) {
            (true, true) => {}
            (true, false) => return Some(first),
            (false, true) => return Some(second),
            (false, false) => return None,
        }
        let shares = (self.share(first, now), self.share(second, now));
        // One that warms up gives way as often as its share is smaller.
        if shares.0 < shares.1 && fastrand::f64() * shares.1 > shares.0 {
            return Some(second);
        }
        if shares.1 < shares.0 && fastrand::f64() * shares.0 > shares.1 {
            return Some(first);
        }
        Some(if first.in_flight() <= second.in_flight() { first } else { second })
    }

    fn share(&self, replica: &Replica, now: Instant) -> f64 {
        replica.share(now, self.settings.slow_start)
    }
}

/// The best of all replicas that have room for a call, however bad it is.
fn best(replicas: &[Arc<Replica>], now: Instant, failed: Option<&Tried>) -> Result<Lease, Refusal> {
    let key = |replica: &Replica| {
        let has_failed = failed.is_some_and(|failed| failed.is_of(replica));
        (replica.standing(now), has_failed, replica.in_flight())
    };
    let mut chosen: Option<((Standing, bool, usize), Lease)> = None;
    for replica in replicas {
        let key = key(replica);
        if chosen.as_ref().is_some_and(|(best, _)| *best <= key) {
            continue;
        }
        if let Some(lease) = replica.lease(failed.map(|failed| &failed.connection)) {
            chosen = Some((key, lease));
        }
    }
    if let Some((_, lease)) = chosen {
        return Ok(lease);
    }
    let is_full = replicas.iter().any(|replica| replica.is_connected());
    Err(if is_full { Refusal::Full } else { Refusal::Away })
}

/// Where a call was tried.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub(super) replica: Arc<Replica>,
    pub(super) connection: Arc<Connection>,
}

impl Tried {
    pub(super) fn of(lease: &Lease) -> Self {
        let (replica, connection) = (Arc::clone(&lease.replica), Arc::clone(&lease.connection));
        Self { replica, connection }
    }

    fn is_of(&self, replica: &Replica) -> bool {
        std::ptr::eq(&raw const *self.replica, replica)
    }
}

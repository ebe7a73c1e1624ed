//! Follows where the service's name leads.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::keep::Keeper;
use super::pause;
use super::replica::Replica;
use super::resolve::Resolve;

/// A resolver that is silent for so long has failed.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);

/// The replicas as they are known, each with the task that keeps it; all end with this.
pub(super) struct Discovery {
    keeper: Arc<Keeper>,
    resolver: Arc<dyn Resolve>,
    known: BTreeMap<SocketAddr, (Arc<Replica>, AbortHandle)>,
    keepers: JoinSet<()>,
    epoch: Instant,
    has_failed: bool,
}

impl Discovery {
    pub(super) fn new(keeper: Keeper, resolver: Arc<dyn Resolve>) -> Self {
        Self {
            keeper: Arc::new(keeper),
            resolver,
            known: BTreeMap::new(),
            keepers: JoinSet::new(),
            epoch: Instant::now(),
            has_failed: false,
        }
    }

    /// Resolves again and again, and at once when a connection failed: then the addresses may be others.
    pub(super) async fn follow(mut self) {
        let pool = Arc::clone(&self.keeper.pool);
        loop {
            let began = Instant::now();
            let addresses = timeout(RESOLVE_TIMEOUT, self.resolver.resolve()).await;
            match addresses.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
                Ok(addresses) if !addresses.is_empty() => self.apply(&addresses),
                Ok(_) => self.failed(&io::Error::other("no address")),
                Err(error) => self.failed(&error),
            }
            let soon = began + pause::jittered(pool.settings.resolve_pause);
            // Without any address all calls fail until there is one.
            if !self.known.is_empty() {
                tokio::select! {
                    () = sleep(pause::jittered(pool.settings.resolve_every)) => {}
                    () = pool.refresh.notified() => {}
                }
            }
            sleep_until(soon).await;
            while self.keepers.try_join_next().is_some() {}
        }
    }

    /// Addresses that vanished take no new calls, and end with those that they have.
    fn apply(&mut self, addresses: &[SocketAddr]) {
        self.has_failed = false;
        let before: Vec<SocketAddr> = self.known.keys().copied().collect();
        self.known.retain(|address, (replica, task)| {
            let stays = addresses.contains(address);
            if !stays {
                tracing::info!(upstream.address = %address, "a replica is gone");
                task.abort();
                replica.close();
            }
            stays
        });
        for address in addresses {
            if !self.known.contains_key(address) {
                tracing::info!(upstream.address = %address, "a replica is new");
                self.begin(*address);
            }
        }
        if self.known.keys().eq(before.iter()) {
            return;
        }
        let pool = &self.keeper.pool;
        let each = pool.settings.connections.div_ceil(self.known.len()).max(1);
        let replicas = self.known.values().map(|(replica, _)| Arc::clone(replica)).collect();
        self.known.values().for_each(|(replica, _)| replica.want(each));
        pool.replace(replicas);
    }

    fn begin(&mut self, address: SocketAddr) {
        let replica = Arc::new(Replica::new(address, self.epoch));
        let (keeper, kept) = (Arc::clone(&self.keeper), Arc::clone(&replica));
        let task = self.keepers.spawn(async move { keeper.keep(kept).await });
        self.known.insert(address, (replica, task));
    }

    /// The last good answer stays: that nobody can tell is no sign that they are gone.
    fn failed(&mut self, error: &io::Error) {
        let pool = &self.keeper.pool;
        pool.metrics.unresolved();
        if !std::mem::replace(&mut self.has_failed, true) {
            tracing::warn!(%error, known = self.known.len(), "cannot resolve the service's name");
        }
        if self.known.is_empty() {
            pool.unresolved();
        }
    }
}

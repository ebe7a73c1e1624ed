//! What one of all replicas does from time to time.

use std::sync::Arc;
use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_store::{Lease, StoreError};
use uuid::Uuid;

use crate::core::Core;
use crate::error::chain;

/// How often each replica offers itself.
const EVERY: Duration = Duration::from_secs(30);
/// How long the others wait for one that does not come back.
const LEASE: time::Duration = time::Duration::minutes(2);
/// How many users are purged in one transaction.
const BATCH: u32 = 100;
/// How many rows of each kind that have expired are deleted in one transaction.
const SWEPT: u32 = 1000;

/// What was done in one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Whether this replica was the one to do it.
    pub in_charge: bool,
    /// How many users were purged.
    pub users_purged: usize,
    /// How many request ids were forgotten.
    pub requests_forgotten: u64,
}

/// One replica, as it stands for the work.
#[derive(Clone, Debug)]
pub(crate) struct Housekeeper {
    core: Arc<Core>,
    name: Uuid,
}

impl Housekeeper {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let name = core.sources.next_id();
        Self { core, name }
    }

    /// Works until the service drains.
    pub(crate) async fn run(self, shutdown: Shutdown) {
        loop {
            tokio::select! {
                biased;
                () = shutdown.draining() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            // A round that the shutdown cuts off is rolled back where it stands.
            tokio::select! {
                biased;
                () = shutdown.stopping() => return,
                kept = self.tick() => tell(kept),
            }
        }
    }

    /// One round.
    pub(crate) async fn tick(&self) -> Result<Kept, StoreError> {
        let mut kept = Kept::default();
        loop {
            let Some(purged) = self.core.store.purge_users(&self.lease(), BATCH).await? else {
                return Ok(kept);
            };
            kept.in_charge = true;
            kept.users_purged += purged.len();
            for id in &purged {
                tracing::info!(user.id = %id.0, "user purged");
            }
            if purged.len() < BATCH as usize {
                break;
            }
        }
        while let Some(swept) = self.core.store.sweep_expired(&self.lease(), SWEPT).await? {
            kept.requests_forgotten += swept.requests;
            if !swept.is_partial {
                break;
            }
        }
        Ok(kept)
    }

    fn lease(&self) -> Lease {
        let now = self.core.sources.now();
        Lease { holder: self.name, now, until: now + LEASE }
    }
}

fn tell(kept: Result<Kept, StoreError>) {
    match kept {
        Ok(kept) if kept.users_purged > 0 || kept.requests_forgotten > 0 => tracing::info!(
            users.purged = kept.users_purged,
            requests.forgotten = kept.requests_forgotten,
            "housekeeping done"
        ),
        Ok(_) => {}
        // Whether the database answers is told by the health.
        Err(error) => tracing::debug!(error.cause = chain(&error), "housekeeping was not done"),
    }
}

use std::time::Duration;

use sqlx::Database;
use sqlx::pool::PoolOptions;

/// How a store uses its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// How many connections at most; at least one is taken.
    pub max_connections: u32,
    /// How long a call waits for a free connection, or for a server that is not up.
    pub acquire_timeout: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { max_connections: 10, acquire_timeout: Duration::from_secs(3) }
    }
}

impl StoreOptions {
    /// Connections are not tested before each use, which would double the round trips of a read:
    /// a read that meets a dead one takes the next, and a transaction that cannot begin likewise.
    pub(crate) fn pool<Db: Database>(self) -> PoolOptions<Db> {
        PoolOptions::new()
            .max_connections(self.max_connections.max(1))
            .acquire_timeout(self.acquire_timeout)
            .test_before_acquire(false)
    }
}

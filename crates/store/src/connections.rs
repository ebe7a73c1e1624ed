//! The connections to one database: how many there are, who waits for one, and which go on serving.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Pool;
use sqlx::pool::PoolConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::abandoned::{Session, Sessions};
use crate::engine::{Arguments, Connection, Engine, Row};
use crate::fault::fault_of;
use crate::metrics::{PoolName, PoolState, Watched};

/// How long a connection goes from call to call before it passes through the driver's pool again, which
/// asks the server whether it lives, and ends it when it is old. Asked after each call, every read
/// would cost two round trips.
const KEPT: Duration = Duration::from_secs(1);

/// A pool of connections to one engine. Clones share it.
pub(crate) struct Connections<E: Engine>(Arc<Shared<E>>);

struct Shared<E: Engine> {
    pool: Pool<E::Db>,
    permits: Arc<Semaphore>,
    kept: Mutex<Vec<Kept<E>>>,
    watched: Watched,
    sessions: Sessions<E>,
}

struct Kept<E: Engine> {
    connection: PoolConnection<E::Db>,
    session: Option<Session>,
    taken: Instant,
    left: Instant,
}

impl<E: Engine> Clone for Connections<E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<E: Engine> fmt::Debug for Connections<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connections").finish_non_exhaustive()
    }
}

impl<E: Engine> Connections<E> {
    pub(crate) fn new(pool: Pool<E::Db>, name: PoolName) -> Self {
        let max = pool.options().get_max_connections();
        let permits = usize::try_from(max).unwrap_or(Semaphore::MAX_PERMITS);
        let state = {
            let pool = pool.clone();
            move |used| PoolState { max, idle: pool.size().saturating_sub(used), used }
        };
        Self(Arc::new(Shared {
            pool,
            permits: Arc::new(Semaphore::new(permits)),
            kept: Mutex::default(),
            watched: Watched::new(name, state),
            sessions: Sessions::new(),
        }))
    }

    /// How the driver connects, for connections beside the pool.
    pub(crate) fn pool(&self) -> &Pool<E::Db> {
        &self.0.pool
    }

    /// How many connections are open.
    pub(crate) fn size(&self) -> u32 {
        self.0.pool.size()
    }

    /// Closes every connection, after the calls that use one have ended; who waits for one gets none.
    pub(crate) async fn close(&self) {
        let closing = self.0.pool.close();
        self.0.permits.close();
        drop(std::mem::take(&mut *self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)));
        closing.await;
    }

    /// A connection that nobody else uses, within the pool's time.
    pub(crate) async fn acquire(&self) -> Result<Lease<E>, sqlx::Error> {
        let waiting = self.0.watched.wait();
        let limit = self.0.pool.options().get_acquire_timeout();
        let taken = tokio::time::timeout(limit, self.take()).await;
        let taken = taken.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        waiting.end(matches!(taken, Err(sqlx::Error::PoolTimedOut)));
        taken
    }

    async fn take(&self) -> Result<Lease<E>, sqlx::Error> {
        let permit = Arc::clone(&self.0.permits).acquire_owned().await;
        let permit = permit.map_err(|_closed| sqlx::Error::PoolClosed)?;
        let (connection, session, taken) = if let Some(kept) = self.0.pop() {
            (kept.connection, kept.session, kept.taken)
        } else {
            let mut connection = self.0.pool.acquire().await?;
            let session = self.0.sessions.identify(&mut connection).await;
            (connection, session, Instant::now())
        };
        self.0.watched.taken();
        let (connection, home) = (Some(connection), Arc::clone(&self.0));
        let (is_sound, is_busy, is_open) = (true, false, false);
        Ok(Lease { connection, session, home, taken, is_sound, is_busy, is_open, _permit: permit })
    }
}

impl<E: Engine> Shared<E> {
    /// The one that was used last; those that nobody has needed for a while go back to the pool.
    fn pop(&self) -> Option<Kept<E>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        kept.retain(|each| now.duration_since(each.left) < KEPT);
        kept.pop()
    }

    fn push(&self, connection: PoolConnection<E::Db>, session: Option<Session>, taken: Instant) {
        // Asked under the lock: who closes the pool empties this afterwards.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.elapsed() < KEPT && !self.pool.is_closed() {
            kept.push(Kept { connection, session, taken, left: Instant::now() });
        }
    }
}

/// A connection in use. It goes back when this is dropped, unless a statement was left in the middle
/// or the connection is of no use any more: then it is closed, and with it what was not committed,
/// after the server was told to stop the statement.
pub(crate) struct Lease<E: Engine> {
    connection: Option<PoolConnection<E::Db>>,
    session: Option<Session>,
    home: Arc<Shared<E>>,
    taken: Instant,
    is_sound: bool,
    is_busy: bool,
    is_open: bool,
    // Last, so that who waits finds the connection.
    _permit: OwnedSemaphorePermit,
}

impl<E: Engine> Lease<E> {
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        arguments: Arguments<E>,
    ) -> Result<u64, sqlx::Error> {
        let result = E::execute(self.enter()?, sql, arguments).await;
        self.leave(result)
    }

    pub(crate) async fn fetch(
        &mut self,
        sql: &'static str,
        arguments: Arguments<E>,
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let result = E::fetch(self.enter()?, sql, arguments).await;
        self.leave(result)
    }

    pub(crate) async fn execute_built(
        &mut self,
        sql: String,
        arguments: Arguments<E>,
    ) -> Result<u64, sqlx::Error> {
        let result = E::execute_built(self.enter()?, sql, arguments).await;
        self.leave(result)
    }

    pub(crate) async fn fetch_built(
        &mut self,
        sql: String,
        arguments: Arguments<E>,
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let result = E::fetch_built(self.enter()?, sql, arguments).await;
        self.leave(result)
    }

    pub(crate) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        self.command(E::BEGIN).await?;
        self.is_open = true;
        Ok(())
    }

    pub(crate) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        self.command("COMMIT").await?;
        self.is_open = false;
        Ok(())
    }

    /// Rolls back. That it fails is no matter: the connection is closed then.
    pub(crate) async fn roll_back(&mut self) {
        if self.is_sound && self.is_open && self.command("ROLLBACK").await.is_ok() {
            self.is_open = false;
        }
    }

    async fn command(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let result = E::command(self.enter()?, sql).await;
        self.leave(result)
    }

    fn enter(&mut self) -> Result<&mut Connection<E>, sqlx::Error> {
        self.is_sound = false;
        self.is_busy = true;
        self.connection.as_deref_mut().ok_or(sqlx::Error::WorkerCrashed)
    }

    fn leave<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        self.is_busy = false;
        self.is_sound = match &result {
            Ok(_) => true,
            Err(error) => !fault_of::<E>(error).ends_connection(),
        };
        result
    }
}

impl<E: Engine> Drop for Lease<E> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        self.home.watched.returned();
        if self.is_sound && !self.is_open {
            self.home.push(connection, self.session.take(), self.taken);
            return;
        }
        connection.close_on_drop();
        let Some(session) = self.session.take().filter(|_| self.is_busy) else { return };
        let home = Arc::clone(&self.home);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                home.sessions.cancel(&home.pool, &session).await;
                drop(connection);
            });
        }
    }
}

//! Statements whose caller is gone: a server goes on with them, and with waiting for locks, unless it
//! is told to stop.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{Connection as _, Pool, Statement as _};
use tokio::sync::Semaphore;

use crate::engine::{Connection, Engine, Prepared};
use crate::fault::fault_of;

/// How long a server is asked to stop a statement.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many connections are made for that at the same time.
const AT_ONCE: usize = 2;
/// How many sessions are remembered; a pool has far fewer.
const REMEMBERED: usize = 1024;

/// The name of a session: which server it is on, and its number there.
pub(crate) type Session = Arc<str>;

/// Which session of the server each connection is.
///
/// The drivers do not say it, and it cannot be asked for once the connection is busy. What tells one
/// connection from another is the statement that asks, which each prepares once and keeps.
pub(crate) struct Sessions<E: Engine> {
    known: Mutex<HashMap<usize, (Prepared<E>, Session)>>,
    is_of_use: AtomicBool,
    cancelling: Semaphore,
}

impl<E: Engine> Sessions<E> {
    pub(crate) fn new() -> Self {
        Self {
            known: Mutex::default(),
            is_of_use: AtomicBool::new(true),
            cancelling: Semaphore::new(AT_ONCE),
        }
    }

    /// The session of an idle connection; the server is asked the first time only. None where there is
    /// no server, or none that could tell.
    pub(crate) async fn identify(&self, connection: &mut Connection<E>) -> Option<Session> {
        let sql = E::SESSION.filter(|_| self.is_of_use.load(Ordering::Relaxed))?;
        let session = self.find_or_ask(connection, sql).await;
        // A connection that died says nothing of the others.
        if session.as_ref().is_err_and(|error| !fault_of::<E>(error).ends_connection()) {
            tracing::debug!("sessions are not told: statements end on their own");
            self.is_of_use.store(false, Ordering::Relaxed);
        }
        session.ok()
    }

    async fn find_or_ask(
        &self,
        connection: &mut Connection<E>,
        sql: &'static str,
    ) -> Result<Session, sqlx::Error> {
        let key = |prepared: &Prepared<E>| prepared.columns().as_ptr().addr();
        let prepared = E::prepare(connection, sql).await?;
        if let Some((_, session)) = self.lock().get(&key(&prepared)) {
            return Ok(Arc::clone(session));
        }
        let rows = E::fetch(connection, sql, crate::engine::Arguments::<E>::default()).await?;
        let session = rows.first().map(|row| E::text(row, 0)).transpose()?.flatten();
        let session: Session = session.ok_or(sqlx::Error::RowNotFound)?.into();
        // Where statements are not kept, none tells its connection.
        if key(&E::prepare(connection, sql).await?) != key(&prepared) {
            return Err(sqlx::Error::RowNotFound);
        }
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        // The statement is kept, so that no other one comes to lie in its place.
        known.insert(key(&prepared), (prepared, Arc::clone(&session)));
        Ok(session)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<usize, (Prepared<E>, Session)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the statement that a session is at. The connection must not be used for another one
    /// meanwhile.
    pub(crate) async fn cancel(&self, pool: &Pool<E::Db>, session: &str) {
        let work = async {
            let _turn = self.cancelling.acquire().await;
            // Not of the pool, which may be full of statements that wait for the same lock.
            let mut connection = Connection::<E>::connect_with(&pool.connect_options()).await?;
            E::cancel(&mut connection, session).await?;
            connection.close().await
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a statement without a caller goes on"),
            Err(_) => tracing::debug!("a statement without a caller goes on: no answer in time"),
        }
    }
}

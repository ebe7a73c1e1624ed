use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;

use crate::Author;
use crate::backoff::Backoff;
use crate::connections::{Connections, Lease};
use crate::engine::{Arguments, Engine, Fault, Row, Value};
use crate::error::StoreError;
use crate::fault::{fault_of, store_error};
use crate::metrics::PoolName;
use crate::query::Query;
use crate::replica::{RecentWrites, Replica, Sql};
use crate::sql::Statement;

/// How often a call is tried that others, or the loss of a server, get in the way of.
const MAX_ATTEMPTS: u32 = 10;

/// The connections to one engine, and in whose name it writes.
pub(crate) struct Db<E: Engine> {
    connections: Connections<E>,
    replica: Option<Arc<Replica<E>>>,
    /// What the replica must have to answer; it is not asked at all without.
    writes: Option<RecentWrites>,
    author: Arc<Author>,
}

impl<E: Engine> Clone for Db<E> {
    fn clone(&self) -> Self {
        Self {
            connections: self.connections.clone(),
            replica: self.replica.clone(),
            writes: self.writes,
            author: Arc::clone(&self.author),
        }
    }
}

impl<E: Engine> Db<E> {
    pub(crate) fn new(pool: Pool<E::Db>) -> Self {
        let connections = Connections::new(pool, PoolName::Primary);
        Self { connections, replica: None, writes: None, author: Arc::default() }
    }

    /// The same, with a replica that takes reads.
    pub(crate) fn with_replica(self, pool: Pool<E::Db>) -> Self {
        let replica = Replica::new(Connections::new(pool, PoolName::Replica));
        Self { replica: Some(Arc::new(replica)), ..self }
    }

    pub(crate) fn replica(&self) -> Option<&Replica<E>> {
        self.replica.as_deref()
    }

    /// The same connections, reading from a replica that has these writes.
    pub(crate) fn after(&self, writes: RecentWrites) -> Self {
        Self { writes: Some(writes), ..self.clone() }
    }

    /// The same connections, writing in another name.
    pub(crate) fn by(&self, author: &Arc<Author>) -> Self {
        Self { author: Arc::clone(author), ..self.clone() }
    }

    pub(crate) async fn close(&self) {
        self.connections.close().await;
        if let Some(replica) = &self.replica {
            replica.connections().close().await;
        }
    }

    /// Whether sessions of the server change from one transaction to the next.
    pub(crate) async fn is_pooled(&self) -> Result<bool, StoreError> {
        let mut is_pooled = E::is_pooled(self.connections.pool()).await;
        if let (Ok(false), Some(replica)) = (&is_pooled, &self.replica) {
            // One that does not answer is asked once it does, before it is asked for anything else.
            is_pooled = Ok(E::is_pooled(replica.connections().pool()).await.unwrap_or_default());
        }
        is_pooled.map_err(store_error::<E>)
    }

    /// Runs a query outside any transaction; its rows, decoded.
    pub(crate) async fn read<T>(
        &self,
        statement: &'static Statement,
        values: &[Value<'_>],
        decode: impl Fn(&[Row<E>]) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.read_sql(E::sql(statement), values, decode).await
    }

    pub(crate) async fn read_sql<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        decode: impl Fn(&[Row<E>]) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        if let Some(rows) = self.ask_replica(Sql::Static(sql), values).await {
            return decode(&rows).map_err(store_error::<E>);
        }
        let mut patience = self.patience();
        loop {
            match self.fetch(sql, values).await {
                Ok(rows) => return decode(&rows).map_err(store_error::<E>),
                Err(error) if patience.again(fault_of::<E>(&error)).await => {}
                Err(error) => return Err(store_error::<E>(error)),
            }
        }
    }

    /// Runs a query that was put together; its rows, decoded.
    pub(crate) async fn read_built<T>(
        &self,
        query: &Query<'_>,
        decode: impl Fn(&[Row<E>]) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        if let Some(rows) = self.ask_replica(Sql::Built(query.text()), query.values()).await {
            return decode(&rows).map_err(store_error::<E>);
        }
        let mut patience = self.patience();
        loop {
            match self.fetch_built(query).await {
                Ok(rows) => return decode(&rows).map_err(store_error::<E>),
                Err(error) if patience.again(fault_of::<E>(&error)).await => {}
                Err(error) => return Err(store_error::<E>(error)),
            }
        }
    }

    async fn ask_replica(&self, sql: Sql<'_>, values: &[Value<'_>]) -> Option<Vec<Row<E>>> {
        let (replica, writes) = (self.replica.as_ref()?, self.writes.as_ref()?);
        replica.fetch(writes, sql, values).await
    }

    async fn fetch_built(&self, query: &Query<'_>) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(query.values())?;
        let mut lease = self.connections.acquire().await?;
        lease.fetch_built(query.text().to_owned(), arguments).await
    }

    async fn fetch(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(values)?;
        self.connections.acquire().await?.fetch(sql, arguments).await
    }

    fn patience(&self) -> Patience {
        Patience {
            // Each idle connection may have died with the server.
            dead: self.connections.size(),
            backoff: Backoff::new(MAX_ATTEMPTS, Duration::from_millis(4)),
        }
    }

    /// Does the work in a transaction and commits it.
    ///
    /// A transaction that others get in the way of is done again from its beginning, and nothing
    /// more but `ROLLBACK` is sent on the one that failed: after MySQL's error 1213 the server has left
    /// it already, and would commit each further statement on its own.
    pub(crate) async fn write<W: Work<E>>(&self, work: &W) -> Result<W::Output, W::Error> {
        let mut patience = self.patience();
        loop {
            let (error, fault) = match self.attempt(work).await {
                Ok(output) => return Ok(output),
                Err(Abort::Refused(refusal)) => return Err(refusal),
                Err(Abort::Failed(error)) => {
                    let fault = fault_of::<E>(&error);
                    (error, fault)
                }
                Err(Abort::Overtaken(error)) => (error, Fault::Conflict),
                Err(Abort::Unknown(error)) if W::IS_REPEATABLE => (error, Fault::Lost),
                Err(Abort::Unknown(error)) => (error, Fault::Other),
            };
            if !patience.again(fault).await {
                return Err(store_error::<E>(error).into());
            }
        }
    }

    async fn attempt<W: Work<E>>(&self, work: &W) -> Result<W::Output, Abort<W::Error>> {
        let mut transaction = self.begin().await?;
        match work.run(&mut transaction).await {
            Ok(output) => match transaction.lease.commit().await {
                Ok(()) => Ok(output),
                // Done or not, nobody knows: to do it again might do it twice.
                Err(error) if fault_of::<E>(&error) == Fault::Lost => Err(Abort::Unknown(error)),
                Err(error) => {
                    transaction.lease.roll_back().await;
                    Err(Abort::Failed(error))
                }
            },
            Err(abort) => {
                transaction.lease.roll_back().await;
                Err(abort)
            }
        }
    }

    async fn begin(&self) -> Result<Tx<E>, sqlx::Error> {
        let mut dead = self.connections.size();
        loop {
            let mut lease = self.connections.acquire().await?;
            match lease.begin().await {
                Ok(()) => return Ok(Tx { lease, author: Arc::clone(&self.author) }),
                Err(error) if dead > 0 && fault_of::<E>(&error) == Fault::Lost => dead -= 1,
                Err(error) => return Err(error),
            }
        }
    }
}

/// How often a call may still be tried.
struct Patience {
    dead: u32,
    backoff: Backoff,
}

impl Patience {
    /// Whether to try again after this, when it is time to.
    async fn again(&mut self, fault: Fault) -> bool {
        match fault {
            Fault::Lost if self.dead > 0 => {
                self.dead -= 1;
                true
            }
            Fault::Lost | Fault::Conflict | Fault::ReadOnly => self.backoff.wait().await,
            Fault::Unavailable | Fault::Refused | Fault::Duplicate | Fault::Other => false,
        }
    }
}

/// What is done in one transaction. It may run several times, so it changes nothing but the database.
pub(crate) trait Work<E: Engine>: Sync {
    type Output: Send;
    type Error: From<StoreError> + Send;

    /// Whether it may be done again when nobody knows whether it was done: it finds its own traces.
    const IS_REPEATABLE: bool = false;

    fn run(
        &self,
        transaction: &mut Tx<E>,
    ) -> impl Future<Output = Result<Self::Output, Abort<Self::Error>>> + Send;
}

/// Why a transaction ends without a commit.
pub(crate) enum Abort<R> {
    /// The work must not be done.
    Refused(R),
    /// A statement failed; nothing was committed.
    Failed(sqlx::Error),
    /// Somebody else has just done a part of the work; nothing was committed.
    Overtaken(sqlx::Error),
    /// The commit failed in a way that leaves open whether it happened.
    Unknown(sqlx::Error),
}

impl<R> Abort<R> {
    /// The same end of a transaction whose refusals are told in other words.
    pub(crate) fn refused_as<S: From<R>>(self) -> Abort<S> {
        match self {
            Self::Refused(refusal) => Abort::Refused(refusal.into()),
            Self::Failed(error) => Abort::Failed(error),
            Self::Overtaken(error) => Abort::Overtaken(error),
            Self::Unknown(error) => Abort::Unknown(error),
        }
    }
}

impl<R> From<sqlx::Error> for Abort<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

/// A transaction that is rolled back unless its work ends well.
pub(crate) struct Tx<E: Engine> {
    lease: Lease<E>,
    author: Arc<Author>,
}

impl<E: Engine> Tx<E> {
    /// In whose name it is written.
    pub(crate) fn author(&self) -> Arc<Author> {
        Arc::clone(&self.author)
    }

    /// Runs a statement; the number of rows that it matched.
    pub(crate) async fn execute(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<u64, sqlx::Error> {
        let arguments = bound::<E>(values)?;
        self.lease.execute(E::sql(statement), arguments).await
    }

    /// Runs a query; all its rows.
    pub(crate) async fn fetch(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(values)?;
        self.lease.fetch(E::sql(statement), arguments).await
    }

    /// Inserts many rows with one statement; `head` is `INSERT INTO table (columns) `.
    pub(crate) async fn insert<'a, R: AsRef<[Value<'a>]> + Sync>(
        &mut self,
        head: &'static str,
        rows: &[R],
    ) -> Result<u64, sqlx::Error> {
        let (sql, arguments) = E::insert(head, rows).map_err(sqlx::Error::Encode)?;
        self.lease.execute_built(sql, arguments).await
    }

    /// Runs a query that was put together; all its rows.
    pub(crate) async fn fetch_built(
        &mut self,
        query: &Query<'_>,
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(query.values())?;
        self.lease.fetch_built(query.text().to_owned(), arguments).await
    }
}

/// Whether a unique key refused the statement.
pub(crate) fn is_duplicate<E: Engine>(error: &sqlx::Error) -> bool {
    fault_of::<E>(error) == Fault::Duplicate
}

pub(crate) fn bound<E: Engine>(values: &[Value<'_>]) -> Result<Arguments<E>, sqlx::Error> {
    let mut arguments = Arguments::<E>::default();
    for value in values {
        E::bind(&mut arguments, *value).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

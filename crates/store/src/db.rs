use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Pool, Transaction};

use crate::Author;
use crate::backoff::Backoff;
use crate::engine::{Arguments, Engine, Fault, Row, Value};
use crate::error::StoreError;
use crate::fault::{fault_of, store_error};
use crate::query::Query;
use crate::sql::Statement;

/// How often a transaction is tried that others get in the way of.
const MAX_ATTEMPTS: u32 = 10;

/// A pool of connections to one engine, and in whose name it writes.
pub(crate) struct Db<E: Engine> {
    pool: Pool<E::Db>,
    author: Arc<Author>,
}

impl<E: Engine> Clone for Db<E> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), author: Arc::clone(&self.author) }
    }
}

impl<E: Engine> Db<E> {
    pub(crate) fn new(pool: Pool<E::Db>) -> Self {
        Self { pool, author: Arc::default() }
    }

    /// The same connections, writing in another name.
    pub(crate) fn by(&self, author: &Arc<Author>) -> Self {
        Self { pool: self.pool.clone(), author: Arc::clone(author) }
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
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
        // Each idle connection may have died with the server: the last try has a new one.
        let mut spare = self.pool.size();
        loop {
            match self.fetch(sql, values).await {
                Ok(rows) => return decode(&rows).map_err(store_error::<E>),
                Err(error) if spare > 0 && fault_of::<E>(&error) == Fault::Lost => spare -= 1,
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
        let mut spare = self.pool.size();
        loop {
            match self.fetch_built(query).await {
                Ok(rows) => return decode(&rows).map_err(store_error::<E>),
                Err(error) if spare > 0 && fault_of::<E>(&error) == Fault::Lost => spare -= 1,
                Err(error) => return Err(store_error::<E>(error)),
            }
        }
    }

    async fn fetch_built(&self, query: &Query<'_>) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(query.values())?;
        let mut connection: PoolConnection<E::Db> = self.pool.acquire().await?;
        E::fetch_built(&mut connection, query.text().to_owned(), arguments).await
    }

    async fn fetch(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(values)?;
        let mut connection: PoolConnection<E::Db> = self.pool.acquire().await?;
        E::fetch(&mut connection, sql, arguments).await
    }

    /// Does the work in a transaction and commits it.
    ///
    /// A transaction that others get in the way of is done again from its beginning, and nothing
    /// more is sent on the one that failed: after MySQL's error 1213 the server has left it already,
    /// and would commit each further statement on its own.
    pub(crate) async fn write<W: Work<E>>(&self, work: &W) -> Result<W::Output, W::Error> {
        let mut backoff = Backoff::new(MAX_ATTEMPTS, Duration::from_millis(4));
        loop {
            let (error, may_succeed) = match self.attempt(work).await {
                Ok(output) => return Ok(output),
                Err(Abort::Refused(refusal)) => return Err(refusal),
                Err(Abort::Failed(error)) => {
                    let fault = fault_of::<E>(&error);
                    (error, matches!(fault, Fault::Conflict | Fault::Lost))
                }
                Err(Abort::Overtaken(error)) => (error, true),
                Err(Abort::Unknown(error)) => (error, false),
            };
            if !(may_succeed && backoff.wait().await) {
                return Err(store_error::<E>(error).into());
            }
        }
    }

    async fn attempt<W: Work<E>>(&self, work: &W) -> Result<W::Output, Abort<W::Error>> {
        let author = Arc::clone(&self.author);
        let mut transaction = Tx::<E> { inner: self.begin().await?, author };
        let output = work.run(&mut transaction).await?;
        match transaction.inner.commit().await {
            Ok(()) => Ok(output),
            // Done or not, nobody knows: to do it again might do it twice.
            Err(error) if fault_of::<E>(&error) == Fault::Lost => Err(Abort::Unknown(error)),
            Err(error) => Err(Abort::Failed(error)),
        }
    }

    async fn begin(&self) -> Result<Transaction<'static, E::Db>, sqlx::Error> {
        let mut spare = self.pool.size();
        loop {
            match self.pool.begin_with(E::BEGIN).await {
                Err(error) if spare > 0 && fault_of::<E>(&error) == Fault::Lost => spare -= 1,
                result => return result,
            }
        }
    }
}

/// What is done in one transaction. It may run several times, so it changes nothing but the database.
pub(crate) trait Work<E: Engine>: Sync {
    type Output: Send;
    type Error: From<StoreError> + Send;

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
    inner: Transaction<'static, E::Db>,
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
        E::execute(&mut self.inner, E::sql(statement), arguments).await
    }

    /// Runs a query; all its rows.
    pub(crate) async fn fetch(
        &mut self,
        statement: &'static Statement,
        values: &[Value<'_>],
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(values)?;
        E::fetch(&mut self.inner, E::sql(statement), arguments).await
    }

    /// Runs a statement that was put together; the number of rows that it matched.
    pub(crate) async fn execute_built(&mut self, query: &Query<'_>) -> Result<u64, sqlx::Error> {
        let arguments = bound::<E>(query.values())?;
        E::execute_built(&mut self.inner, query.text().to_owned(), arguments).await
    }

    /// Runs a query that was put together; all its rows.
    pub(crate) async fn fetch_built(
        &mut self,
        query: &Query<'_>,
    ) -> Result<Vec<Row<E>>, sqlx::Error> {
        let arguments = bound::<E>(query.values())?;
        E::fetch_built(&mut self.inner, query.text().to_owned(), arguments).await
    }
}

/// Whether a unique key refused the statement.
pub(crate) fn is_duplicate<E: Engine>(error: &sqlx::Error) -> bool {
    fault_of::<E>(error) == Fault::Duplicate
}

fn bound<E: Engine>(values: &[Value<'_>]) -> Result<Arguments<E>, sqlx::Error> {
    let mut arguments = Arguments::<E>::default();
    for value in values {
        E::bind(&mut arguments, *value).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

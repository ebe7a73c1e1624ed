use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use time::OffsetDateTime;

use super::cell::Cell;
use super::deadline::bounded;
use super::error::DatabaseError;
use super::lease::{self, HeldLease};
use super::place::Place;
use super::rows;
use super::tables::{LOCK, Table};
use crate::engine::{Connection, Engine, MySql, Postgres, Sqlite};
use crate::error::{Cause, StoreError};
use crate::fault::store_error;
use crate::url::{DatabaseUrl, Scheme};
use crate::{Store, StoreOptions, schema, snapshot};

/// A database of the platform as it stood when it was opened: one transaction that only reads, while
/// others go on writing. It ends when the value is dropped.
pub struct Source {
    backend: Backend,
    schema: i64,
    place: Place,
}

enum Backend {
    Sqlite(Connection<Sqlite>),
    MySql(Connection<MySql>),
    Postgres(Connection<Postgres>),
}

/// Runs a call on the engine of the source.
macro_rules! on {
    ($backend:expr, |$connection:ident, $engine:ident| $call:expr) => {
        match $backend {
            Backend::Sqlite($connection) => {
                type $engine = Sqlite;
                $call
            }
            Backend::MySql($connection) => {
                type $engine = MySql;
                $call
            }
            Backend::Postgres($connection) => {
                type $engine = Postgres;
                $call
            }
        }
    };
}

impl Source {
    /// Connects, with any of the URLs that a store takes, and begins the transaction; `known` are the
    /// migrations of this release, oldest first, which the database must have, and no other.
    pub async fn open(url: &str, known: &[i64], timeout: Duration) -> Result<Self, DatabaseError> {
        refuse_pooler(url, timeout).await?;
        let url = DatabaseUrl::parse(url)?;
        let text = url.text.as_str();
        let place = Place::of(&url)?;
        let backend = match url.scheme {
            Scheme::Sqlite => {
                let path = find_file(text)?;
                let begun = begin::<Sqlite>(text, known, timeout).await;
                Backend::Sqlite(begun.map_err(|error| named(error, path))?)
            }
            Scheme::MySql => Backend::MySql(begin::<MySql>(text, known, timeout).await?),
            Scheme::Postgres => Backend::Postgres(begin::<Postgres>(text, known, timeout).await?),
        };
        let schema = known.iter().copied().max().unwrap_or_default();
        Ok(Self { backend, schema, place })
    }

    /// Which database it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The engine, by its name in OpenTelemetry's conventions.
    #[must_use]
    pub const fn system(&self) -> &'static str {
        match &self.backend {
            Backend::Sqlite(_) => Sqlite::SYSTEM,
            Backend::MySql(_) => MySql::SYSTEM,
            Backend::Postgres(_) => Postgres::SYSTEM,
        }
    }

    /// The newest migration.
    pub(super) const fn schema(&self) -> i64 {
        self.schema
    }

    /// The first rows of a table, or those behind a row, in the order of the key; none at the end.
    pub(super) async fn page(
        &mut self,
        table: &'static Table,
        after: Option<&[Cell]>,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        on!(&mut self.backend, |connection, E| {
            bounded(rows::page::<E>(connection, table, after)).await
        })
    }

    /// The lease that lasts longest of those that have not expired.
    pub(super) async fn find_lease(
        &mut self,
        now: OffsetDateTime,
    ) -> Result<Option<HeldLease>, StoreError> {
        on!(&mut self.backend, |connection, E| bounded(lease::find::<E>(connection, now)).await)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Source").field("system", &self.system()).finish_non_exhaustive()
    }
}

/// Connects to a database of this schema and begins the transaction.
async fn begin<E: snapshot::Source>(
    url: &str,
    known: &[i64],
    timeout: Duration,
) -> Result<Connection<E>, DatabaseError> {
    let opened = tokio::time::timeout(timeout, async {
        let mut connection = snapshot::connect::<E, DatabaseError>(url).await?;
        // Once before, as tables that are not there cannot be locked, and once in the transaction.
        check_schema::<E>(&mut connection, known).await?;
        E::command(&mut connection, E::BEGIN_READING).await.map_err(store_error::<E>)?;
        if E::LOCKS_BEFORE_READING {
            // No query before this: the first one makes the snapshot.
            E::command(&mut connection, LOCK).await.map_err(store_error::<E>)?;
        }
        check_schema::<E>(&mut connection, known).await?;
        Ok(connection)
    });
    let late = |_| StoreError::Unavailable(Cause::new("it does not answer, or a table is locked"));
    opened.await.map_err(late)?
}

async fn check_schema<E: Engine>(
    connection: &mut Connection<E>,
    known: &[i64],
) -> Result<(), DatabaseError> {
    let applied = schema::applied_versions::<E>(connection).await?;
    if let Some(missing) = known.iter().find(|version| !applied.contains(version)) {
        return Err(DatabaseError::Behind { missing: *missing });
    }
    if let Some(unknown) = applied.iter().filter(|version| !known.contains(version)).max() {
        return Err(DatabaseError::Ahead { unknown: *unknown });
    }
    Ok(())
}

async fn refuse_pooler(url: &str, timeout: Duration) -> Result<(), DatabaseError> {
    let options = StoreOptions { max_connections: 1, acquire_timeout: timeout };
    let store = Store::connect(url, options)?;
    let late = |_| StoreError::Unavailable(Cause::new("it does not answer"));
    let is_pooled = tokio::time::timeout(timeout, store.is_pooled()).await.map_err(late)?;
    store.close().await;
    if is_pooled? { Err(DatabaseError::Pooled) } else { Ok(()) }
}

/// The file, which must be there: a path that is mistyped must not be told as a server that is away.
///
/// It is not opened: closing it again would take the locks from every connection of this process
/// (<https://www.sqlite.org/howtocorrupt.html>, section 2.2).
fn find_file(url: &str) -> Result<PathBuf, DatabaseError> {
    let path = snapshot::sqlite_file(url)?;
    if path.exists() { Ok(path) } else { Err(DatabaseError::NoFile(path)) }
}

/// The error, which names a file that is something else (`SQLITE_NOTADB`).
fn named(error: DatabaseError, path: PathBuf) -> DatabaseError {
    match &error {
        DatabaseError::Store(StoreError::Internal(cause)) if cause.has_code("26") => {
            DatabaseError::NoDatabase(path)
        }
        _ => error,
    }
}

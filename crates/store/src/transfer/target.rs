use std::fmt;
use std::time::Duration;

use super::DatabaseError;
use super::cell::Cell;
use super::deadline::bounded;
use super::insert::InsertError;
use super::place::Place;
use super::source::Source;
use super::tables::Table;
use crate::url::DatabaseUrl;
use crate::{ConnectError, Store, StoreOptions};

/// The database that is imported into.
#[derive(Clone)]
pub struct Target {
    url: String,
    known: Vec<i64>,
    timeout: Duration,
    store: Store,
    place: Place,
}

impl Target {
    /// On a database that has those migrations, and no others. Connects when it is first used.
    pub fn connect(url: &str, known: &[i64], timeout: Duration) -> Result<Self, ConnectError> {
        let options = StoreOptions { max_connections: 1, acquire_timeout: timeout };
        let store = Store::connect(url, options)?;
        let place = Place::of(&DatabaseUrl::parse(url)?)?;
        Ok(Self { url: url.to_owned(), known: known.to_vec(), timeout, store, place })
    }

    /// Returns the connections; one that does not answer is left to the end of the program.
    pub async fn close(&self) {
        let _ = tokio::time::timeout(self.timeout, self.store.close()).await;
    }

    /// Which database it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    pub(super) async fn open(&self) -> Result<Source, DatabaseError> {
        Source::open(&self.url, &self.known, self.timeout).await
    }

    pub(super) fn schema(&self) -> i64 {
        self.known.iter().copied().max().unwrap_or_default()
    }

    /// Inserts those of the rows, which are in the order of their keys, that are not there; how many.
    pub(super) async fn insert(
        &self,
        table: &'static Table,
        rows: &[Vec<Cell>],
    ) -> Result<u64, InsertError> {
        bounded(self.store.insert_rows(table, rows)).await
    }
}

/// The URL may hold a password.
impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Target").field("place", &self.place).finish_non_exhaustive()
    }
}

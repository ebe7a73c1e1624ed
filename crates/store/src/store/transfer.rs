//! Rows that come from a file.

use tracing::Instrument as _;

use super::{Backend, Store};
use crate::engine::{Engine as _, MySql, Postgres, Sqlite};
use crate::transfer::{Cell, InsertError, Table, insert_rows};

/// Rows that come from a file.
impl Store {
    /// Inserts those of the rows, which are in the order of their keys, that are not there, in one
    /// transaction; how many.
    pub(crate) async fn insert_rows(
        &self,
        table: &'static Table,
        rows: &[Vec<Cell>],
    ) -> Result<u64, InsertError> {
        call!(self, "db.transfer.insert_rows", "insert_rows", |db| insert_rows(db, table, rows))
    }
}

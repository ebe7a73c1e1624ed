//! Rows of a table that are written together.

use super::cell::Cell;
use super::error::ImportError;
use super::insert::InsertError;
use super::tables::Table;
use super::target::Target;

/// How many rows a transaction inserts at most.
const ROWS: usize = 1000;
/// How many bytes of texts and blobs a transaction inserts, about: servers limit a statement's length.
const BYTES: usize = 1 << 20;

/// Rows of a table that are written together, and how many were written so far.
pub(super) struct Batch<'a> {
    target: &'a Target,
    table: Option<&'static Table>,
    rows: Vec<Vec<Cell>>,
    bytes: usize,
    written: Vec<u64>,
}

impl<'a> Batch<'a> {
    pub(super) fn into(target: &'a Target) -> Self {
        Self { target, table: None, rows: Vec::new(), bytes: 0, written: Vec::new() }
    }

    /// How many rows of each table so far were written.
    pub(super) fn written(&self) -> &[u64] {
        &self.written
    }

    /// Whether this run has written any row.
    pub(super) fn has_written(&self) -> bool {
        self.written.iter().any(|rows| *rows > 0)
    }

    pub(super) async fn begin(&mut self, table: &'static Table) -> Result<(), ImportError> {
        self.flush().await?;
        self.table = Some(table);
        self.written.push(0);
        Ok(())
    }

    /// Takes a row; whether a batch was written for it.
    pub(super) async fn add(&mut self, row: Vec<Cell>) -> Result<bool, ImportError> {
        self.bytes += row.iter().map(Cell::bytes).sum::<usize>();
        self.rows.push(row);
        let is_full = self.rows.len() >= ROWS || self.bytes >= BYTES;
        if is_full {
            self.flush().await?;
        }
        Ok(is_full)
    }

    pub(super) async fn flush(&mut self) -> Result<(), ImportError> {
        let Some(table) = self.table.filter(|_| !self.rows.is_empty()) else { return Ok(()) };
        let (is_written, table_name) = (self.has_written(), table.name);
        let inserted = self.target.insert(table, &self.rows).await;
        let inserted = inserted.map_err(|error| match error {
            InsertError::Foreign(key) => {
                ImportError::Foreign { table: table_name, key, is_written }
            }
            InsertError::Differs(key) => {
                ImportError::Differs { table: table_name, key, is_written }
            }
            InsertError::Taken(key) => ImportError::Taken { table: table_name, key, is_written },
            InsertError::Store(error) => error.into(),
        })?;
        if let Some(written) = self.written.last_mut() {
            *written += inserted;
        }
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }
}

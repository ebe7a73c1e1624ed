//! The rows of a file beside those of a database, both in the order of the key.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::cell::{Cell, KeyOf};
use super::error::ImportError;
use super::source::Source;
use super::tables::Table;
use crate::error::StoreError;

/// Compares before anything is written.
pub(super) struct Merge<'a> {
    source: &'a mut Source,
    table: Option<&'static Table>,
    page: VecDeque<Vec<Cell>>,
    /// The last row of the page, from which the next one is read.
    last: Option<Vec<Cell>>,
}

impl<'a> Merge<'a> {
    pub(super) fn with(source: &'a mut Source) -> Self {
        Self { source, table: None, page: VecDeque::new(), last: None }
    }

    /// The file has come to a table. What the database has left of the one before is not in the file.
    pub(super) async fn begin(&mut self, table: &'static Table) -> Result<(), ImportError> {
        self.end()?;
        self.table = Some(table);
        Ok(self.read(table, None).await?)
    }

    /// Whether the database has the row already.
    pub(super) async fn has(&mut self, row: &[Cell]) -> Result<bool, ImportError> {
        let (Some(table), Some(here)) = (self.table, self.page.front()) else { return Ok(false) };
        match here.iter().take(table.key).cmp(row.iter().take(table.key)) {
            Ordering::Greater => Ok(false),
            Ordering::Less => Err(foreign(table, here)),
            Ordering::Equal if here.as_slice() == row => {
                self.page.pop_front();
                if self.page.is_empty()
                    && let Some(last) = self.last.take()
                {
                    self.read(table, Some(&last)).await?;
                }
                Ok(true)
            }
            Ordering::Equal => Err(ImportError::Differs {
                table: table.name,
                key: KeyOf(table, row).to_string(),
                is_written: false,
            }),
        }
    }

    /// The file is at its end.
    pub(super) fn end(&self) -> Result<(), ImportError> {
        match (self.table, self.page.front()) {
            (Some(table), Some(here)) => Err(foreign(table, here)),
            _ => Ok(()),
        }
    }

    async fn read(
        &mut self,
        table: &'static Table,
        after: Option<&[Cell]>,
    ) -> Result<(), StoreError> {
        self.page = self.source.page(table, after).await?.into();
        self.last = self.page.back().cloned();
        Ok(())
    }
}

fn foreign(table: &'static Table, row: &[Cell]) -> ImportError {
    let key = KeyOf(table, row).to_string();
    ImportError::Foreign { table: table.name, key, is_written: false }
}

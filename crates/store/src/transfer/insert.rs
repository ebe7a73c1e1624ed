//! Rows of a file into a database, a batch in a transaction.

use std::cmp::Ordering;
use std::sync::{Mutex, PoisonError};

use super::cell::{Cell, KeyOf};
use super::rows::{Times, cells, compared, in_order, parameter};
use super::tables::Table;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::Value;
use crate::error::StoreError;
use crate::query::Query;
use crate::users::chunks;

/// Why a batch was not inserted; nothing of it was.
#[derive(Debug)]
pub(crate) enum InsertError {
    /// The database has a row between those of the batch.
    Foreign(String),
    /// The database has another row of that key.
    Differs(String),
    /// The row of that key, or one behind it, meets a row of another key in what must be unique.
    Taken(String),
    Store(StoreError),
}

impl From<StoreError> for InsertError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Inserts those of the rows, which are in the order of their keys, that are not there; how many.
pub(crate) async fn insert_rows<E: Times>(
    db: &Db<E>,
    table: &'static Table,
    rows: &[Vec<Cell>],
) -> Result<u64, InsertError> {
    db.write(&Insert { table, rows, refused: Mutex::default() }).await
}

struct Insert<'a> {
    table: &'static Table,
    rows: &'a [Vec<Cell>],
    /// How many rows were missing when a unique key last refused one.
    refused: Mutex<Option<usize>>,
}

impl<E: Times> Work<E> for Insert<'_> {
    type Output = u64;
    type Error = InsertError;

    /// What an earlier run has written is found and passed over.
    const IS_REPEATABLE: bool = true;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<u64, Abort<InsertError>> {
        let here = self.find(transaction).await?;
        let missing = self.missing(&here).map_err(Abort::Refused)?;
        let rows = missing.iter().map(|row| self.values(row));
        let rows = rows.collect::<Result<Vec<_>, _>>().map_err(refused)?;
        let mut inserted = 0;
        for chunk in chunks(&rows) {
            match transaction.insert(self.table.insert, chunk).await {
                Err(error) if is_duplicate::<E>(&error) => {
                    return Err(self
                        .overtaken(&missing)
                        .map_or(Abort::Overtaken(error), Abort::Refused));
                }
                result => inserted += result?,
            }
        }
        Ok(inserted)
    }
}

impl Insert<'_> {
    /// The rows that the database has from the first key to the last, and maybe some more.
    async fn find<E: Times>(
        &self,
        transaction: &mut Tx<E>,
    ) -> Result<Vec<Vec<Cell>>, Abort<InsertError>> {
        let (table, rows) = (self.table, self.rows);
        let ends =
            rows.first().and_then(|row| row.first()).zip(rows.last().and_then(|r| r.first()));
        let (Some((low, high)), Some(column)) = (ends, table.columns.first()) else {
            return Ok(Vec::new());
        };
        let mut query = Query::new::<E>(table.select);
        query.push(" WHERE ");
        compared::<E>(&mut query, column)
            .push(" >= ")
            .bind(parameter(column, low).map_err(refused)?);
        query.push(" AND ");
        compared::<E>(&mut query, column)
            .push(" <= ")
            .bind(parameter(column, high).map_err(refused)?);
        in_order::<E>(&mut query, table);
        let rows = transaction.fetch_built(&query).await?;
        Ok(rows.iter().map(|row| cells::<E>(table, row)).collect::<Result<_, _>>()?)
    }

    /// The rows that are not there. All of them and those that are there are in the order of the keys.
    fn missing(&self, here: &[Vec<Cell>]) -> Result<Vec<&Vec<Cell>>, InsertError> {
        let mut rest = here.iter().skip_while(|here| {
            self.rows.first().is_some_and(|first| self.compare(here, first) == Ordering::Less)
        });
        let mut next = rest.next();
        let mut missing = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            match next.map(|here| (here, self.compare(here, row))) {
                Some((here, Ordering::Less)) => return Err(InsertError::Foreign(self.key(here))),
                Some((here, Ordering::Equal)) if here == row => next = rest.next(),
                Some((_, Ordering::Equal)) => return Err(InsertError::Differs(self.key(row))),
                Some((_, Ordering::Greater)) | None => missing.push(row),
            }
        }
        Ok(missing)
    }

    /// Another import has written the same rows, so that fewer are missing the next time; where as many are,
    /// it was a row of another key.
    fn overtaken(&self, missing: &[&Vec<Cell>]) -> Option<InsertError> {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let before = refused.replace(missing.len());
        let row = missing.first().filter(|_| before == Some(missing.len()))?;
        Some(InsertError::Taken(self.key(row)))
    }

    fn compare(&self, one: &[Cell], other: &[Cell]) -> Ordering {
        one.iter().take(self.table.key).cmp(other.iter().take(self.table.key))
    }

    fn key(&self, row: &[Cell]) -> String {
        KeyOf(self.table, row).to_string()
    }

    fn values<'a>(&self, row: &'a [Cell]) -> Result<Vec<Value<'a>>, StoreError> {
        let columns = self.table.columns.iter().zip(row);
        columns.map(|(column, cell)| parameter(column, cell)).collect()
    }
}

fn refused(error: StoreError) -> Abort<InsertError> {
    Abort::Refused(error.into())
}

//! Rows of a table as cells, a page at a time, in the order of the primary key.

use time::OffsetDateTime;

use super::cell::Cell;
use super::tables::{Column, Kind, Table};
use crate::db::bound;
use crate::engine::{Connection, Engine, MySql, Postgres, Row, Sqlite, Value, raw_micros};
use crate::error::{Cause, StoreError};
use crate::fault::store_error;
use crate::query::Query;
use crate::snapshot::Source;

/// Rows that are read at a time.
const PAGE: i64 = 1000;
/// Rows of a table that has blobs, which may be 64 KiB each.
const BLOB_PAGE: i64 = 100;

/// An engine whose times are read as they are stored: what is no time elsewhere must not become NULL.
pub(crate) trait Times: Engine {
    /// Microseconds since 1970.
    fn micros(row: &Row<Self>, at: usize) -> Result<Option<i64>, sqlx::Error>;
}

impl Times for Sqlite {
    fn micros(row: &Row<Self>, at: usize) -> Result<Option<i64>, sqlx::Error> {
        Self::number(row, at)
    }
}

impl Times for MySql {
    fn micros(row: &Row<Self>, at: usize) -> Result<Option<i64>, sqlx::Error> {
        Self::time(row, at).map(|time| time.map(micros_of))
    }
}

impl Times for Postgres {
    fn micros(row: &Row<Self>, at: usize) -> Result<Option<i64>, sqlx::Error> {
        raw_micros(row, at)
    }
}

/// Microseconds since 1970. The type ends where they still fit.
pub(super) fn micros_of(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1000)).unwrap_or(i64::MAX)
}

/// The first rows, or those behind a row; none at the end.
pub(super) async fn page<E: Source + Times>(
    connection: &mut Connection<E>,
    table: &'static Table,
    after: Option<&[Cell]>,
) -> Result<Vec<Vec<Cell>>, StoreError> {
    let mut query = Query::new::<E>(table.select);
    if let Some(row) = after {
        behind::<E>(&mut query, table, row)?;
    }
    in_order::<E>(&mut query, table);
    query.push(" LIMIT ").bind(Value::Number(page_size(table)));
    let arguments = bound::<E>(query.values()).map_err(store_error::<E>)?;
    let rows = E::fetch_built(connection, query.text().to_owned(), arguments).await;
    let rows = rows.map_err(store_error::<E>)?;
    rows.iter().map(|row| cells::<E>(table, row).map_err(store_error::<E>)).collect()
}

fn page_size(table: &Table) -> i64 {
    let has_blob = table.columns.iter().any(|column| matches!(column.kind, Kind::Blob(_)));
    if has_blob { BLOB_PAGE } else { PAGE }
}

/// A row as it stands.
pub(super) fn cells<E: Times>(
    table: &'static Table,
    row: &Row<E>,
) -> Result<Vec<Cell>, sqlx::Error> {
    let columns = table.columns.iter().enumerate();
    columns.map(|(at, column)| Ok(cell::<E>(column, row, at)?.unwrap_or(Cell::Null))).collect()
}

fn cell<E: Times>(column: &Column, row: &Row<E>, at: usize) -> Result<Option<Cell>, sqlx::Error> {
    Ok(match column.kind {
        Kind::Id | Kind::MaybeId => E::id(row, at)?.map(Cell::Id),
        Kind::Text(_) | Kind::MaybeText(_) => E::text(row, at)?.map(Cell::Text),
        Kind::Flag => E::flag(row, at)?.map(Cell::Flag),
        Kind::Number | Kind::MaybeNumber => E::number(row, at)?.map(Cell::Number),
        Kind::Time | Kind::MaybeTime => E::micros(row, at)?.map(Cell::Time),
        Kind::Hash | Kind::MaybeHash | Kind::Blob(_) => E::hash(row, at)?.map(Cell::Bytes),
    })
}

/// `WHERE` the key is higher than that of a row.
fn behind<'a, E: Engine>(
    query: &mut Query<'a>,
    table: &'static Table,
    row: &'a [Cell],
) -> Result<(), StoreError> {
    let mut key = table.key_columns().iter().zip(row);
    let (Some((first, low)), second) = (key.next(), key.next()) else { return Ok(()) };
    let low = parameter(first, low)?;
    query.push(" WHERE ");
    let Some((second, low_second)) = second else {
        compared::<E>(query, first).push(" > ").bind(low);
        return Ok(());
    };
    // The first comparison is the one that the index answers.
    compared::<E>(query, first).push(" >= ").bind(low).push(" AND (");
    compared::<E>(query, first).push(" > ").bind(low).push(" OR ");
    compared::<E>(query, second).push(" > ").bind(parameter(second, low_second)?).push(")");
    Ok(())
}

/// `ORDER BY` the key, the same on every engine.
pub(super) fn in_order<E: Engine>(query: &mut Query<'_>, table: &'static Table) {
    for (number, column) in table.key_columns().iter().enumerate() {
        query.push(if number == 0 { " ORDER BY " } else { ", " });
        compared::<E>(query, column);
    }
}

/// The column as it is compared: texts by code points, not by a language.
pub(super) fn compared<'q, 'a, E: Engine>(
    query: &'q mut Query<'a>,
    column: &Column,
) -> &'q mut Query<'a> {
    query.push(column.name).push(match column.kind {
        Kind::Text(_) | Kind::MaybeText(_) => E::BY_CODE_POINT,
        _ => "",
    })
}

/// A cell as the parameter for its column.
pub(super) fn parameter<'a>(column: &Column, cell: &'a Cell) -> Result<Value<'a>, StoreError> {
    column.kind.value(cell).map_err(|problem| StoreError::Internal(Cause::new(problem)))
}

#[cfg(test)]
mod tests {
    use super::super::tables::TABLES;
    use super::*;

    #[test]
    fn a_page_of_blobs_has_fewer_rows() {
        let few = TABLES.iter().filter(|table| page_size(table) < PAGE);
        assert_eq!(few.map(|table| table.name).collect::<Vec<_>>(), ["request_ids"]);
    }
}

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::super::{Tables, comment};
use super::name;
use super::names::{OWNED_SEQUENCE, SEQUENCE_NAME, qualified, sequence_name};
use crate::model::{Identity, Name, Sequence};

/// Reads all sequences: those behind identity and serial columns into their columns, the others as they are.
pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
    tables: &mut Tables,
) -> Result<BTreeMap<Name, Sequence>, sqlx::Error> {
    let mut free = BTreeMap::new();
    let rows = sqlx::query(include_str!("sequences.sql")).bind(current);
    for row in rows.fetch_all(connection).await? {
        let sequence_name = name(&row, "schema_name", "sequence_name")?;
        let owner: Option<String> = row.try_get("table_name")?;
        let Some(owner) = owner else {
            free.insert(sequence_name, sequence(&row)?);
            continue;
        };
        let owner = Name { schema: row.try_get("table_schema")?, local: owner };
        if own(&row, &owner, &sequence_name, tables)? {
            free.insert(sequence_name, sequence(&row)?);
        }
    }
    Ok(free)
}

/// Gives a sequence to the column that owns it; whether it is an object of its own nevertheless.
fn own(
    row: &PgRow,
    owner: &Name,
    sequence_of: &Name,
    tables: &mut Tables,
) -> Result<bool, sqlx::Error> {
    let column: &str = row.try_get("column_name")?;
    let table = tables.tables.get_mut(owner);
    let found = table.and_then(|table| table.columns.iter_mut().find(|one| one.name == column));
    // That of a table which is not looked at is not either.
    let Some(column) = found else { return Ok(false) };
    let is_identity: bool = row.try_get("is_identity")?;
    let is_serial: bool = row.try_get("is_serial")?;
    if !is_identity && !is_serial {
        let name = qualified(sequence_of);
        column.attributes.insert(OWNED_SEQUENCE.to_owned(), name);
        return Ok(true);
    }
    if is_serial {
        // The default of a serial column is said by its identity.
        column.identity = Some(Identity::Serial);
        column.default = None;
    }
    column.sequence = Some(sequence(row)?);
    if *sequence_of != sequence_name(owner, &column.name) {
        column.attributes.insert(SEQUENCE_NAME.to_owned(), qualified(sequence_of));
    }
    Ok(false)
}

fn sequence(row: &PgRow) -> Result<Sequence, sqlx::Error> {
    Ok(Sequence {
        data_type: row.try_get("data_type")?,
        start: row.try_get("start")?,
        increment: row.try_get("increment")?,
        minimum: row.try_get("minimum")?,
        maximum: row.try_get("maximum")?,
        cache: row.try_get("cache")?,
        cycle: row.try_get("cycle")?,
        comment: comment(row.try_get("comment")?),
    })
}

//! `SQLite`: pragmas, and for what they do not tell the CREATE statements that `SQLite` keeps.
//!
//! Checks, collations, generated expressions, constraint names and deferral stand in those texts
//! only; `sqlite/definition.rs` takes them from there.

mod definition;
mod indexes;
mod keys;
mod parts;

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use self::definition::Definition;
use super::Tables;
use crate::model::{
    Check, Column, Dialect, Generated, Identity, Name, PrimaryKey, Schema, Storage, Table,
    TableOptions,
};
use crate::{Error, Scope};

/// The parsed CREATE statements by table.
type Definitions = BTreeMap<String, Definition>;

/// Reads the main database of the connection, in one snapshot.
///
/// # Errors
/// [`Error::Catalog`] if a question fails, [`Error::Definition`] if a CREATE statement is not
/// understood.
pub async fn read(connection: &mut SqliteConnection, scope: &Scope) -> Result<Schema, Error> {
    let mut snapshot = connection.begin().await.map_err(refused)?;
    let (mut tables, definitions) = read_tables(&mut snapshot, scope).await?;
    read_columns(&mut snapshot, &mut tables, &definitions).await.map_err(refused)?;
    indexes::read(&mut snapshot, &mut tables, &definitions).await?;
    keys::read(&mut snapshot, &mut tables, &definitions).await.map_err(refused)?;
    snapshot.rollback().await.map_err(refused)?;
    Ok(Schema { tables: tables.finish(), ..Schema::empty(Dialect::Sqlite) })
}

async fn read_tables(
    connection: &mut SqliteConnection,
    scope: &Scope,
) -> Result<(Tables, Definitions), Error> {
    let mut tables = Tables::new();
    let mut definitions = Definitions::new();
    let rows = sqlx::query(include_str!("sqlite/tables.sql")).fetch_all(connection);
    for row in rows.await.map_err(refused)? {
        let name: String = row.try_get("table_name").map_err(refused)?;
        if scope.includes(&name) {
            let definition: String = row.try_get("definition").map_err(refused)?;
            let definition = Definition::parse(&definition)
                .map_err(|at| Error::Definition { object: format!("table {name}"), at })?;
            tables.insert(Name::local(&name), table(&row, &definition).map_err(refused)?);
            definitions.insert(name, definition);
        }
    }
    Ok((tables, definitions))
}

fn table(row: &SqliteRow, definition: &Definition) -> Result<Table, sqlx::Error> {
    let checks = definition.checks.iter().map(|(name, expression)| Check {
        name: name.clone(),
        expression: expression.clone(),
        enforced: true,
        validated: true,
    });
    Ok(Table {
        checks: checks.collect(),
        options: TableOptions {
            strict: row.try_get("strict")?,
            without_rowid: row.try_get("without_rowid")?,
            ..TableOptions::default()
        },
        ..Table::default()
    })
}

async fn read_columns(
    connection: &mut SqliteConnection,
    tables: &mut Tables,
    definitions: &Definitions,
) -> Result<(), sqlx::Error> {
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    let rows = sqlx::query(include_str!("sqlite/columns.sql")).fetch_all(connection).await?;
    for row in rows {
        let name: String = row.try_get("table_name")?;
        let Some((table, definition)) = tables.get_mut(&name).zip(definitions.get(&name)) else {
            continue;
        };
        let column = column(&row, definition)?;
        let position: i64 = row.try_get("key_position")?;
        if position > 0 {
            keys.entry(name).or_default().insert(position, column.name.clone());
        }
        table.columns.push(column);
    }
    for (name, columns) in keys {
        if let Some((table, definition)) = tables.get_mut(&name).zip(definitions.get(&name)) {
            let columns = columns.into_values().collect();
            let name = definition.primary_key_name.clone();
            table.primary_key = Some(PrimaryKey { name, columns });
        }
    }
    Ok(())
}

fn column(row: &SqliteRow, definition: &Definition) -> Result<Column, sqlx::Error> {
    let name: String = row.try_get("column_name")?;
    let data_type: String = row.try_get("data_type")?;
    let declared = definition.column(&name);
    let storage = match row.try_get::<i64, _>("hidden")? {
        2 => Some(Storage::Virtual),
        3 => Some(Storage::Stored),
        _ => None,
    };
    let expression = declared.and_then(|column| column.generated.clone());
    Ok(Column {
        nullable: row.try_get("nullable")?,
        default: row.try_get("default_value")?,
        generated: storage
            .zip(expression)
            .map(|(storage, expression)| Generated { expression, storage }),
        identity: declared
            .is_some_and(|column| column.auto_increment)
            .then_some(Identity::AutoIncrement),
        collation: declared.and_then(|column| column.collation.clone()),
        // A generated column's type shows the words that follow it.
        ..Column::new(name, without_generated(&data_type))
    })
}

/// `SQLite` counts `GENERATED ALWAYS` to the type that stands before it.
fn without_generated(data_type: &str) -> &str {
    let words = " GENERATED ALWAYS";
    let at = data_type.len().saturating_sub(words.len());
    match (data_type.get(..at), data_type.get(at..)) {
        (Some(kept), Some(tail)) if tail.eq_ignore_ascii_case(words) => kept,
        _ if data_type.eq_ignore_ascii_case(words.trim_start()) => "",
        _ => data_type,
    }
}

fn refused(source: sqlx::Error) -> Error {
    Error::Catalog { dialect: Dialect::Sqlite, source }
}

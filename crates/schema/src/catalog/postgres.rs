//! `PostgreSQL`: `pg_catalog`, where the server prints expressions itself.

mod columns;
mod constraints;
mod definitions;
mod dependencies;
mod indexes;
mod kept;
pub(crate) mod names;
mod opaques;
mod sequences;
mod settled;

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Row};

pub use settled::settled;

use super::{Tables, comment};
use crate::model::{Dialect, Enum, Name, Schema, Table, TableOptions};
use crate::{Error, Scope};

/// Reads the connection's database in one read-only snapshot: what stands in the current schema by its
/// name alone, what stands in others with theirs.
///
/// The search path is the current schema alone while the catalog is asked, so that its names print as they
/// are, and those of others with their schema; it is as before afterwards. Inside a transaction of the caller's,
/// the snapshot is the caller's.
///
/// # Errors
/// [`Error::NoSchema`] if no schema of the search path exists; [`Error::Catalog`] if a question
/// fails.
pub async fn read(connection: &mut PgConnection, scope: &Scope) -> Result<Schema, Error> {
    let schema: Option<String> = sqlx::query_scalar("SELECT current_schema()::text")
        .fetch_one(&mut *connection)
        .await
        .map_err(refused)?;
    let schema = schema.ok_or(Error::NoSchema)?;
    let begun = if connection.is_in_transaction() {
        connection.begin().await
    } else {
        connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    };
    let mut snapshot = begun.map_err(refused)?;
    let read = read_all(&mut snapshot, &schema, scope).await.map_err(refused);
    // Rolled back, never committed: the search path was set for this transaction only.
    snapshot.rollback().await.map_err(refused)?;
    read.map(|schema| schema.within(scope))
}

async fn read_all(
    connection: &mut PgConnection,
    current: &str,
    scope: &Scope,
) -> Result<Schema, sqlx::Error> {
    // To compile these questions takes longer than to answer them.
    let settings = "SELECT set_config('search_path', quote_ident($1), true), \
                    CASE WHEN current_setting('jit', true) = 'on' THEN set_config('jit', 'off', true) END";
    sqlx::query(settings).bind(current).execute(&mut *connection).await?;
    let mut tables = read_tables(connection, current, scope).await?;
    columns::read(connection, current, &mut tables).await?;
    constraints::read(connection, current, &mut tables).await?;
    indexes::read(connection, current, &mut tables).await?;
    let sequences = sequences::read(connection, current, &mut tables).await?;
    let schemas = sqlx::query_scalar(include_str!("postgres/schemas.sql")).bind(current);
    let schemas: Vec<String> = schemas.fetch_all(&mut *connection).await?;
    let enums = read_enums(connection, current).await?;
    let dependencies = dependencies::read(connection, current).await?;
    let definitions = definitions::read(connection, current, &tables.tables, &dependencies).await?;
    let attached = kept::read(connection, current).await?;
    let unmanaged = sqlx::query_scalar(include_str!("postgres/unmanaged.sql"));
    Ok(Schema {
        schemas: schemas.into_iter().collect(),
        enums,
        sequences,
        tables: tables.finish(),
        definitions,
        unmanaged: unmanaged.fetch_all(&mut *connection).await?,
        opaques: opaques::read(connection, current).await?,
        dependencies,
        attached,
        ..Schema::empty(Dialect::Postgres)
    })
}

async fn read_tables(
    connection: &mut PgConnection,
    current: &str,
    scope: &Scope,
) -> Result<Tables, sqlx::Error> {
    let mut tables = Tables::new();
    let rows = sqlx::query(include_str!("postgres/tables.sql")).bind(current);
    for row in rows.fetch_all(connection).await? {
        let name = name(&row, "schema_name", "table_name")?;
        if scope.includes(&name.to_string()) {
            let options = TableOptions {
                unlogged: row.try_get("unlogged")?,
                parameters: pairs(&row, "parameters", "parameter_values")?,
                ..TableOptions::default()
            };
            let comment = comment(row.try_get("comment")?);
            tables.insert(name, Table { options, comment, ..Table::default() });
        }
    }
    Ok(tables)
}

async fn read_enums(
    connection: &mut PgConnection,
    current: &str,
) -> Result<BTreeMap<Name, Enum>, sqlx::Error> {
    let rows = sqlx::query(include_str!("postgres/enums.sql")).bind(current);
    let rows = rows.fetch_all(connection).await?;
    let read = rows.iter().map(|row| {
        let values = row.try_get("enum_values")?;
        let comment = comment(row.try_get("comment")?);
        Ok((name(row, "schema_name", "enum_name")?, Enum { values, comment }))
    });
    read.collect()
}

/// The name that two columns of an answer give.
fn name(row: &PgRow, schema: &str, local: &str) -> Result<Name, sqlx::Error> {
    Ok(Name { schema: row.try_get(schema)?, local: row.try_get(local)? })
}

/// Two lists of an answer, as keys with their values.
fn pairs(row: &PgRow, keys: &str, values: &str) -> Result<BTreeMap<String, String>, sqlx::Error> {
    let keys: Vec<String> = row.try_get(keys)?;
    let values: Vec<String> = row.try_get(values)?;
    Ok(keys.into_iter().zip(values).collect())
}

fn refused(source: sqlx::Error) -> Error {
    Error::Catalog { dialect: Dialect::Postgres, source }
}

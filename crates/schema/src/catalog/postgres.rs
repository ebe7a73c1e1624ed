//! `PostgreSQL`: `pg_catalog`, where the server prints expressions itself.

mod columns;
mod constraints;
mod indexes;

use sqlx::{Connection, PgConnection, Row};

use super::{Tables, comment};
use crate::model::{Dialect, Name, Schema, Table};
use crate::{Error, Scope};

/// Reads the connection's current schema in one read-only snapshot.
///
/// The search path is empty while the catalog is asked, so that every name in an expression prints
/// with its schema; it is as before afterwards. Inside a transaction of the caller's, the snapshot is the
/// caller's.
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
    let tables = read_tables(&mut snapshot, &schema, scope).await.map_err(refused);
    // Rolled back, never committed: the search path was set for this transaction only.
    snapshot.rollback().await.map_err(refused)?;
    Ok(Schema { tables: tables?.finish(), ..Schema::empty(Dialect::Postgres) })
}

async fn read_tables(
    connection: &mut PgConnection,
    schema: &str,
    scope: &Scope,
) -> Result<Tables, sqlx::Error> {
    sqlx::query("SELECT set_config('search_path', '', true)").execute(&mut *connection).await?;
    let mut tables = Tables::new();
    let rows = sqlx::query(include_str!("postgres/tables.sql")).bind(schema);
    for row in rows.fetch_all(&mut *connection).await? {
        let name: String = row.try_get("table_name")?;
        if scope.includes(&name) {
            let comment = comment(row.try_get("comment")?);
            tables.insert(Name::local(name), Table { comment, ..Table::default() });
        }
    }
    columns::read(connection, schema, &mut tables).await?;
    constraints::read(connection, schema, &mut tables).await?;
    indexes::read(connection, schema, &mut tables).await?;
    Ok(tables)
}

fn refused(source: sqlx::Error) -> Error {
    Error::Catalog { dialect: Dialect::Postgres, source }
}

//! `MySQL` and `MariaDB`: `information_schema`, which the two fill differently.

mod columns;
mod flavour;
mod indexes;
mod keys;

use sqlx::{MySqlConnection, Row};

use self::flavour::Flavour;
use super::{Tables, comment};
use crate::model::{Dialect, Name, Schema, Table, TableOptions};
use crate::{Error, Scope};

/// Reads the connection's current database.
///
/// `information_schema` takes no snapshot: a schema that changes meanwhile may be seen half changed,
/// so that callers who need certainty hold the runner's lock.
///
/// # Errors
/// [`Error::NoSchema`] if the connection has no current database; [`Error::Catalog`] if a question
/// fails.
pub async fn read(connection: &mut MySqlConnection, scope: &Scope) -> Result<Schema, Error> {
    let flavour = Flavour::of(connection)
        .await
        .map_err(|source| Error::Catalog { dialect: Dialect::MySql, source })?;
    let refused = |source| Error::Catalog { dialect: flavour.dialect(), source };
    let database: Option<String> = sqlx::query_scalar("SELECT DATABASE()")
        .fetch_one(&mut *connection)
        .await
        .map_err(refused)?;
    let database = database.ok_or(Error::NoSchema)?;
    let tables = read_tables(connection, flavour, &database, scope).await.map_err(refused)?;
    Ok(Schema { tables: tables.finish(), ..Schema::empty(flavour.dialect()) })
}

async fn read_tables(
    connection: &mut MySqlConnection,
    flavour: Flavour,
    database: &str,
    scope: &Scope,
) -> Result<Tables, sqlx::Error> {
    let mut tables = Tables::new();
    let rows = sqlx::query(include_str!("mysql/tables.sql")).bind(database);
    for row in rows.fetch_all(&mut *connection).await? {
        let name: String = row.try_get("table_name")?;
        if scope.includes(&name) {
            let options = TableOptions {
                engine: row.try_get("engine")?,
                collation: row.try_get("table_collation")?,
                ..TableOptions::default()
            };
            let comment = comment(row.try_get("comment")?);
            tables.insert(Name::local(name), Table { options, comment, ..Table::default() });
        }
    }
    columns::read(connection, flavour, database, &mut tables).await?;
    indexes::read(connection, flavour, database, &mut tables).await?;
    keys::read_foreign_keys(connection, database, &mut tables).await?;
    keys::read_checks(connection, flavour, database, &mut tables).await?;
    Ok(tables)
}

use sqlx::{MySqlConnection, Row};

use super::{Reading, options};
use crate::catalog::{Tables, comment};
use crate::model::{Name, Table, TableOptions};

/// The tables, still without columns; what is said of them and not managed goes to `unmanaged`.
pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    unmanaged: &mut Vec<String>,
) -> Result<Tables, sqlx::Error> {
    let mut tables = Tables::new();
    let rows = sqlx::query(include_str!("tables.sql")).bind(&reading.database);
    for row in rows.fetch_all(connection).await? {
        let name: String = row.try_get("table_name")?;
        if !reading.scope.includes(&name) {
            continue;
        }
        let table_type: String = row.try_get("table_type")?;
        let said: Option<String> = row.try_get("create_options")?;
        let mut parameters = options::parse(said.as_deref().unwrap_or_default());
        if parameters.remove("PARTITIONED").is_some() {
            unmanaged.push(format!("partitions of table {name}"));
        }
        if table_type == "SYSTEM VERSIONED" {
            parameters.insert(options::VERSIONED.to_owned(), String::new());
        }
        let engine: Option<String> = row.try_get("engine")?;
        let parameters = options::settled(parameters, engine.as_deref());
        let options = TableOptions {
            engine,
            collation: row.try_get("table_collation")?,
            parameters,
            ..TableOptions::default()
        };
        let comment = comment(row.try_get("comment")?);
        tables.insert(Name::local(name), Table { options, comment, ..Table::default() });
    }
    Ok(tables)
}

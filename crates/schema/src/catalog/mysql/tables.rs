use sqlx::{MySqlConnection, Row};

use super::{Reading, options};
use crate::catalog::{Tables, comment};
use crate::model::{Name, Opaque, Schema, Space, Table, TableOptions};

/// The tables, still without columns; what is said of them and not managed goes to the schema.
pub(super) async fn read(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    schema: &mut Schema,
) -> Result<Tables, sqlx::Error> {
    let mut tables = Tables::new();
    let rows = sqlx::query(include_str!("tables.sql")).bind(&reading.database);
    for row in rows.fetch_all(&mut *connection).await? {
        let name: String = row.try_get("table_name")?;
        if !reading.scope.includes(&name) {
            continue;
        }
        let table_type: String = row.try_get("table_type")?;
        let said: Option<String> = row.try_get("create_options")?;
        let mut parameters = options::parse(said.as_deref().unwrap_or_default());
        if parameters.remove("PARTITIONED").is_some() {
            schema.unmanaged.push(format!("partitions of table {name}"));
            let shape = Some(partitions(reading, connection, &name).await?);
            let opaque = Opaque { kind: "partitions of table".to_owned(), shape };
            schema.opaques.0.insert((Space::Partitions, Name::local(&name)), opaque);
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

/// By what a table is cut; not into which parts, which come and go as time passes.
async fn partitions(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    table: &str,
) -> Result<String, sqlx::Error> {
    let row = sqlx::query(include_str!("partitions.sql")).bind(&reading.database).bind(table);
    let row = row.fetch_one(connection).await?;
    let words = ["method", "expression", "sub_method", "sub_expression"];
    let words: Result<Vec<Option<String>>, _> =
        words.iter().map(|word| row.try_get(*word)).collect();
    Ok(words?.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

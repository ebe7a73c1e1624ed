use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::super::{Tables, comment};
use super::{name, pairs};
use crate::model::{Column, Generated, Identity, Storage};

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("columns.sql")).bind(current).fetch_all(connection).await?;
    for row in rows {
        if let Some(table) = tables.tables.get_mut(&name(&row, "schema_name", "table_name")?) {
            table.columns.push(column(&row)?);
        }
    }
    Ok(())
}

/// A column; what its sequence makes of it is read with the sequences.
fn column(row: &PgRow) -> Result<Column, sqlx::Error> {
    let expression: Option<String> = row.try_get("expression")?;
    let (default, generated) = match (expression, storage(row.try_get("generated")?)) {
        (Some(expression), Some(storage)) => (None, Some(Generated { expression, storage })),
        (default, _) => (default, None),
    };
    let column_name: String = row.try_get("column_name")?;
    let data_type: String = row.try_get("data_type")?;
    let mut attributes = pairs(row, "options", "option_values")?;
    for (word, answer) in
        [("STORAGE", "storage"), ("COMPRESSION", "compression"), ("STATISTICS", "statistics")]
    {
        let value: Option<String> = row.try_get(answer)?;
        attributes.extend(value.map(|value| (word.to_owned(), value)));
    }
    Ok(Column {
        nullable: row.try_get("nullable")?,
        default,
        generated,
        identity: identity(row.try_get("identity")?),
        collation: row.try_get("collation_name")?,
        attributes,
        comment: comment(row.try_get("comment")?),
        ..Column::new(column_name, data_type)
    })
}

/// `pg_attribute.attgenerated`: `s` since 12, `v` since 18.
fn storage(code: &str) -> Option<Storage> {
    match code {
        "s" => Some(Storage::Stored),
        "v" => Some(Storage::Virtual),
        _ => None,
    }
}

/// `pg_attribute.attidentity`.
fn identity(code: &str) -> Option<Identity> {
    match code {
        "a" => Some(Identity::Always),
        "d" => Some(Identity::ByDefault),
        _ => None,
    }
}

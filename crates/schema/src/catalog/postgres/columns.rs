use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::super::{Tables, comment};
use crate::model::{Column, Generated, Identity, Storage};

pub(super) async fn read(
    connection: &mut PgConnection,
    schema: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("columns.sql")).bind(schema).fetch_all(connection).await?;
    for row in rows {
        if let Some(table) = tables.get_mut(row.try_get("table_name")?) {
            table.columns.push(column(&row)?);
        }
    }
    Ok(())
}

fn column(row: &PgRow) -> Result<Column, sqlx::Error> {
    let expression: Option<String> = row.try_get("expression")?;
    let generated = storage(row.try_get("generated")?);
    let identity = identity(row, expression.as_deref())?;
    let (default, generated) = match (expression, generated) {
        (Some(expression), Some(storage)) => (None, Some(Generated { expression, storage })),
        // The default of a serial column is said by its identity.
        (_, None) if identity == Some(Identity::Serial) => (None, None),
        (default, _) => (default, None),
    };
    let name: String = row.try_get("column_name")?;
    let data_type: String = row.try_get("data_type")?;
    Ok(Column {
        nullable: row.try_get("nullable")?,
        default,
        generated,
        identity,
        collation: row.try_get("collation_name")?,
        comment: comment(row.try_get("comment")?),
        ..Column::new(name, data_type)
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

fn identity(row: &PgRow, default: Option<&str>) -> Result<Option<Identity>, sqlx::Error> {
    let from_sequence = default.is_some_and(|default| default.starts_with("nextval("));
    let code: &str = row.try_get("identity")?;
    Ok(match code {
        "a" => Some(Identity::Always),
        "d" => Some(Identity::ByDefault),
        _ if from_sequence && row.try_get("owns_sequence")? => Some(Identity::Serial),
        _ => None,
    })
}

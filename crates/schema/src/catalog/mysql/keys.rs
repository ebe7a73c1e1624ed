use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use crate::catalog::Tables;
use crate::model::{Action, Check, Deferral, ForeignKey};

pub(super) async fn read_foreign_keys(
    connection: &mut MySqlConnection,
    database: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("foreign_keys.sql")).bind(database);
    for row in rows.fetch_all(connection).await? {
        let Some(table) = tables.get_mut(row.try_get("table_name")?) else { continue };
        let name: String = row.try_get("constraint_name")?;
        let continues = |key: &ForeignKey| key.name.as_ref() == Some(&name);
        if !table.foreign_keys.last().is_some_and(continues) {
            table.foreign_keys.push(foreign_key(name, &row)?);
        }
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(row.try_get("column_name")?);
            key.referenced_columns.push(row.try_get("referenced_column")?);
        }
    }
    Ok(())
}

fn foreign_key(name: String, row: &MySqlRow) -> Result<ForeignKey, sqlx::Error> {
    Ok(ForeignKey {
        name: Some(name),
        columns: Vec::new(),
        referenced_schema: row.try_get("referenced_schema")?,
        referenced_table: row.try_get("referenced_table")?,
        referenced_columns: Vec::new(),
        on_delete: action(row.try_get("on_delete")?),
        on_update: action(row.try_get("on_update")?),
        deferral: Deferral::NotDeferrable,
        validated: true,
    })
}

/// An unspecified action reads RESTRICT on `MariaDB` and NO ACTION on `MySQL`; `InnoDB` does the same for
/// both, so one word stands for them.
fn action(words: &str) -> Action {
    match Action::from_words(words) {
        Action::Restrict => Action::NoAction,
        other => other,
    }
}

pub(super) async fn read_checks(
    connection: &mut MySqlConnection,
    flavour: Flavour,
    database: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(flavour.checks_sql()).bind(database).fetch_all(connection).await?;
    for row in rows {
        if let Some(table) = tables.get_mut(row.try_get("table_name")?) {
            let shown: String = row.try_get("expression")?;
            table.checks.push(Check {
                name: Some(row.try_get("constraint_name")?),
                expression: flavour.expression(&shown),
                enforced: row.try_get("enforced")?,
                validated: true,
            });
        }
    }
    Ok(())
}

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::super::Tables;
use crate::model::{Action, Check, Deferral, ForeignKey, PrimaryKey, Table, Unique};

pub(super) async fn read(
    connection: &mut PgConnection,
    schema: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("constraints.sql")).bind(schema);
    for row in rows.fetch_all(connection).await? {
        if let Some(table) = tables.get_mut(row.try_get("table_name")?) {
            add(table, &row)?;
        }
    }
    Ok(())
}

/// `pg_constraint.contype` says which of the four kinds a row is.
fn add(table: &mut Table, row: &PgRow) -> Result<(), sqlx::Error> {
    let name = Some(row.try_get("constraint_name")?);
    let columns: Vec<String> = row.try_get("columns")?;
    match row.try_get("kind")? {
        "p" => table.primary_key = Some(PrimaryKey { name, columns }),
        "u" => table.uniques.push(Unique {
            name,
            columns,
            include: row.try_get("include")?,
            nulls_not_distinct: row.try_get("nulls_not_distinct")?,
            deferral: deferral(row)?,
        }),
        "f" => table.foreign_keys.push(ForeignKey {
            name,
            columns,
            referenced_schema: row.try_get("referenced_schema")?,
            referenced_table: row.try_get("referenced_table")?,
            referenced_columns: row.try_get("referenced_columns")?,
            on_delete: action(row.try_get("on_delete")?),
            on_update: action(row.try_get("on_update")?),
            deferral: deferral(row)?,
            validated: row.try_get("validated")?,
        }),
        _ => table.checks.push(Check {
            name,
            expression: row.try_get("expression")?,
            enforced: row.try_get("enforced")?,
            validated: row.try_get("validated")?,
        }),
    }
    Ok(())
}

fn deferral(row: &PgRow) -> Result<Deferral, sqlx::Error> {
    let deferrable: bool = row.try_get("deferrable")?;
    let deferred: bool = row.try_get("deferred")?;
    Ok(match (deferrable, deferred) {
        (false, _) => Deferral::NotDeferrable,
        (true, false) => Deferral::InitiallyImmediate,
        (true, true) => Deferral::InitiallyDeferred,
    })
}

/// `pg_constraint.confdeltype` and `confupdtype`.
fn action(code: &str) -> Action {
    match code {
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::super::Tables;
use super::name;
use super::names::{Extra, list};
use crate::model::{
    Action, Check, Deferral, Exclusion, ForeignKey, PrimaryKey, Table, TableOptions, Unique,
    Written,
};

pub(super) async fn read(
    connection: &mut PgConnection,
    current: &str,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("constraints.sql")).bind(current);
    for row in rows.fetch_all(connection).await? {
        if let Some(table) = tables.tables.get_mut(&name(&row, "schema_name", "table_name")?) {
            add(table, &row)?;
        }
    }
    Ok(())
}

/// `pg_constraint.contype` says which of the five kinds a row is.
fn add(table: &mut Table, row: &PgRow) -> Result<(), sqlx::Error> {
    let constraint: String = row.try_get("constraint_name")?;
    let columns: Vec<String> = row.try_get("columns")?;
    add_extras(&mut table.options, &constraint, row)?;
    let name = Some(constraint.clone());
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
            written: Written::default(),
            deferral: deferral(row)?,
            validated: row.try_get("validated")?,
        }),
        "x" => table
            .exclusions
            .push(Exclusion { name: constraint, definition: row.try_get("expression")? }),
        _ => table.checks.push(Check {
            name,
            expression: row.try_get("expression")?,
            enforced: row.try_get("enforced")?,
            validated: row.try_get("validated")?,
        }),
    }
    Ok(())
}

/// What the model's constraints cannot say is kept among the table's options.
fn add_extras(options: &mut TableOptions, name: &str, row: &PgRow) -> Result<(), sqlx::Error> {
    let kind: &str = row.try_get("kind")?;
    let mut add = |extra: Extra, value: String| {
        options.parameters.insert(extra.key(name), value);
    };
    let parameters: Option<String> = row.try_get("parameters")?;
    if let Some(parameters) = parameters {
        add(Extra::Index, parameters);
    }
    if row.try_get("match_full")? {
        add(Extra::Match, "FULL".to_owned());
    }
    if row.try_get("no_inherit")? {
        add(Extra::Inherit, "NO INHERIT".to_owned());
    }
    let delete_columns: Vec<String> = row.try_get("delete_columns")?;
    if !delete_columns.is_empty() {
        add(Extra::OnDelete, list(&delete_columns));
    }
    if kind == "p" {
        let include: Vec<String> = row.try_get("include")?;
        if !include.is_empty() {
            add(Extra::Include, list(&include));
        }
        match deferral(row)? {
            Deferral::NotDeferrable => {}
            Deferral::InitiallyImmediate => add(Extra::Deferral, "DEFERRABLE".to_owned()),
            Deferral::InitiallyDeferred => {
                add(Extra::Deferral, "DEFERRABLE INITIALLY DEFERRED".to_owned());
            }
        }
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

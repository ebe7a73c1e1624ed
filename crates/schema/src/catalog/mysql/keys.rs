use std::collections::BTreeSet;

use sqlx::mysql::MySqlRow;
use sqlx::{MySqlConnection, Row};

use super::flavour::Flavour;
use super::{Reading, quoted};
use crate::catalog::Tables;
use crate::model::{Action, Check, Column, Deferral, ForeignKey, Name, Written};

pub(super) async fn read_foreign_keys(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("foreign_keys.sql")).bind(&reading.database);
    for row in rows.fetch_all(&mut *connection).await? {
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
    read_actions(reading, connection, tables).await
}

async fn read_actions(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    tables: &mut Tables,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(include_str!("actions.sql")).bind(&reading.database);
    for row in rows.fetch_all(connection).await? {
        let Some(table) = tables.get_mut(row.try_get("table_name")?) else { continue };
        let name: &str = row.try_get("constraint_name")?;
        let mut keys = table.foreign_keys.iter_mut();
        if let Some(key) = keys.find(|key| key.name.as_deref() == Some(name)) {
            let (on_delete, on_update) = (row.try_get("on_delete")?, row.try_get("on_update")?);
            (key.on_delete, key.on_update) = (action(on_delete), action(on_update));
            key.written = written(reading.flavour(), on_delete, on_update);
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
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        written: Written::default(),
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

/// The word that is not the one for an unspecified action.
fn written(flavour: Flavour, on_delete: &str, on_update: &str) -> Written {
    let said = match flavour {
        Flavour::MySql => "RESTRICT",
        Flavour::MariaDb => "NO ACTION",
    };
    let events = [("DELETE", on_delete), ("UPDATE", on_update)].into_iter();
    let clauses = events.filter(|(_, words)| *words == said);
    let clauses: Vec<String> = clauses.map(|(event, _)| format!(" ON {event} {said}")).collect();
    let clauses = clauses.concat();
    Written(Some(clauses).filter(|clauses| !clauses.is_empty()))
}

/// Gives the tables that have a check of which it is not clear to which column it belongs.
pub(super) async fn read_checks(
    reading: &Reading<'_>,
    connection: &mut MySqlConnection,
    tables: &mut Tables,
) -> Result<BTreeSet<Name>, sqlx::Error> {
    let flavour = reading.flavour();
    let mut unclear = BTreeSet::new();
    let rows = sqlx::query(flavour.checks_sql()).bind(&reading.database);
    for row in rows.fetch_all(connection).await? {
        let table_name: &str = row.try_get("table_name")?;
        let Some(table) = tables.get_mut(table_name) else { continue };
        let shown: String = row.try_get("expression")?;
        let name: String = row.try_get("constraint_name")?;
        let expression = flavour.expression(&shown);
        if row.try_get("is_of_column")? {
            // It is part of the column, and goes with it. Its name is the one that the column had at first.
            let is_own = |column: &&mut Column| {
                column.name == name && expression.contains(&quoted(&column.name))
            };
            let column = table.columns.iter_mut().find(is_own);
            match column.map(|column| &mut column.attributes) {
                Some(all) => drop(all.insert("CHECK".to_owned(), expression.clone())),
                None => drop(unclear.insert(Name::local(table_name))),
            }
        }
        let enforced = row.try_get("enforced")?;
        table.checks.push(Check { name: Some(name), expression, enforced, validated: true });
    }
    Ok(unclear)
}

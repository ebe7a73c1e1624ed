//! How a table steps aside for the one that takes its place.

use super::plan::Plan;
use super::{copy, rebuild, text};
use crate::catalog::sqlite::{CreateTable, literal, quoted};
use crate::difference::Difference;
use crate::model::{Column, Name, Table};

/// The name of a table that stepped aside: one that nothing has.
pub(super) fn name(difference: &Difference, name: &str) -> String {
    let sides = [&difference.from, &difference.to];
    let is_taken = |name: &String| {
        sides.iter().any(|side| {
            let tables = side.tables.keys().map(|table| &table.local);
            let definitions = side.definitions.keys().map(|key| &key.name.local);
            let indexes = side.tables.values().flat_map(|table| &table.indexes);
            let own = tables.chain(definitions).chain(indexes.map(|index| &index.name));
            own.chain(&side.passed_over.0).any(|taken| taken.eq_ignore_ascii_case(name))
        })
    };
    let mut number = 1_u32;
    let mut aside = format!("_migrate_old_{name}");
    while is_taken(&aside) {
        number += 1;
        aside = format!("_migrate_old{number}_{name}");
    }
    aside
}

/// Lets the tables step aside, all of them before the first one is copied.
pub(super) fn step(plan: &Plan<'_>) -> String {
    let away = plan.rebuilt().flat_map(|table| {
        let there = name(plan.difference, &table.local);
        let old = plan.difference.from.tables.get(table);
        if is_copied(plan, table) {
            return old.map_or_else(Vec::new, |old| copied(plan, table, old, &there));
        }
        let (here, there) = (quoted(&table.local), quoted(&there));
        let mut away = indexes_in_the_way(plan, table);
        away.push(format!("ALTER TABLE {here} RENAME TO {there}"));
        away
    });
    away.collect::<Vec<_>>().join(";\n\n")
}

/// Whether a table keeps its name, and its rows step aside alone: with `legacy_alter_table` on, a check that says
/// `users.age` does not follow the table, and with it off, the references of others do.
pub(super) fn is_copied(plan: &Plan<'_>, table: &Name) -> bool {
    let text = plan.start.tables.get(table);
    text.is_some_and(|text| text::is_qualified(text, &table.local))
}

/// Computed columns are read only where their values are kept: they may fail on rows, and whoever goes on after an
/// error would drop a table that was not copied.
fn copied(plan: &Plan<'_>, table: &Name, old: &Table, there: &str) -> Vec<String> {
    let difference = plan.difference;
    let new = difference.to.tables.get(table);
    let number = new.and_then(|new| {
        let text = CreateTable::parse(new.written.text()).ok()?;
        copy::row_number(old, new, &text)
    });
    let number = number.map(|number| format!("{number} AS {number}"));
    let is_kept = |column: &&Column| {
        let renamed = difference.renames.columns.get(&(table.clone(), column.name.clone()));
        let new = new.and_then(|new| new.column(renamed.unwrap_or(&column.name)));
        column.generated.is_none() || new.is_some_and(|new| new.generated.is_none())
    };
    let columns = old.columns.iter().filter(is_kept).map(|column| quoted(&column.name));
    let columns: Vec<String> = number.into_iter().chain(columns).collect();
    let mut sql = vec![format!(
        "-- A check names the table before its columns, so that it cannot have another name: its rows step aside.\n\
         CREATE TABLE {} AS\nSELECT {}\nFROM {}",
        quoted(there),
        columns.join(", "),
        quoted(&table.local)
    )];
    if rebuild::counts(old) {
        let (here, there) = (literal(&table.local), literal(there));
        sql.push(format!("UPDATE sqlite_sequence SET name = {there} WHERE name = {here}"));
    }
    sql.push(format!("DROP TABLE {}", quoted(&table.local)));
    sql
}

/// Indexes whose predicate names the table before its columns. They are made with the new one.
fn indexes_in_the_way(plan: &Plan<'_>, table: &Name) -> Vec<String> {
    let of_table = plan.start.indexes.iter().filter(|(_, (of, _))| of == table);
    let qualified = of_table.filter(|(_, (_, text))| text::is_qualified(text, &table.local));
    let is_there = |index: &&String| !plan.dropped_indexes.iter().any(|(_, gone)| gone == *index);
    let indexes = qualified.map(|(index, _)| index).filter(is_there);
    indexes.map(|index| format!("DROP INDEX {}", quoted(index))).collect()
}

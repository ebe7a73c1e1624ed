//! A table that takes the place of another: <https://www.sqlite.org/lang_altertable.html#otheralter>.
//!
//! The documented way makes the new table under another name and renames it at the end, which leaves that name in
//! quotes in its statement. Here the old one steps aside first, so that the new one is made by the very
//! statement that is wanted. With `legacy_alter_table` on and foreign keys off, no reference, view or
//! trigger follows the old one: <https://www.sqlite.org/pragma.html#pragma_legacy_alter_table>.

use super::super::Statement;
use super::aside;
use super::copy::{self, Copy};
use super::demands;
use super::frame::CHECKED;
use super::plan::Plan;
use crate::catalog::sqlite::{CreateTable, literal, quoted};
use crate::model::{Identity, Kind, Name, Table};

pub(super) fn statement(plan: &Plan<'_>, name: &Name) -> Option<Statement> {
    let old = plan.difference.from.tables.get(name)?;
    let new = plan.difference.to.tables.get(name)?;
    let new_text = CreateTable::parse(new.written.text()).ok()?;
    let mut copy = copy::plan(name, old, new, &new_text);
    let change = plan.difference.altered.iter().find(|change| change.name == *name);
    let demands = change.map(|change| demands::of_copy(change, (old, new), &new_text));
    copy.fails.extend(demands.unwrap_or_default());
    if counts(old) && !counts(new) {
        copy.loses
            .push(format!("which numbers {name} gave to rows that are gone, and may give again"));
    }
    let (here, there) = (quoted(&name.local), quoted(&aside::name(plan.difference, &name.local)));
    let mut sql = vec![new.written.text().to_owned()];
    sql.extend(insert(&copy, &here, &there));
    sql.push(format!(
        "INSERT OR ROLLBACK INTO {CHECKED} (is_copied)\nSELECT (SELECT count(*) FROM {here}) = \
         (SELECT count(*) FROM {there})"
    ));
    if counts(old) && counts(new) {
        sql.extend(counter(&name.local, &aside::name(plan.difference, &name.local)));
    }
    if counts(old) && aside::is_copied(plan, name) {
        let there = literal(&aside::name(plan.difference, &name.local));
        sql.push(format!("DELETE FROM sqlite_sequence WHERE name = {there}"));
    }
    sql.push(format!("DROP TABLE {there}"));
    sql.extend(new.indexes.iter().map(|index| index.written.text().to_owned()));
    let triggers = plan.remade.with_table.iter().filter_map(|key| {
        let trigger = plan.difference.to.definitions.get(key)?;
        (trigger.owner.as_ref() == Some(name)).then(|| trigger.written.text().to_owned())
    });
    sql.extend(triggers);
    Some(Statement {
        sql: sql.join(";\n\n"),
        change: "rebuild table",
        kind: Kind::Table,
        object: name.clone(),
        loses: (!copy.loses.is_empty()).then(|| copy.loses.join("; ")),
    })
}

/// Whoever goes on after an error has lost nothing: the transaction is gone as a whole, and whatever of the
/// file follows finds no table that stepped aside.
fn insert(copy: &Copy, here: &str, there: &str) -> Option<String> {
    if copy.columns.is_empty() {
        return None;
    }
    let columns: Vec<&str> = copy.columns.iter().map(|(column, _)| column.as_str()).collect();
    let values: Vec<&str> = copy.columns.iter().map(|(_, value)| value.as_str()).collect();
    let line = |word: &str, what: &String| format!("-- {word} {}\n", what.replace('\n', " "));
    let changes = copy.changes.iter().map(|what| line("changes rows:", what));
    let insert = format!(
        "INSERT OR ROLLBACK INTO {here} ({})\nSELECT {}\nFROM {there}",
        columns.join(", "),
        values.join(", ")
    );
    Some(changes.collect::<String>() + &demands::told(&copy.fails, &insert))
}

pub(super) fn counts(table: &Table) -> bool {
    table.columns.iter().any(|column| column.identity == Some(Identity::AutoIncrement))
}

/// AUTOINCREMENT never gives a number again, that of a deleted row neither. Where no table stepped
/// aside, nothing happens.
fn counter(name: &str, aside: &str) -> [String; 2] {
    let (here, there) = (literal(name), literal(aside));
    [
        format!(
            "DELETE FROM sqlite_sequence WHERE name = {here}\n\
             AND EXISTS (SELECT 1 FROM sqlite_schema WHERE name = {there})"
        ),
        format!(
            "INSERT INTO sqlite_sequence (name, seq)\nSELECT {here}, seq FROM sqlite_sequence \
             WHERE name = {there}"
        ),
    ]
}

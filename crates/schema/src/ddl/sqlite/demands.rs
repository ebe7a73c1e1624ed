//! What the rows have to meet, or else the statement fails.

use crate::catalog::sqlite::CreateTable;
use crate::difference::TableDifference;
use crate::model::{Check, Column, ForeignKey, Index, Name, Table, Unique};

/// A statement behind a line for each demand.
pub(super) fn told(demands: &[String], sql: &str) -> String {
    let line = |demand: &String| format!("-- fails while {}\n", demand.replace('\n', " "));
    demands.iter().map(line).collect::<String>() + sql
}

/// What keys, checks and types demand of rows that are copied into the table that takes the place of `old`.
pub(super) fn of_copy(
    change: &TableDifference,
    (old, new): (&Table, &Table),
    new_text: &CreateTable,
) -> Vec<String> {
    let table = &change.name;
    let mut demands = equal(change, (old, new), new_text);
    let indexes = change.indexes.incoming();
    demands.extend(indexes.filter(|index| index.unique).map(of_index));
    demands.extend(checks(change).map(of_check));
    let is_filled = |name: &String| {
        let column = new.column(name);
        old.column(name).is_some() || column.is_some_and(|column| column.default.is_some())
    };
    let keys = change.foreign_keys.incoming();
    let keys = keys.filter(|key| key.columns.iter().all(is_filled));
    demands.extend(keys.map(|key: &ForeignKey| {
        format!("{} of a row is not in {}", all_of(table, &key.columns), key.referenced_table)
    }));
    demands.extend(types(change, old, new));
    demands
}

/// What a unique index demands.
pub(super) fn of_index(index: &Index) -> String {
    format!("what {} is over is the same in two rows", index.name)
}

/// What the checks of a column demand that comes with values: one that is NULL everywhere meets them.
pub(super) fn of_added(change: &TableDifference, column: &Column) -> Vec<String> {
    if column.default.is_none() && column.generated.is_none() {
        return Vec::new();
    }
    let own = checks(change).filter(|check| check.expression.contains(&column.name));
    own.map(of_check).collect()
}

fn checks(change: &TableDifference) -> impl Iterator<Item = &Check> {
    let changed = change.checks.changed.iter().map(|(_, new)| new);
    change.checks.added.iter().chain(changed)
}

fn of_check(check: &Check) -> String {
    check.name.as_ref().map_or_else(
        || format!("a row does not meet CHECK ({})", check.expression),
        |name| format!("a row does not meet check {name}"),
    )
}

/// Keys that refuse equal values where none did, or that compare them otherwise now. The number of a row is
/// another in each.
fn equal(
    change: &TableDifference,
    (old, new): (&Table, &Table),
    new_text: &CreateTable,
) -> Vec<String> {
    let is_compared_otherwise = |name: &String| {
        let changed = change.columns.changed.iter();
        changed.into_iter().any(|(from, to)| to.name == *name && from.collation != to.collation)
    };
    let had = |columns: &[String]| {
        let primary = old.primary_key.iter().map(|key| &key.columns);
        let mut before = primary.chain(old.uniques.iter().map(|unique| &unique.columns));
        before.any(|before| before.iter().all(|one| columns.contains(one)))
            && !columns.iter().any(is_compared_otherwise)
    };
    let is_number = |columns: &[String]| match (columns, new_text.row_number()) {
        ([column], Some(number)) => column == number && old.column(column).is_none(),
        _ => false,
    };
    let primary = new.primary_key.iter().map(|key| &key.columns);
    let uniques = new.uniques.iter().map(|unique: &Unique| &unique.columns);
    let columns = primary.chain(uniques);
    let columns = columns.filter(|columns| !had(columns) && !is_number(columns));
    columns.map(|all| format!("{} is the same in two rows", all_of(&change.name, all))).collect()
}

/// A table that is STRICT takes no value of another type: <https://www.sqlite.org/stricttables.html>
fn types(change: &TableDifference, old: &Table, new: &Table) -> Vec<String> {
    if !new.options.strict {
        return Vec::new();
    }
    let changes = |column: &&Column| {
        let before = old.column(&column.name);
        before.is_some_and(|before| !old.options.strict || before.data_type != column.data_type)
            && column.generated.is_none()
            && column.data_type != "ANY"
    };
    let columns = new.columns.iter().filter(changes);
    let told = |column: &Column| {
        let (name, word) = (&column.name, &column.data_type);
        format!("{}.{name} of a row is no {word}, of which the table is STRICT", change.name)
    };
    columns.map(told).collect()
}

fn all_of(table: &Name, columns: &[String]) -> String {
    let all: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
    all.join(", ")
}

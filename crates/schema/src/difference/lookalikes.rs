use std::collections::BTreeSet;

use super::{Difference, TableDifference};
use crate::model::{Column, Name, Table};

/// Something that is dropped and something that is made, which look alike: it may be a rename.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lookalike {
    /// Two tables.
    Table {
        /// The one that is dropped.
        old: Name,
        /// The one that is made.
        new: Name,
    },
    /// Two columns of one table.
    Column {
        /// The table.
        table: Name,
        /// The one that is dropped.
        old: String,
        /// The one that is made.
        new: String,
    },
}

/// Everything in the difference that may be meant as a rename. What is dropped may look like several.
///
/// A table looks like another if they share half of the columns of the smaller one, by name, if all columns have
/// the same types in the same order, or if their names differ in case alone. A column looks like
/// another of its table if it has the same type, a name that is alike or the same place, or if they are the only
/// ones: a rename may come with another type, and a question too many costs less than what a column held.
#[must_use]
pub fn lookalikes(difference: &Difference) -> BTreeSet<Lookalike> {
    let tables = &difference.tables;
    let pairs =
        tables.dropped.iter().flat_map(|old| tables.added.iter().map(move |new| (old, new)));
    let alike = pairs.filter(|((old_name, old), (new_name, new))| {
        tables_look_alike(old, new) || are_same_but_for_case(old_name, new_name)
    });
    let found =
        alike.map(|((old, _), (new, _))| Lookalike::Table { old: old.clone(), new: new.clone() });
    let columns = difference.altered.iter().flat_map(|table| {
        let before = difference.from.tables.get(&table.name);
        columns(table, before.map_or(&[], |before| &before.columns))
    });
    found.chain(columns).collect()
}

fn are_same_but_for_case(old: &Name, new: &Name) -> bool {
    old.local.to_lowercase() == new.local.to_lowercase()
}

fn tables_look_alike(old: &Table, new: &Table) -> bool {
    let shared = old.columns.iter().filter(|column| new.column(&column.name).is_some());
    let (shared, smaller) = (shared.count(), old.columns.len().min(new.columns.len()));
    shared > 0 && shared * 2 >= smaller || types(old).eq(types(new))
}

/// The types of all columns, as the engine takes them for the same.
fn types(table: &Table) -> impl Iterator<Item = String> {
    table.columns.iter().map(|column| column.data_type.to_ascii_lowercase())
}

fn columns<'a>(
    table: &'a TableDifference,
    before: &'a [Column],
) -> impl Iterator<Item = Lookalike> + 'a {
    let columns = &table.columns;
    let are_only = columns.dropped.len() == 1 && columns.added.len() == 1;
    let pairs =
        columns.dropped.iter().flat_map(|old| columns.added.iter().map(move |new| (old, new)));
    let alike = pairs.filter(move |(old, new)| {
        are_only
            || old.data_type.eq_ignore_ascii_case(&new.column.data_type)
            || names_look_alike(&old.name, &new.column.name)
            || neighbour(before, &old.name) == new.after.as_deref()
    });
    alike.map(|(old, new)| Lookalike::Column {
        table: table.name.clone(),
        old: old.name.clone(),
        new: new.column.name.clone(),
    })
}

/// The column before this one.
fn neighbour<'a>(columns: &'a [Column], name: &str) -> Option<&'a str> {
    let at = columns.iter().position(|column| column.name == name)?;
    columns.get(at.checked_sub(1)?).map(|column| column.name.as_str())
}

/// Whether one name is in the other (`mail`, `e_mail`), whatever signs and case they are written with.
fn names_look_alike(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (one, other) = (letters(one), letters(other));
    let shorter = one.chars().count().min(other.chars().count());
    shorter > 2 && (one.contains(&other) || other.contains(&one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::difference::Renames;
    use crate::model::{Dialect, Schema};

    fn found(from: &[(&str, &str)], to: &[(&str, &str)]) -> usize {
        let schema = |columns: &[(&str, &str)]| {
            let mut schema = Schema::empty(Dialect::Postgres);
            let columns = columns.iter().map(|(name, of)| Column::new(*name, *of)).collect();
            schema.tables.insert("t".into(), Table { columns, ..Table::default() });
            schema
        };
        lookalikes(&Difference::between(&schema(from), &schema(to), &Renames::default())).len()
    }

    #[test]
    fn rename_with_another_type_is_asked_about() {
        assert_eq!(found(&[("a", "integer")], &[("b", "bigint")]), 1, "the only ones");
        let from = [("id", "integer"), ("mail", "text"), ("x", "date")];
        let to =
            [("id", "integer"), ("n", "uuid"), ("o", "time"), ("e_mail", "character varying(9)")];
        assert_eq!(found(&from, &to), 2, "the name of one, the place of another");
        let to = [("id", "integer"), ("x", "date"), ("n", "uuid"), ("o", "time")];
        assert_eq!(found(&from, &to), 0, "{to:?}");
    }

    #[test]
    fn table_whose_name_differs_in_case_is_asked_about() {
        let schema = |name: &str, column: Column| {
            let mut schema = Schema::empty(Dialect::Postgres);
            let table = Table { columns: vec![column], ..Table::default() };
            schema.tables.insert(name.into(), table);
            schema
        };
        let from = schema("users", Column::new("createdAt", "timestamp"));
        let to = |name| schema(name, Column::new("created_at", "date"));
        let found = |to| lookalikes(&Difference::between(&from, &to, &Renames::default())).len();
        assert_eq!((found(to("Users")), found(to("people"))), (1, 0));
    }
}

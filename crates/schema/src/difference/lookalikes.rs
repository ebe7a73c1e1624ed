use std::collections::BTreeSet;

use super::{Difference, TableDifference};
use crate::model::{Name, Table};

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
/// A table looks like another if they share half of the columns of the smaller one, by name and type; a
/// column like another of its table if it has the same type.
#[must_use]
pub fn lookalikes(difference: &Difference) -> BTreeSet<Lookalike> {
    let tables = &difference.tables;
    let pairs =
        tables.dropped.iter().flat_map(|old| tables.added.iter().map(move |new| (old, new)));
    let alike = pairs.filter(|((_, old), (_, new))| tables_look_alike(old, new));
    let found =
        alike.map(|((old, _), (new, _))| Lookalike::Table { old: old.clone(), new: new.clone() });
    found.chain(difference.altered.iter().flat_map(columns)).collect()
}

fn tables_look_alike(old: &Table, new: &Table) -> bool {
    let shared = old.columns.iter().filter(|column| {
        new.column(&column.name).is_some_and(|other| other.data_type == column.data_type)
    });
    let (shared, smaller) = (shared.count(), old.columns.len().min(new.columns.len()));
    shared > 0 && shared * 2 >= smaller
}

fn columns(table: &TableDifference) -> impl Iterator<Item = Lookalike> {
    let columns = &table.columns;
    let pairs = columns
        .dropped
        .iter()
        .flat_map(|old| columns.added.iter().map(move |new| (old, &new.column)));
    let alike = pairs.filter(|(old, new)| old.data_type.eq_ignore_ascii_case(&new.data_type));
    alike.map(|(old, new)| Lookalike::Column {
        table: table.name.clone(),
        old: old.name.clone(),
        new: new.name.clone(),
    })
}

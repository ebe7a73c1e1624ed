use std::collections::BTreeSet;

use super::alter::Changing;
use super::dependents::Dependents;
use super::text::name;
use crate::ddl::Statement;
use crate::difference::Difference;
use crate::model::{Kind, Name};

/// All tables at once.
pub(super) fn tables(difference: &Difference) -> Option<Statement> {
    let (_, first) = difference.renames.tables.first_key_value()?;
    let all: Vec<String> = difference
        .table_steps()
        .iter()
        .map(|(old, new)| format!("{} TO {}", name(&old.local), name(&new.local)))
        .collect();
    Some(Statement {
        sql: format!("RENAME TABLE {}", all.join(", ")),
        change: "rename table",
        kind: Kind::Table,
        object: first.clone(),
        loses: None,
    })
}

/// The columns of foreign keys, own ones and those of others that point here, that are renamed in a statement
/// of their own: both servers rename them only where nothing rewrites the table at the same time.
pub(super) fn alone<'a>(difference: &Difference, changing: &Changing<'a>) -> BTreeSet<&'a str> {
    let renamed = in_keys(difference, changing);
    if changing.difference.is_empty() || !stuck(difference, changing).is_empty() {
        return BTreeSet::new();
    }
    renamed
}

/// The columns of foreign keys that cannot be renamed alone, for an expression names them that `MySQL` does
/// not change with them: their foreign keys have to go meanwhile.
pub(super) fn stuck<'a>(difference: &Difference, changing: &Changing<'a>) -> BTreeSet<&'a str> {
    let dependents = Dependents::of(changing);
    let is_free = dependents.checks.is_empty() && dependents.columns.is_empty();
    let is_free = is_free && dependents.keys.is_empty();
    if is_free { BTreeSet::new() } else { in_keys(difference, changing) }
}

fn in_keys<'a>(difference: &Difference, changing: &Changing<'a>) -> BTreeSet<&'a str> {
    let is_own = |table: &Name| table == changing.name;
    let mut columns = BTreeSet::new();
    for (table, key) in all_keys(difference) {
        let own = key.columns.iter().filter(|_| is_own(table));
        let is_here =
            key.referenced_schema.is_none() && is_own(&table.sibling(&key.referenced_table));
        columns.extend(own.chain(key.referenced_columns.iter().filter(|_| is_here)));
    }
    let renamed = changing.renamed.values().copied();
    renamed.filter(|column| columns.iter().any(|name| name == column)).collect()
}

/// The foreign keys that are there, with the tables that hold them.
pub(super) fn all_keys(
    difference: &Difference,
) -> impl Iterator<Item = (&Name, &crate::model::ForeignKey)> {
    let tables = difference.from.tables.iter();
    tables.flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key)))
}

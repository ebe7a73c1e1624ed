use std::collections::{BTreeMap, BTreeSet};

use crate::difference::Difference;
use crate::model::{Column, ForeignKey, Name, Table, Thing};

/// Both sides of a difference, and what stands on what in the one that is left, under the names that
/// hold once renames are done.
pub(super) struct Sides<'a> {
    pub(super) difference: &'a Difference,
    dependents: BTreeMap<Thing, Vec<Thing>>,
    former: BTreeMap<&'a Name, &'a Name>,
}

impl<'a> Sides<'a> {
    pub(super) fn new(difference: &'a Difference) -> Self {
        let former = difference
            .renames
            .tables
            .iter()
            .map(|(old, new)| (new, old))
            .collect::<BTreeMap<_, _>>();
        let mut sides = Self { difference, dependents: BTreeMap::new(), former };
        for (dependent, on) in &difference.from.dependencies.0 {
            sides.dependents.entry(on.clone()).or_default().push(dependent.clone());
        }
        sides
    }

    /// What stands on a thing.
    pub(super) fn dependents(&self, thing: &Thing) -> &[Thing] {
        self.dependents.get(thing).map(Vec::as_slice).unwrap_or_default()
    }

    /// The name that a table has before it is renamed.
    pub(super) fn former_table<'n>(&self, table: &'n Name) -> &'n Name
    where
        'a: 'n,
    {
        self.former.get(table).copied().unwrap_or(table)
    }

    /// Whether a table as it is to be has a constraint of a name.
    pub(super) fn has_constraint(&self, table: &Name, name: &str) -> bool {
        let Some(table) = self.new_table(table) else { return false };
        let is_named = |one: &Option<String>| one.as_deref() == Some(name);
        table.primary_key.iter().any(|one| is_named(&one.name))
            || table.uniques.iter().any(|one| is_named(&one.name))
            || table.checks.iter().any(|one| is_named(&one.name))
            || table.foreign_keys.iter().any(|one| is_named(&one.name))
            || table.exclusions.iter().any(|one| one.name == name)
    }

    /// The name that a column has before it is renamed.
    pub(super) fn former_column<'c>(&'c self, table: &Name, column: &'c str) -> &'c str {
        let of_table = self.difference.renames.of_table(table);
        of_table.iter().find(|(_, new)| **new == column).map_or(column, |(old, _)| *old)
    }

    /// A table as it is, under its new name.
    pub(super) fn old_table(&self, name: &Name) -> Option<&'a Table> {
        self.difference.from.tables.get(name)
    }

    /// A table as it is to be.
    pub(super) fn new_table(&self, name: &Name) -> Option<&'a Table> {
        self.difference.to.tables.get(name)
    }

    /// A column of both sides.
    pub(super) fn column(&self, table: &Name, column: &str) -> Option<(&'a Column, &'a Column)> {
        Some((self.old_table(table)?.column(column)?, self.new_table(table)?.column(column)?))
    }

    /// The table that a foreign key refers to. One of another schema says which, be it the current one.
    pub(super) fn referenced(&self, table: &Name, key: &ForeignKey) -> Name {
        let named = super::constraints::referenced(table, key);
        let is_known = |name: &Name| self.old_table(name).or(self.new_table(name)).is_some();
        let local = Name::local(&key.referenced_table);
        if !is_known(&named) && is_known(&local) { local } else { named }
    }

    /// The names of all tables that stay.
    pub(super) fn staying(&self) -> BTreeSet<&'a Name> {
        let to = &self.difference.to.tables;
        self.difference.from.tables.keys().filter(|name| to.contains_key(*name)).collect()
    }
}

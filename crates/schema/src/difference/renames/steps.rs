use std::collections::BTreeMap;

use super::Renames;
use crate::difference::Difference;
use crate::model::{Dialect, Kind, Name, Schema};

impl Difference {
    /// The renames of tables, in an order in which each name is free; names that are exchanged take one more step.
    pub(crate) fn table_steps(&self) -> Vec<(Name, Name)> {
        let is_taken =
            |name: &Name| self.from.tables.contains_key(name) || self.to.tables.contains_key(name);
        steps(&self.renames.tables, |number, name| {
            let aside = name.sibling(aside(number));
            (!is_taken(&aside)).then_some(aside)
        })
    }

    /// Some renames of sequences that stand alone, likewise.
    pub(crate) fn sequence_steps(&self, renames: &BTreeMap<Name, Name>) -> Vec<(Name, Name)> {
        let (from, to) = (&self.from.sequences, &self.to.sequences);
        let is_taken = |name: &Name| from.contains_key(name) || to.contains_key(name);
        steps(renames, |number, name| {
            let aside = name.sibling(aside(number));
            (!is_taken(&aside)).then_some(aside)
        })
    }

    /// The renames of columns, likewise: the table's new name, the old and the new one.
    pub(crate) fn column_steps(&self) -> Vec<(&Name, String, String)> {
        self.column_steps_of(|_, _| true)
    }

    /// The renames of some columns, which are told by the new names of their tables and their own.
    pub(crate) fn column_steps_of(
        &self,
        is_one: impl Fn(&Name, &str) -> bool,
    ) -> Vec<(&Name, String, String)> {
        let mut found = Vec::new();
        for (name, table) in &self.from.tables {
            let of_table = self.renames.of_table(name).into_iter();
            let of_table = of_table.filter(|(_, new)| is_one(name, new));
            let of_table = of_table.map(|(old, new)| (old.to_owned(), new.to_owned())).collect();
            let wanted = self.to.tables.get(name);
            let is_taken = |column: &str| {
                table.column(column).is_some()
                    || wanted.is_some_and(|table| table.column(column).is_some())
            };
            let steps =
                steps(&of_table, |number, _| Some(aside(number)).filter(|one| !is_taken(one)));
            found.extend(steps.into_iter().map(|(old, new)| (name, old, new)));
        }
        found
    }
}

fn aside(number: usize) -> String {
    format!("renamed_{number}")
}

/// The renames one after the other; `aside` gives the name of this number for something that has to make room, if
/// nothing has it.
pub(crate) fn steps<T: Ord + Clone>(
    renames: &BTreeMap<T, T>,
    aside: impl Fn(usize, &T) -> Option<T>,
) -> Vec<(T, T)> {
    let mut left = renames.clone();
    let mut steps = Vec::with_capacity(left.len());
    let mut numbers = 1..;
    while let Some((first, _)) = left.first_key_value() {
        let free = left.iter().find(|(_, new)| !left.contains_key(*new));
        let (old, is_free) = free.map_or((first, false), |(old, _)| (old, true));
        let Some((old, new)) = left.remove_entry(&old.clone()) else { break };
        if is_free {
            steps.push((old, new));
        } else if let Some(aside) = numbers.find_map(|number| aside(number, &old)) {
            steps.push((old, aside.clone()));
            left.insert(aside, new);
        }
    }
    steps
}

impl Renames {
    /// Names that are exchanged, each group by itself: all of them are there before and afterwards, so that
    /// nothing but the difference itself can show whether it is done.
    #[must_use]
    pub fn exchanges(&self, from: &Schema, to: &Schema) -> Vec<Self> {
        let mut found: Vec<Self> = cycles(&self.tables)
            .into_iter()
            .filter(|one| one.keys().all(|name| from.tables.contains_key(name)))
            .filter(|one| one.keys().all(|name| to.tables.contains_key(name)))
            .map(|tables| Self { tables, ..Self::default() })
            .collect();
        for (table, wanted) in &to.tables {
            let former = self.tables.iter().find(|(_, new)| *new == table);
            let Some(before) = from.tables.get(former.map_or(table, |(old, _)| old)) else {
                continue;
            };
            let of_table = self.of_table(table).into_iter().collect();
            for cycle in cycles(&of_table) {
                let is_there =
                    |name: &&str| before.column(name).is_some() && wanted.column(name).is_some();
                if cycle.keys().all(is_there) {
                    let columns = cycle.into_iter();
                    let columns =
                        columns.map(|(old, new)| ((table.clone(), old.to_owned()), new.to_owned()));
                    found.push(Self { columns: columns.collect(), ..Self::default() });
                }
            }
        }
        let sequences = cycles(&self.sequences)
            .into_iter()
            .filter(|one| one.keys().all(|name| from.sequences.contains_key(name)))
            .filter(|one| one.keys().all(|name| to.sequences.contains_key(name)));
        found.extend(sequences.map(|sequences| Self { sequences, ..Self::default() }));
        found
    }

    /// These without some of them.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        let mut left = self.clone();
        left.tables.retain(|old, _| !others.tables.contains_key(old));
        left.columns.retain(|key, _| !others.columns.contains_key(key));
        left.sequences.retain(|old, _| !others.sequences.contains_key(old));
        left
    }

    /// The same in the spelling of both schemas, where the engine takes names for the same that differ in case.
    #[must_use]
    pub fn spelt_as(self, from: &Schema, to: &Schema) -> Self {
        let tables = self.tables.into_iter().map(|(old, new)| {
            let (old, new) = (spelt_table(from, old), spelt_table(to, new));
            (old, new)
        });
        let tables: BTreeMap<Name, Name> = tables.collect();
        let columns = self.columns.into_iter().map(|((table, old), new)| {
            let table = spelt_table(to, table);
            let former =
                tables.iter().find(|(_, new)| **new == table).map_or(&table, |(old, _)| old);
            let old = spelt_column(from, former, old);
            let new = spelt_column(to, &table, new);
            ((table, old), new)
        });
        let sequences = self.sequences.into_iter();
        let sequences =
            sequences.map(|(old, new)| (spelt_sequence(from, old), spelt_sequence(to, new)));
        Self { columns: columns.collect(), sequences: sequences.collect(), tables }
    }
}

/// The groups of names that are exchanged, of one or more of a map's entries each.
fn cycles<T: Ord + Clone>(renames: &BTreeMap<T, T>) -> Vec<BTreeMap<T, T>> {
    let mut left = renames.clone();
    let mut found = Vec::new();
    while let Some((first, second)) = left.pop_first() {
        let mut cycle = BTreeMap::from([(first.clone(), second.clone())]);
        let mut at = second;
        while at != first
            && let Some(next) = left.remove(&at)
        {
            cycle.insert(at, next.clone());
            at = next;
        }
        if at == first {
            found.push(cycle);
        }
    }
    found
}

/// The current schema may be called by its name.
fn spelt_sequence(schema: &Schema, name: Name) -> Name {
    match &name.schema {
        Some(one) if !schema.schemas.contains(one) => Name::local(name.local),
        _ => name,
    }
}

fn spelt_table(schema: &Schema, name: Name) -> Name {
    let is_folded = schema.dialect == Dialect::Sqlite;
    // The current schema may be called by its name.
    if name.schema.as_ref().is_some_and(|one| !schema.schemas.contains(one)) {
        return spelt_table(schema, Name::local(name.local));
    }
    if !is_folded || schema.tables.contains_key(&name) {
        return name;
    }
    let others = schema.definitions.keys().filter(|key| key.kind == Kind::VirtualTable);
    let all = schema.tables.keys().chain(others.map(|key| &key.name));
    let mut alike = all.filter(|one| one.local.eq_ignore_ascii_case(&name.local));
    alike.next().cloned().unwrap_or(name)
}

fn spelt_column(schema: &Schema, table: &Name, name: String) -> String {
    let is_folded = schema.dialect != Dialect::Postgres;
    let columns = schema.tables.get(table).map_or(&[][..], |table| &table.columns);
    if !is_folded || columns.iter().any(|column| column.name == name) {
        return name;
    }
    let folded = name.to_lowercase();
    let alike = columns.iter().find(|column| column.name.to_lowercase() == folded);
    alike.map_or(name, |column| column.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let map = pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
        steps(&map, |number, _| Some(aside(number)))
    }

    #[test]
    fn each_name_is_free_when_it_is_given() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
        };
        assert_eq!(ordered(&[("a", "b"), ("b", "c")]), pairs(&[("b", "c"), ("a", "b")]));
        let exchanged = pairs(&[("a", "renamed_1"), ("b", "a"), ("renamed_1", "b")]);
        assert_eq!(ordered(&[("a", "b"), ("b", "a")]), exchanged);
        assert_eq!(ordered(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "e")]).len(), 5);
    }

    #[test]
    fn only_what_leads_back_is_an_exchange() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
        };
        assert!(cycles(&map(&[("a", "b"), ("b", "c")])).is_empty());
        let all = map(&[("a", "b"), ("b", "a"), ("c", "d")]);
        assert_eq!(cycles(&all), [map(&[("a", "b"), ("b", "a")])]);
    }
}

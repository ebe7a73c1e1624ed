use std::collections::{BTreeMap, BTreeSet};

use super::definitions::{self, Remade};
use super::drops;
use super::in_place::{self, Goal, InPlace};
use super::texts::Texts;
use crate::catalog::sqlite::{CreateTable, Known};
use crate::difference::{Difference, TableDifference};
use crate::model::{Index, Name, Reference, Table};

/// Which way is gone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    /// Back, to the letter.
    Back,
}

/// How a table that stays gets to be what it is to be.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    InPlace(InPlace),
    Rebuilt,
}

/// How everything gets to be what it is to be.
pub(super) struct Plan<'a> {
    pub(super) difference: &'a Difference,
    /// The tables that change, indexes apart.
    pub(super) fates: BTreeMap<Name, Fate>,
    /// Indexes of tables that are not rebuilt, and of rebuilt ones where the name is wanted elsewhere.
    pub(super) dropped_indexes: Vec<(Name, String)>,
    /// Indexes of tables that are not rebuilt: the table, and what is to be made.
    pub(super) made_indexes: Vec<(Name, &'a Index)>,
    /// Views and triggers that are dropped and made.
    pub(super) remade: Remade,
    /// The tables that are dropped, those that refer to others first.
    pub(super) dropped: drops::Drops<'a>,
    /// The statements as they are before anything but renames is done.
    pub(super) start: Texts,
    /// The statements as they are at the end.
    pub(super) end: Texts,
}

impl<'a> Plan<'a> {
    /// How the difference is made; `start` has the statements from before the renames, by new names.
    pub(super) fn new(difference: &'a Difference, mut start: Texts, way: Way) -> Self {
        start.rename(difference);
        let fates = fates(difference, &start, way);
        let end = end(difference, &start, &fates);
        let mut plan = Self {
            difference,
            dropped: drops::order(difference, &fates),
            dropped_indexes: Vec::new(),
            made_indexes: Vec::new(),
            remade: Remade::default(),
            fates,
            start,
            end,
        };
        plan.plan_indexes(way);
        plan.remade = definitions::plan(&plan, way);
        for key in plan.remade.made.iter().chain(&plan.remade.with_table) {
            if let Some(definition) = difference.to.definitions.get(key) {
                plan.end.definitions.insert(key.clone(), definition.written.text().to_owned());
            }
        }
        plan
    }

    /// Whether foreign keys have to be off, which takes a transaction of its own.
    pub(super) fn needs_frame(&self) -> bool {
        self.dropped.breaks_references || self.rebuilt().next().is_some()
    }

    /// The tables that are rebuilt.
    pub(super) fn rebuilt(&self) -> impl Iterator<Item = &Name> {
        let rebuilt = self.fates.iter().filter(|(_, fate)| matches!(fate, Fate::Rebuilt));
        rebuilt.map(|(name, _)| name)
    }

    pub(super) fn is_rebuilt(&self, name: &Name) -> bool {
        matches!(self.fates.get(name), Some(Fate::Rebuilt))
    }

    /// Whether `SQLite` looks through all views and triggers, and changes them, when this table changes.
    pub(super) fn disturbs_definitions(&self, name: &Name) -> bool {
        let renames = &self.difference.renames;
        let is_renamed = renames.tables.values().any(|new| new == name)
            || renames.columns.keys().any(|(table, _)| table == name);
        let drops =
            matches!(self.fates.get(name), Some(Fate::InPlace(way)) if !way.dropped.is_empty());
        is_renamed || drops
    }

    fn plan_indexes(&mut self, way: Way) {
        let difference = self.difference;
        let wanted: BTreeMap<&str, &Name> = difference
            .to
            .tables
            .iter()
            .flat_map(|(name, table)| table.indexes.iter().map(move |index| (&*index.name, name)))
            .collect();
        let added = difference.tables.added.keys();
        let added = added.filter_map(|name| difference.to.tables.get_key_value(name));
        for (name, table) in added {
            self.made_indexes.extend(table.indexes.iter().map(|index| (name.clone(), index)));
        }
        let stay = difference
            .to
            .tables
            .iter()
            .filter_map(|(name, new)| Some((name, difference.from.tables.get(name)?, new)));
        for (name, old, new) in stay {
            for index in &old.indexes {
                let goes = !self.stays(name, index, new, way);
                let is_wanted_elsewhere =
                    wanted.get(&*index.name).is_some_and(|table| *table != name);
                if goes && (!self.is_rebuilt(name) || is_wanted_elsewhere) {
                    self.dropped_indexes.push((name.clone(), index.name.clone()));
                }
            }
            if self.is_rebuilt(name) {
                continue;
            }
            let kept = |wanted: &&Index| {
                let same = old.indexes.iter().find(|index| index.name == wanted.name);
                same.is_some_and(|index| self.stays(name, index, new, way))
            };
            let made: Vec<_> = new.indexes.iter().filter(|index| !kept(index)).collect();
            self.made_indexes.extend(made.into_iter().map(|index| (name.clone(), index)));
        }
    }

    /// Whether an index is the same in the table that is wanted.
    fn stays(&self, table: &Name, index: &Index, wanted: &Table, way: Way) -> bool {
        let Some(same) = wanted.indexes.iter().find(|other| *other == index) else { return false };
        match way {
            Way::Up => true,
            Way::Back => {
                let text = self.start.indexes.get(&index.name);
                text.is_some_and(|(of, text)| of == table && text == same.written.text())
            }
        }
    }
}

fn fates(difference: &Difference, start: &Texts, way: Way) -> BTreeMap<Name, Fate> {
    let known = Known::of(&difference.to.tables);
    let altered: BTreeMap<&Name, &TableDifference> =
        difference.altered.iter().map(|table| (&table.name, table)).collect();
    let mut fates = BTreeMap::new();
    for (name, wanted) in &difference.to.tables {
        let Some(text) = start.tables.get(name) else { continue };
        let changed = altered.get(name).filter(|table| !is_of_indexes(table));
        let is_exact = way == Way::Up || text == wanted.written.text();
        let goal = match way {
            Way::Up => Goal::Equal(&known),
            Way::Back => Goal::Exact,
        };
        let fate = match changed {
            None if is_exact && !is_led_astray(difference, text, wanted, &known) => continue,
            None => None,
            Some(changed) => in_place::find(text, changed, wanted, &goal),
        };
        fates.insert(name.clone(), fate.map_or(Fate::Rebuilt, Fate::InPlace));
    }
    fates
}

/// Whether a statement that stays refers to the primary key of a table without naming it, and would refer to another one
/// from now on.
fn is_led_astray(difference: &Difference, text: &str, wanted: &Table, known: &Known) -> bool {
    let has_other_key = |name: &str| {
        let mut altered = difference.altered.iter();
        altered.any(|table| table.primary_key.is_some() && table.name.local == name)
    };
    if !wanted.foreign_keys.iter().any(|key| has_other_key(&key.referenced_table)) {
        return false;
    }
    let Ok(CreateTable { table: mut stays, .. }) = CreateTable::parse(text) else { return true };
    known.resolve(&mut stays);
    stays.foreign_keys != wanted.foreign_keys
}

/// Whether nothing but indexes changes.
fn is_of_indexes(table: &TableDifference) -> bool {
    table.columns.is_empty()
        && table.primary_key.is_none()
        && table.uniques.is_empty()
        && table.foreign_keys.is_empty()
        && table.checks.is_empty()
        && table.options.is_none()
}

/// What the statements are afterwards, views and triggers that are made anew apart.
fn end(difference: &Difference, start: &Texts, fates: &BTreeMap<Name, Fate>) -> Texts {
    let mut end = Texts { definitions: start.definitions.clone(), ..Texts::default() };
    for (name, table) in &difference.to.tables {
        let text = match (fates.get(name), start.tables.get(name)) {
            (Some(Fate::InPlace(way)), _) => way.text.clone(),
            (None, Some(text)) => text.clone(),
            (Some(Fate::Rebuilt), _) | (None, None) => table.written.text().to_owned(),
        };
        end.tables.insert(name.clone(), text);
        let old = difference.from.tables.get(name);
        let is_rebuilt = matches!(fates.get(name), Some(Fate::Rebuilt));
        for index in &table.indexes {
            let kept = old.filter(|old| !is_rebuilt && old.indexes.contains(index));
            let kept = kept.and_then(|_| start.indexes.get(&index.name).map(|(_, text)| text));
            let text = kept.map_or_else(|| index.written.text().to_owned(), Clone::clone);
            end.indexes.insert(index.name.clone(), (name.clone(), text));
        }
    }
    end
}

/// The key of a table among the things that definitions need.
pub(super) fn table_key(name: &Name) -> Reference {
    Reference::to(crate::model::Kind::Table, name.clone())
}

/// Names of tables that are there on both sides.
pub(super) fn both(difference: &Difference) -> BTreeSet<&Name> {
    difference.to.tables.keys().filter(|name| difference.from.tables.contains_key(name)).collect()
}

mod drops;
mod obstacles;

use std::collections::{BTreeMap, BTreeSet};

use self::drops::Drops;
use self::obstacles::Obstacles;
use super::alter::{Changing, add_foreign_key};
use super::clause::Alteration;
use super::definitions::Definitions;
use super::early::Early;
use super::mode::Mode;
use super::order::is_before;
use super::{rename, sequences, table};
use crate::ddl::Statement;
use crate::difference::Difference;
use crate::model::{ForeignKey, Kind, Name, Table};

/// What is done, and in which order.
pub(super) struct Plan<'a> {
    difference: &'a Difference,
    changing: BTreeMap<&'a Name, Changing<'a>>,
    /// Constraints that go before everything else.
    early: Early,
    /// Tables that are made or changed, those before that others point to.
    order: Vec<&'a Name>,
    drops: Drops<'a>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(difference: &'a Difference) -> Self {
        let changing = Changing::all(difference);
        let Obstacles { early, order, dropped_first } = Obstacles::of(difference, &changing);
        let drops = Drops::of(difference, &dropped_first);
        Self { difference, changing, early, order, drops }
    }

    pub(super) fn statements(&self) -> Vec<Statement> {
        let definitions = Definitions::of(self.difference);
        let sequences = &self.difference.sequences;
        let mut statements = definitions.drops();
        statements.extend(rename::tables(self.difference));
        statements.extend(self.early.statements(&self.difference.from, &self.difference.renames));
        statements.extend(self.drops.first());
        // Sequences are tables to the server.
        let (first, last): (Vec<&Name>, Vec<&Name>) =
            sequences.dropped.keys().partition(|name| self.is_taken(name));
        statements.extend(first.into_iter().map(sequences::drop));
        for (name, (from, to)) in &sequences.changed {
            statements.extend(sequences::alter(name, from, to));
        }
        statements.extend(sequences.added.iter().map(|(name, one)| sequences::create(name, one)));
        for name in &self.order {
            statements.extend(self.table(name));
        }
        statements.extend(self.late());
        statements.extend(self.drops.last());
        statements.extend(last.into_iter().map(sequences::drop));
        statements.extend(definitions.creates());
        statements
    }

    /// Whether a table comes under the name.
    fn is_taken(&self, name: &Name) -> bool {
        self.difference.tables.added.contains_key(name)
    }

    fn table(&self, name: &Name) -> Vec<Statement> {
        if let Some(table) = self.difference.tables.added.get(name) {
            let is_late = |key: &ForeignKey| !self.can_be_inside(name, key);
            let sql = table::create(&self.difference.to, name, table, is_late);
            let object = name.clone();
            let kind = Kind::Table;
            return vec![Statement { sql, change: "create table", kind, object, loses: None }];
        }
        let Some(changing) = self.changing.get(name) else { return Vec::new() };
        let alone = rename::alone(self.difference, changing);
        let is_here = |key: &ForeignKey| self.can_be_inside(name, key);
        changing.statements(&alone, &self.early, is_here)
    }

    /// Whether a foreign key can be added with everything else of its table: the other table is as it is to
    /// be, and so is its own, where it points to itself.
    fn can_be_inside(&self, table: &Name, key: &ForeignKey) -> bool {
        let parent = parent(table, key);
        if parent.as_ref() != Some(table) {
            return parent.is_none_or(|parent| is_before(&self.order, &&parent, &table));
        }
        // `MariaDB` compares the columns as they were.
        let columns = self.changing.get(table).map(|changing| &changing.difference.columns);
        columns.is_none_or(|columns| {
            let mut touched = columns.changed.iter().map(|(_, new)| &new.name);
            !touched.any(|name| key.columns.contains(name) || key.referenced_columns.contains(name))
        })
    }

    /// The foreign keys that had to wait.
    fn late(&self) -> Vec<Statement> {
        let mut waiting: BTreeMap<&Name, Vec<&ForeignKey>> = BTreeMap::new();
        for (name, table) in &self.difference.tables.added {
            waiting.entry(name).or_default().extend(&table.foreign_keys);
        }
        for (name, changing) in &self.changing {
            waiting.entry(name).or_default().extend(changing.incoming(&self.early));
        }
        let statement = |(name, keys): (&Name, Vec<&ForeignKey>)| {
            let keys = keys.into_iter().filter(|key| !self.can_be_inside(name, key));
            let keys: Vec<&ForeignKey> = keys.collect();
            let clauses = keys.iter().map(|key| add_foreign_key(key)).collect();
            let mode = Mode::of(self.difference.to.tables.get(name));
            let mut alteration = Alteration::of(self.difference.to.dialect, mode, clauses);
            let changing = self.changing.get(name);
            alteration.demands = keys
                .iter()
                .filter_map(|key| changing.and_then(|changing| changing.demanded_by(key)))
                .collect();
            alteration.statement(name)
        };
        let waiting = waiting.into_iter().chain(self.untouched());
        waiting.filter_map(statement).collect()
    }

    /// Tables that do not change but for foreign keys that had to go meanwhile.
    fn untouched(&self) -> impl Iterator<Item = (&'a Name, Vec<&'a ForeignKey>)> {
        let tables = self.difference.to.tables.iter();
        let tables = tables.filter(|(name, _)| {
            !self.changing.contains_key(name) && !self.difference.tables.added.contains_key(*name)
        });
        let again = |(name, table): (&'a Name, &'a Table)| {
            let keys = table.foreign_keys.iter().filter(|key| self.early.has_key(name, key));
            (name, keys.collect::<Vec<_>>())
        };
        tables.map(again)
    }
}

/// The table that a foreign key points to, if it is of this database.
fn parent(table: &Name, key: &ForeignKey) -> Option<Name> {
    key.referenced_schema.is_none().then(|| table.sibling(&key.referenced_table))
}

/// Names by which something is told apart in the whole database.
type Names<'a> = BTreeSet<&'a str>;

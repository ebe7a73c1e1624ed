//! What has to change so that one schema becomes another.
//!
//! The difference is symmetric: the way back is [`Difference::between`] with the schemas exchanged and
//! the renames inverted. It says what differs, object by object; in which order statements make that
//! happen is each engine's matter and stands in [`crate::ddl`].

mod extensions;
mod lookalikes;
mod parts;
mod renames;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

pub use lookalikes::{Lookalike, lookalikes};
pub use parts::{Changes, Part};
pub use renames::Renames;
pub(crate) use renames::steps::steps;
pub use tables::{AddedColumn, ColumnChanges, TableDifference};

use crate::model::{Column, Definition, Enum, Name, Reference, Schema, Sequence, Table};

/// What has to change so that `from` becomes `to`.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The schema as it is once `renames` are done; everything below speaks of these names.
    pub from: Schema,
    /// The schema as it is to be.
    pub to: Schema,
    /// The tables and columns that change nothing but their names: old names to new ones, all of
    /// which exist in the schema as it is.
    pub renames: Renames,
    /// `PostgreSQL`: schemas beside the current one.
    pub schemas: Objects<String, ()>,
    /// Enums.
    pub enums: Objects<Name, Enum>,
    /// Sequences that no column owns.
    pub sequences: Objects<Name, Sequence>,
    /// Tables that are made and dropped.
    pub tables: MadeAndDropped,
    /// Tables that stay and are not as they are to be.
    pub altered: Vec<TableDifference>,
    /// Views, routines, triggers and whatever else is kept as its statement.
    pub definitions: Objects<Reference, Definition>,
}

/// Tables that are made and dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeAndDropped {
    /// What is made.
    pub added: BTreeMap<Name, Table>,
    /// What is dropped.
    pub dropped: BTreeMap<Name, Table>,
}

/// Changes of objects that are told apart by a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objects<K: Ord, V> {
    /// What is made.
    pub added: BTreeMap<K, V>,
    /// What is dropped.
    pub dropped: BTreeMap<K, V>,
    /// What stays and is not as it is to be: as it is, and as it is to be.
    pub changed: BTreeMap<K, (V, V)>,
}

impl<K: Ord, V> Objects<K, V> {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.changed.is_empty()
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> Objects<K, V> {
    fn between(from: &BTreeMap<K, V>, to: &BTreeMap<K, V>) -> Self {
        let lacking = |these: &BTreeMap<K, V>, those: &BTreeMap<K, V>| {
            let lacking = these.iter().filter(|(key, _)| !those.contains_key(key));
            lacking.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let changed = from.iter().filter_map(|(key, old)| {
            let new = to.get(key)?;
            (old != new).then(|| (key.clone(), (old.clone(), new.clone())))
        });
        Self { added: lacking(to, from), dropped: lacking(from, to), changed: changed.collect() }
    }
}

impl Difference {
    /// What has to change so that `from` becomes `to`, where `renames` keep what they name.
    ///
    /// Renames that say nothing about these two schemas (what they name is not there, or is renamed
    /// already) are left out. Both schemas are of one dialect.
    #[must_use]
    pub fn between(from: &Schema, to: &Schema, renames: &Renames) -> Self {
        let renames = renames.restricted(from, to).with_changes_of_case(from, to);
        let mut from = renames.applied_to(from);
        renames.tell_apart(&mut from, to);
        extensions::follow(&mut from, to);
        let keyed =
            |names: &BTreeSet<String>| names.iter().map(|name| (name.clone(), ())).collect();
        let tables = Objects::between(&from.tables, &to.tables);
        let altered = tables.changed.iter();
        let altered =
            altered.map(|(name, (old, new))| TableDifference::between(&from, name, old, new));
        Self {
            schemas: Objects::between(&keyed(&from.schemas), &keyed(&to.schemas)),
            enums: Objects::between(&from.enums, &to.enums),
            sequences: Objects::between(&from.sequences, &to.sequences),
            altered: altered.filter(|table| !table.is_empty()).collect(),
            tables: MadeAndDropped { added: tables.added, dropped: tables.dropped },
            definitions: Objects::between(&from.definitions, &to.definitions),
            from,
            to: to.clone(),
            renames,
        }
    }

    /// How many columns and sequences of those that an exchange of names concerns are not as they are to be: of
    /// exchanged tables all columns, else the exchanged ones. Keys, indexes and comments stay at their names whoever has them, and show
    /// nothing.
    #[must_use]
    pub fn unlike(&self, exchange: &Renames) -> usize {
        let of_table = self.altered.iter().map(|table| {
            let (name, columns) = (&table.name, &table.columns);
            let is_whole = exchange.tables.contains_key(name);
            let concerns = |column: &Column| {
                is_whole || exchange.columns.contains_key(&(name.clone(), column.name.clone()))
            };
            let changed = columns.changed.iter().filter(|(old, new)| {
                let old = Column { comment: new.comment.clone(), ..old.clone() };
                concerns(new) && old != *new
            });
            let moved = columns.added.len() + columns.dropped.len();
            changed.count() + if is_whole { moved } else { 0 }
        });
        let sequences = self.sequences.changed.iter().filter(|(name, (old, new))| {
            let old = Sequence { comment: new.comment.clone(), ..old.clone() };
            exchange.sequences.contains_key(*name) && old != *new
        });
        of_table.sum::<usize>() + sequences.count()
    }

    /// Whether the schemas are the same; an order of columns that the engine cannot change, or that is
    /// not worth rewriting the table, makes no difference.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.renames.is_empty()
            && self.schemas.is_empty()
            && self.enums.is_empty()
            && self.sequences.is_empty()
            && self.tables.added.is_empty()
            && self.tables.dropped.is_empty()
            && self.altered.is_empty()
            && self.definitions.is_empty()
    }
}

//! Sequences that go with their columns, stay without them, or go over to others.

use std::collections::BTreeMap;

use super::columns::{counting_sequence, owned_sequence};
use super::counts::{self, Counter};
use super::script::{Script, part_of};
use super::sequences;
use super::sides::Sides;
use crate::catalog::postgres::names::{SEQUENCE_NAME, qualified, sequence_name};
use crate::model::{Column, Identity, Kind, Name, Reference, Schema, Sequence, Table};

/// A column and its table.
type Owner<'a> = (&'a Name, &'a Column);

impl Schema {
    /// `PostgreSQL`: the column that counts with a sequence of its own which has this name.
    #[must_use]
    pub fn column_counting_with(&self, sequence: &Name) -> Option<String> {
        let (table, column) = counter(&self.tables, &qualified(sequence))?;
        Some(part_of(table, &column.name).to_string())
    }
}

/// A sequence that is there and belongs to no identity column: alone, owned, or a serial column's.
pub(super) fn existing<'a>(sides: &Sides<'a>, sequence: &str) -> Option<&'a Sequence> {
    let from = &sides.difference.from;
    let alone = from.sequences.iter().find(|(name, _)| qualified(name) == sequence);
    let serial = || serial_of(&from.tables, sequence)?.1.sequence.as_ref();
    alone.map(|(_, alone)| alone).or_else(serial)
}

/// The sequence standing alone that a column comes to count with instead of its own, and that is there already, or has
/// been a column's.
pub(super) fn joined<'a>(
    sides: &Sides<'a>,
    own: &str,
    new: &Column,
) -> Option<(String, &'a Sequence)> {
    let difference = sides.difference;
    let alone = difference.to.sequences.iter().map(|(name, alone)| (name, qualified(name), alone));
    let mut joined = alone.filter(|(name, sql_name, _)| {
        let is_there = !difference.sequences.added.contains_key(*name)
            || counter(&difference.from.tables, sql_name).is_some();
        is_there && sql_name != own && new.default == Some(sequences::next_of(sql_name))
    });
    joined.next().map(|(_, sql_name, alone)| (sql_name, alone))
}

/// Whether a sequence is to be there without an identity column.
pub(super) fn is_wanted(sides: &Sides<'_>, sequence: &str) -> bool {
    let to = &sides.difference.to;
    to.sequences.keys().any(|name| qualified(name) == sequence)
        || serial_of(&to.tables, sequence).is_some()
}

impl Script<'_> {
    /// Makes a sequence that is to stand alone, or changes the one that a column had.
    pub(super) fn add_sequence(&mut self, name: &Name, sequence: &Sequence) {
        let (from, sql_name) = (&self.sides.difference.from, qualified(name));
        if let Some((table, column)) = serial_of(&from.tables, &sql_name) {
            // One that stays changes with its column.
            if let (None, Some(old)) = (self.sides.column(table, &column.name), &column.sequence) {
                for sql in sequences::alter(&sql_name, old, sequence) {
                    self.say("alter sequence", Kind::Sequence, name.clone(), sql);
                }
            }
            return;
        }
        if self.leaves_identity(name).is_some() {
            return;
        }
        let mut statements = vec![sequences::create(&sql_name, sequence)];
        if let Some((table, column)) = identity_of(&from.tables, &sql_name) {
            let [away, moved] = sequences::away(table, &sql_name);
            statements.insert(0, away);
            // What counts on keeps its count.
            if let (Some(_), Some(old)) = (self.sides.column(table, &column.name), &column.sequence)
            {
                statements.extend(counts::carry_on((&sql_name, sequence), &[(&moved, old)]));
            }
        } else {
            let succeeded = self.succeeded_counts(&sql_name);
            let succeeded: Vec<Counter<'_>> =
                succeeded.iter().map(|(name, of)| (name.as_str(), *of)).collect();
            statements.extend(counts::carry_on((&sql_name, sequence), &succeeded));
        }
        for sql in statements {
            self.say("create sequence", Kind::Sequence, name.clone(), sql);
        }
        if let Some(sql) = sequences::comment(&sql_name, None, sequence.comment.as_ref()) {
            self.say("comment", Kind::Sequence, name.clone(), sql);
        }
    }

    /// The sequences of columns that count with one standing alone instead.
    fn succeeded_counts(&self, sequence: &str) -> Vec<(String, &Sequence)> {
        let tables = self.sides.difference.to.tables.iter();
        let columns =
            tables.flat_map(|(name, table)| table.columns.iter().map(move |one| (name, one)));
        let default = sequences::next_of(sequence);
        let counting = columns.filter(|(_, column)| column.default.as_ref() == Some(&default));
        let own = counting.filter_map(|(table, column)| {
            let old = self.sides.old_table(table)?.column(&column.name)?;
            Some((counting_sequence(table, old)?, old.sequence.as_ref()?))
        });
        own.collect()
    }

    /// The identity column that goes and whose sequence's name is that of one that is to stand alone.
    fn leaves_identity(&self, name: &Name) -> Option<Owner<'_>> {
        let sides = self.sides;
        identity_of(&sides.difference.from.tables, &qualified(name)).filter(|(table, column)| {
            sides.column(table, &column.name).is_none() && sides.former_table(table) == *table
        })
    }

    /// Makes the sequences that are to stand alone and go on from identity columns that go: those take their own
    /// with them.
    fn succeed_identities(&mut self) {
        for (name, sequence) in &self.sides.difference.sequences.added {
            let sql_name = qualified(name);
            let Some((table, column)) = self.leaves_identity(name) else { continue };
            let [away, moved] = sequences::away(table, &sql_name);
            let old = column.sequence.iter().map(|old| (moved.as_str(), old)).collect::<Vec<_>>();
            let count = counts::carry_on((&sql_name, sequence), &old);
            let comment = sequences::comment(&sql_name, None, sequence.comment.as_ref());
            let made = [away, sequences::create(&sql_name, sequence)];
            for sql in made.into_iter().chain(count).chain(comment) {
                self.say("create sequence", Kind::Sequence, name.clone(), sql);
            }
        }
    }

    /// The sequences that have to be dropped: those that neither a column takes over, nor go with their owner.
    pub(super) fn dropped_sequences(&self) -> Vec<&Name> {
        let difference = self.sides.difference;
        let goes = |name: &&Name| {
            let sequence = qualified(name);
            let tables = &difference.to.tables;
            let counter = identity_of(tables, &sequence).or_else(|| serial_of(tables, &sequence));
            let goes_along = difference.from.tables.iter().any(|(table, of)| {
                of.columns.iter().any(|column| {
                    owned_sequence(column) == Some(&sequence)
                        && self.sides.column(table, &column.name).is_none()
                })
            });
            (counter.is_none() || comes_with_identity(self.sides, name)) && !goes_along
        };
        difference.sequences.dropped.keys().filter(goes).collect()
    }

    /// What is lost with a sequence that is dropped: no row tells how far it has counted, unless a column counts on
    /// under its name, or from where it is.
    pub(super) fn lost_count(&self, key: &Reference) -> Option<String> {
        let tables = &self.sides.difference.to.tables;
        let counts_on = identity_of(tables, &qualified(&key.name)).is_some();
        let mut columns = tables.iter().flat_map(|(table, of)| {
            of.columns.iter().filter(|one| one.identity.is_some()).map(move |one| (table, one))
        });
        let is_carried = columns.any(|(table, column)| {
            let succeeded = sequences::succeeded(self.sides, table, column);
            succeeded.is_some_and(|(name, _)| *name == key.name)
        });
        let is_lost = key.kind == Kind::Sequence && !counts_on && !is_carried;
        is_lost.then(|| format!("what sequence {} has counted to", key.name))
    }

    /// Frees the sequences that stay, and are not to be their columns' any more.
    pub(super) fn release_sequences(&mut self) {
        self.succeed_identities();
        let sides = self.sides;
        let owners = owners(&sides.difference.to.tables);
        for (table, of) in &sides.difference.from.tables {
            for column in &of.columns {
                let Some(sequence) = former_sequence(sides, table, column) else { continue };
                let stays = is_wanted(sides, &sequence)
                    && owners.get(&sequence) != Some(&(table, column.name.as_str()));
                if stays {
                    let sql = format!("ALTER SEQUENCE {sequence} OWNED BY NONE");
                    self.say("alter sequence", Kind::Table, part_of(table, &column.name), sql);
                }
            }
        }
    }

    /// Names away the sequences that go and whose names others get.
    pub(super) fn name_sequences_away(&mut self) {
        let sides = self.sides;
        for name in sides.difference.sequences.dropped.keys() {
            if self.dropped_sequences().contains(&name) && is_relation_coming(self.sides, name) {
                let [sql, _] = sequences::away(name, &qualified(name));
                self.say("rename sequence", Kind::Sequence, name.clone(), sql);
            }
        }
    }

    /// The name that a sequence has when it is dropped.
    pub(super) fn last_name(&self, name: &Name) -> String {
        let sequence = qualified(name);
        if is_relation_coming(self.sides, name) {
            let [_, moved] = sequences::away(name, &sequence);
            return moved;
        }
        sequence
    }

    /// A column that comes; one that counts with a sequence which is there already says which.
    pub(super) fn coming(&self, table: &Name, column: &Column) -> Column {
        let mut column = column.clone();
        if sequences::serial_type(&column).is_some()
            && let Some(name) = counting_sequence(table, &column)
            && existing(self.sides, &name).is_some()
        {
            column.attributes.insert(SEQUENCE_NAME.to_owned(), name);
        }
        column
    }

    /// What makes the sequence of a serial column that comes, or of the one that is there already what it is to be.
    pub(super) fn before_serial(&self, table: &Name, column: &Column) -> Vec<String> {
        let (Some(sql), Some(sequence)) = (sequences::around(table, column).0, &column.sequence)
        else {
            return Vec::new();
        };
        let name = counting_sequence(table, column).unwrap_or_default();
        match existing(self.sides, &name) {
            Some(was) => {
                let was = Sequence { comment: None, ..was.clone() };
                let is = Sequence { comment: None, ..sequence.clone() };
                sequences::alter(&name, &was, &is)
            }
            None => vec![sql],
        }
    }
}

/// Whether an identity column that comes brings a sequence of this name with it.
fn comes_with_identity(sides: &Sides<'_>, name: &Name) -> bool {
    let counter = identity_of(&sides.difference.to.tables, &qualified(name));
    counter.is_some_and(|(table, column)| {
        sides.old_table(table).is_none_or(|old| old.column(&column.name).is_none())
    })
}

/// Whether a table, a view, a type, an index or an identity's sequence is to have this name: they share one room of names.
pub(super) fn is_relation_coming(sides: &Sides<'_>, name: &Name) -> bool {
    let to = &sides.difference.to;
    let is_there = |kind| to.definitions.contains_key(&Reference::to(kind, name.clone()));
    let kinds = [Kind::View, Kind::MaterializedView, Kind::CompositeType];
    to.tables.contains_key(name)
        || comes_with_identity(sides, name)
        || kinds.into_iter().any(is_there)
        || to.tables.iter().any(|(table, of)| {
            let indexes = of.indexes.iter().map(|index| Some(&index.name));
            let keys = of.primary_key.iter().map(|key| key.name.as_ref());
            let uniques = of.uniques.iter().map(|unique| unique.name.as_ref());
            let exclusions = of.exclusions.iter().map(|exclusion| Some(&exclusion.name));
            let mut all = indexes.chain(keys).chain(uniques).chain(exclusions).flatten();
            table.schema == name.schema && all.any(|index| *index == name.local)
        })
}

/// The sequence that a column owns and does not hold inside, under the name that it has before anything is renamed.
fn former_sequence(sides: &Sides<'_>, table: &Name, column: &Column) -> Option<String> {
    let is_renamed = sides.former_table(table) != table
        || sides.former_column(table, &column.name) != column.name;
    let serial = || {
        let counting = counting_sequence(table, column)?;
        let own = sequence_name(table, &column.name);
        let is_own = qualified(&own) == counting;
        (column.identity == Some(Identity::Serial) && !(is_own && is_renamed)).then_some(counting)
    };
    owned_sequence(column).cloned().or_else(serial)
}

/// The columns that own sequences without holding them inside.
fn owners(tables: &BTreeMap<Name, Table>) -> BTreeMap<String, (&Name, &str)> {
    let columns =
        tables.iter().flat_map(|(name, table)| table.columns.iter().map(move |one| (name, one)));
    let owned = columns.filter_map(|(table, column)| {
        let serial = (column.identity == Some(Identity::Serial))
            .then(|| counting_sequence(table, column))
            .flatten();
        let sequence = owned_sequence(column).cloned().or(serial)?;
        Some((sequence, (table, column.name.as_str())))
    });
    owned.collect()
}

fn serial_of<'a>(tables: &'a BTreeMap<Name, Table>, sequence: &str) -> Option<Owner<'a>> {
    counter(tables, sequence).filter(|(_, column)| column.identity == Some(Identity::Serial))
}

fn identity_of<'a>(tables: &'a BTreeMap<Name, Table>, sequence: &str) -> Option<Owner<'a>> {
    counter(tables, sequence).filter(|(_, column)| column.identity != Some(Identity::Serial))
}

/// The column that counts with a sequence.
fn counter<'a>(tables: &'a BTreeMap<Name, Table>, sequence: &str) -> Option<Owner<'a>> {
    let mut columns =
        tables.iter().flat_map(|(name, table)| table.columns.iter().map(move |one| (name, one)));
    columns.find(|(table, column)| counting_sequence(table, column).as_deref() == Some(sequence))
}

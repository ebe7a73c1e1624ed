use std::collections::BTreeSet;

use super::faithful::faithful;
use super::sides::Sides;
use super::{casts, domains, types, views};
use crate::difference::TableDifference;
use crate::model::{Column, Enum, ForeignKey, IndexKey, Kind, Name, Reference, Storage, Thing};

/// A part of a table: the table's name and its own.
pub(super) type Part = (Name, String);

/// What has to go before something else can change, and comes again afterwards if it is wanted.
#[derive(Debug, Default)]
pub(super) struct Disturbed {
    /// Views, routines, triggers and rules.
    pub(super) definitions: BTreeSet<Reference>,
    /// Enums, domains and composite types that are made anew; the old ones are named away meanwhile.
    pub(super) types: BTreeSet<Reference>,
    /// Columns whose type is made anew.
    pub(super) cast: BTreeSet<Part>,
    /// Columns that hold rows of a view which goes.
    pub(super) rows: BTreeSet<Part>,
    /// Columns that hold rows of a table which goes, and stay behind it.
    pub(super) table_rows: BTreeSet<Part>,
    /// Generated columns that are dropped and added.
    pub(super) remade: BTreeSet<Part>,
    /// Defaults.
    pub(super) defaults: BTreeSet<Part>,
    /// Those of them that call a routine which goes.
    calling: BTreeSet<Part>,
    /// Constraints.
    pub(super) constraints: BTreeSet<Part>,
    /// Indexes that back no constraint.
    pub(super) indexes: BTreeSet<Part>,
    /// What of that holds what a routine gave that is replaced and gives something else: with the routine.
    pub(super) recomputed: BTreeSet<(Reference, Part)>,
    /// Constraints and indexes on stored columns of that.
    reconsidered: BTreeSet<Part>,
    /// Constraints and indexes of tables that are not managed, and hold what such a routine gave.
    pub(super) outdated: BTreeSet<(Reference, Thing)>,
}

/// What happens to a thing that others stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It goes, or is made anew.
    Gone,
    /// It changes its type, and the server follows in indexes and constraints.
    Changed,
}

impl Disturbed {
    pub(super) fn of(sides: &Sides<'_>) -> Self {
        let mut found = Self::default();
        let mut waiting = Vec::new();
        found.seed_definitions(sides, &mut waiting);
        for name in sides.difference.tables.dropped.keys() {
            waiting.push((Thing::Object(Reference::to(Kind::Table, name.clone())), Fate::Gone));
            let columns = sides.old_table(name).into_iter().flat_map(|table| &table.columns);
            let gone =
                columns.map(|one| (Thing::Column(name.clone(), one.name.clone()), Fate::Gone));
            waiting.extend(gone);
        }
        for table in &sides.difference.altered {
            found.seed_table(sides, table, &mut waiting);
        }
        while let Some((thing, fate)) = waiting.pop() {
            for dependent in sides.dependents(&thing) {
                found.disturb(sides, dependent, (&thing, fate), &mut waiting);
            }
        }
        found
    }

    fn seed_definitions(&mut self, sides: &Sides<'_>, waiting: &mut Vec<(Thing, Fate)>) {
        let definitions = &sides.difference.definitions;
        for (key, (old, new)) in &definitions.changed {
            let unlike = |one: &crate::model::Definition| -> Vec<String> {
                one.create.iter().filter(|one| !types::is_comment(one)).cloned().collect()
            };
            let stays = match key.kind {
                _ if unlike(old) == unlike(new) => true,
                Kind::Function | Kind::Procedure => types::is_replaceable(old, new),
                Kind::Domain => types::domain_changes(key, old, new)
                    .is_some_and(|changes| !domains::are_refused(sides, key, &changes)),
                Kind::CompositeType => types::composite_changes(key, old, new).is_some(),
                Kind::View => views::is_replaceable(sides, &key.name),
                Kind::Extension | Kind::Comment => true,
                _ => false,
            };
            if !stays {
                self.add_object(key, waiting);
            } else if super::script::is_routine(key) && types::gives_something_else(old, new) {
                self.recompute(sides, key, waiting);
            }
        }
        for key in definitions.dropped.keys() {
            let goes_first = matches!(
                key.kind,
                Kind::View | Kind::MaterializedView | Kind::Rule | Kind::Trigger
            );
            if goes_first || is_name_taken(sides, key) {
                self.add_object(key, waiting);
            }
        }
        let enums = &sides.difference.enums;
        let replaced = enums.changed.iter().filter(|(_, (old, new))| !is_extended(old, new));
        for name in replaced.map(|(name, _)| name).chain(enums.dropped.keys()) {
            let key = Reference::to(Kind::Enum, name.clone());
            if enums.changed.contains_key(name) || is_name_taken(sides, &key) {
                self.add_object(&key, waiting);
            }
        }
    }

    fn add_object(&mut self, key: &Reference, waiting: &mut Vec<(Thing, Fate)>) {
        let is_type = matches!(key.kind, Kind::Enum | Kind::Domain | Kind::CompositeType);
        let these = if is_type { &mut self.types } else { &mut self.definitions };
        if these.insert(key.clone()) {
            waiting.push((Thing::Object(key.clone()), Fate::Gone));
        }
    }

    /// Indexes, checks and stored columns keep what a routine gave, until they are made anew.
    fn recompute(
        &mut self,
        sides: &Sides<'_>,
        routine: &Reference,
        waiting: &mut Vec<(Thing, Fate)>,
    ) {
        let (mut seen, mut routines) = (BTreeSet::new(), vec![routine]);
        while let Some(key) = routines.pop() {
            let thing = Thing::Object(key.clone());
            for dependent in sides.dependents(&thing) {
                let part = match dependent {
                    Thing::Object(key) if super::script::is_routine(key) && seen.insert(key) => {
                        routines.push(key);
                        continue;
                    }
                    Thing::Default(table, column) if is_stored(sides, table, column) => {
                        (table, column.as_str())
                    }
                    Thing::Constraint(table, name) | Thing::Index(table, name) => {
                        (table, name.as_str())
                    }
                    Thing::Object(_) | Thing::Column(..) | Thing::Default(..) => continue,
                };
                if sides.old_table(part.0).is_none() {
                    self.outdated.insert((routine.clone(), dependent.clone()));
                    continue;
                }
                if sides.new_table(part.0).is_some() {
                    self.recomputed.insert((routine.clone(), (part.0.clone(), part.1.to_owned())));
                }
                if matches!(dependent, Thing::Default(..)) {
                    self.reconsider(sides, part);
                }
                self.disturb(sides, dependent, (&thing, Fate::Gone), waiting);
            }
        }
    }

    /// What stands on a stored column that is made anew meets other values.
    fn reconsider(&mut self, sides: &Sides<'_>, (table, column): (&Name, &str)) {
        let column = Thing::Column(table.clone(), column.to_owned());
        let parts = sides.dependents(&column).iter().filter_map(|one| match one {
            Thing::Constraint(table, name) | Thing::Index(table, name) => {
                Some((table.clone(), name.clone()))
            }
            Thing::Object(_) | Thing::Column(..) | Thing::Default(..) => None,
        });
        self.reconsidered.extend(parts);
    }

    /// Whether a part holds what a routine gave that gives something else, or stands on a column that does.
    pub(super) fn is_recomputed(&self, table: &Name, part: &str) -> bool {
        let is_part = |(of, name): &Part| of == table && name == part;
        self.recomputed.iter().any(|(_, one)| is_part(one)) || self.reconsidered.iter().any(is_part)
    }

    /// Whether a default is taken off before anything else, not with the type of its column.
    pub(super) fn is_default_off(&self, part: &Part) -> bool {
        self.defaults.contains(part) && (!self.cast.contains(part) || self.calling.contains(part))
    }

    fn seed_table(
        &mut self,
        sides: &Sides<'_>,
        table: &TableDifference,
        waiting: &mut Vec<(Thing, Fate)>,
    ) {
        let column = |one: &Column| Thing::Column(table.name.clone(), one.name.clone());
        for dropped in &table.columns.dropped {
            waiting.push((column(dropped), Fate::Gone));
        }
        for (old, new) in &table.columns.changed {
            if is_remade(old, new) {
                self.remade.insert((table.name.clone(), old.name.clone()));
                waiting.push((column(old), Fate::Gone));
            } else if old.data_type != new.data_type || old.collation != new.collation {
                waiting.push((column(old), Fate::Changed));
            }
        }
        for (old, new) in &table.columns.changed {
            let Some(sequence) = super::sequences::replaced(sides, &table.name, old, new) else {
                continue;
            };
            let object = Reference::to(Kind::Sequence, sequence.clone());
            waiting.push((Thing::Object(object), Fate::Gone));
            // A default stands on no column, but on the sequence that one owns.
            let own = (table.name.clone(), old.name.clone());
            let plain = sides.dependents(&column(old)).iter().filter_map(|dependent| {
                let Thing::Default(table, column) = dependent else { return None };
                let of = sides.old_table(table)?.column(column)?;
                of.generated.is_none().then(|| (table.clone(), column.clone()))
            });
            self.defaults.extend(plain.filter(|part| *part != own));
            for dependent in sides.dependents(&column(old)) {
                let Thing::Object(key) = dependent else { continue };
                let definition = sides.difference.from.definitions.get(key);
                let mut text = definition.into_iter().flat_map(|one| &one.create);
                if text.any(|sql| sql.contains(&sequence.local)) {
                    self.add_object(key, waiting);
                }
            }
        }
        for name in super::parts::with_other_extras(table) {
            let name = super::parts::former_constraint(table, name);
            let part = (table.name.clone(), name.to_owned());
            waiting.push((Thing::Constraint(part.0.clone(), part.1.clone()), Fate::Gone));
            self.constraints.insert(part);
        }
        let mut gone = |name: Option<&String>| {
            let thing = name.map(|name| Thing::Constraint(table.name.clone(), name.clone()));
            waiting.extend(thing.map(|thing| (thing, Fate::Gone)));
        };
        if let Some((Some(old), new)) = &table.primary_key
            && new.as_ref().is_none_or(|new| new.columns != old.columns)
        {
            gone(old.name.as_ref());
        }
        let uniques = table.uniques.dropped.iter();
        uniques
            .chain(table.uniques.changed.iter().map(|(old, _)| old))
            .for_each(|unique| gone(unique.name.as_ref()));
        let indexes = table.indexes.dropped.iter();
        for index in indexes.chain(table.indexes.changed.iter().map(|(old, _)| old)) {
            waiting.push((Thing::Index(table.name.clone(), index.name.clone()), Fate::Gone));
        }
    }

    fn disturb(
        &mut self,
        sides: &Sides<'_>,
        dependent: &Thing,
        (thing, fate): (&Thing, Fate),
        waiting: &mut Vec<(Thing, Fate)>,
    ) {
        let is_gone = fate == Fate::Gone;
        match dependent {
            Thing::Object(key) => {
                let follows = matches!(key.kind, Kind::Domain | Kind::CompositeType)
                    || super::kept::follows_types(key);
                if sides.difference.from.definitions.contains_key(key) && (is_gone || !follows) {
                    self.add_object(key, waiting);
                }
            }
            Thing::Column(table, column) => {
                let is_of_type = matches!(thing, Thing::Object(key) if self.types.contains(key));
                // A collation that goes stays in the way until its columns have another one.
                let is_of_view = matches!(thing, Thing::Object(key)
                    if key.kind != Kind::Collation && self.definitions.contains(key));
                if is_of_view {
                    self.rows.insert((table.clone(), column.clone()));
                }
                let is_of_table = matches!(thing, Thing::Object(key) if key.kind == Kind::Table)
                    && sides.old_table(table).and(sides.new_table(table)).is_some();
                if is_of_table {
                    self.table_rows.insert((table.clone(), column.clone()));
                }
                if (is_of_type || is_of_view || is_of_table)
                    && self.cast.insert((table.clone(), column.clone()))
                {
                    waiting.push((dependent.clone(), Fate::Gone));
                }
            }
            Thing::Default(table, column) => {
                let own = Thing::Column(table.clone(), column.clone());
                let Some(old) = sides.old_table(table).and_then(|table| table.column(column))
                else {
                    return;
                };
                let part = (table.clone(), column.clone());
                let new = sides.new_table(table).and_then(|table| table.column(column));
                if new.is_some_and(|new| is_computed_no_more(old, new)) {
                    return;
                }
                if old.generated.is_some() {
                    if self.remade.insert(part) {
                        waiting.push((own, Fate::Gone));
                    }
                } else if is_gone && *thing != own {
                    if matches!(thing, Thing::Object(key) if super::script::is_routine(key)) {
                        self.calling.insert(part.clone());
                    }
                    self.defaults.insert(part);
                }
            }
            Thing::Constraint(table, name) => {
                let key = sides.old_table(table).and_then(|table| {
                    table.foreign_keys.iter().find(|key| key.name.as_ref() == Some(name))
                });
                let goes = is_gone
                    || key.is_some_and(|key| needs_cast(sides, table, key))
                    || is_reworded(sides, table, name);
                if goes && self.constraints.insert((table.clone(), name.clone())) {
                    waiting.push((dependent.clone(), Fate::Gone));
                }
            }
            Thing::Index(table, name) => {
                // The server makes it anew without its statistics.
                let has_statistics = sides.old_table(table).is_some_and(|of| {
                    let mut indexes = of.indexes.iter().filter(|index| index.name == *name);
                    indexes.any(super::indexes::has_statistics)
                });
                let goes = is_gone || has_statistics || is_reworded(sides, table, name);
                if goes && self.indexes.insert((table.clone(), name.clone())) {
                    waiting.push((dependent.clone(), Fate::Gone));
                }
            }
        }
    }
}

/// Whether the values of an enum stay, in their order, and others are added between them.
pub(super) fn is_extended(old: &Enum, new: &Enum) -> bool {
    let mut new = new.values.iter();
    old.values.iter().all(|value| new.any(|one| one == value))
}

/// Whether another object takes the name of one that goes; a routine's, be it with other arguments: what stands on
/// the one prints the same as what stands on the other.
fn is_name_taken(sides: &Sides<'_>, key: &Reference) -> bool {
    let difference = sides.difference;
    let mut definitions = difference.definitions.added.keys();
    match key.kind {
        Kind::Function | Kind::Procedure => definitions.any(|one| {
            matches!(one.kind, Kind::Function | Kind::Procedure)
                && one.name.schema == key.name.schema
                && routine(&one.name) == routine(&key.name)
        }),
        Kind::Enum | Kind::Domain | Kind::CompositeType => {
            definitions.any(|one| one.name == key.name)
                || difference.tables.added.contains_key(&key.name)
                || difference.enums.added.contains_key(&key.name)
                || difference.sequences.added.contains_key(&key.name)
        }
        _ => false,
    }
}

/// The name of a routine without its arguments.
fn routine(name: &Name) -> Option<&str> {
    name.local.split_once('(').map(|(name, _)| name)
}

fn is_stored(sides: &Sides<'_>, table: &Name, column: &str) -> bool {
    sides.column(table, column).is_some_and(|(old, new)| {
        let is_kept = is_computed_no_more(old, new);
        old.generated.as_ref().is_some_and(|was| was.storage == Storage::Stored) && !is_kept
    })
}

/// Whether a column has to be dropped and added: its values are computed, or are to be.
pub(super) fn is_remade(old: &Column, new: &Column) -> bool {
    match (&old.generated, &new.generated) {
        (Some(was), Some(is)) => {
            was != is || old.data_type != new.data_type || old.collation != new.collation
        }
        (None, Some(_)) => true,
        (Some(was), None) => was.storage == Storage::Virtual,
        (None, None) => false,
    }
}

/// Whether a column that was computed keeps its values, and holds them from now on.
pub(super) fn is_computed_no_more(old: &Column, new: &Column) -> bool {
    let is_kept = old.generated.as_ref().is_some_and(|was| was.storage == Storage::Stored);
    is_kept && new.generated.is_none()
}

/// Whether the server, when it makes a check or an index anew for another type of a column, would read what it
/// prints of it as something else.
fn is_reworded(sides: &Sides<'_>, table: &Name, part: &str) -> bool {
    let Some(table) = sides.old_table(table) else { return false };
    let checks = table.checks.iter().filter(|check| check.name.as_deref() == Some(part));
    let mut texts: Vec<&str> = checks.map(|check| check.expression.as_str()).collect();
    let exclusions = table.exclusions.iter().filter(|exclusion| exclusion.name == part);
    texts.extend(exclusions.map(|exclusion| exclusion.definition.as_str()));
    for index in table.indexes.iter().filter(|index| index.name == part) {
        texts.extend(index.predicate.as_deref());
        texts.extend(index.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Expression(text) => Some(text.as_str()),
            IndexKey::Column(_) => None,
        }));
    }
    texts.into_iter().any(|text| faithful(text) != text)
}

/// Whether a foreign key cannot stay while its columns change their types.
fn needs_cast(sides: &Sides<'_>, table: &Name, key: &ForeignKey) -> bool {
    let referenced = sides.referenced(table, key);
    let all = key.columns.iter().map(|column| (table, column));
    let all = all.chain(key.referenced_columns.iter().map(|column| (&referenced, column)));
    all.filter_map(|(table, column)| sides.column(table, column))
        .any(|(old, new)| old.data_type != new.data_type && !casts::are_numbers(old, new))
}

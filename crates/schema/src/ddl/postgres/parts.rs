use std::collections::BTreeSet;

use super::disturbed::{Disturbed, Part as Named};
use crate::catalog::postgres::names::Extra;
use crate::difference::{Changes, Part, TableDifference};
use crate::model::{Check, Exclusion, ForeignKey, Index, Name, PrimaryKey, Table, Unique};

/// What happens to the parts of one kind in a table that stays.
#[derive(Debug)]
pub(super) struct PartWork<T> {
    /// What goes.
    pub(super) off: Vec<T>,
    /// What comes.
    pub(super) on: Vec<T>,
    /// What is renamed and nothing else.
    pub(super) renamed: Vec<(T, T)>,
    /// What changes in place.
    pub(super) in_place: Vec<(T, T)>,
}

impl<T: Part> PartWork<T> {
    fn of(
        changes: Option<&Changes<T>>,
        (from, to): (&[T], &[T]),
        is_disturbed: impl Fn(&T) -> bool,
        is_in_place: impl Fn(&T, &T) -> bool,
    ) -> Self {
        let mut work =
            Self { off: Vec::new(), on: Vec::new(), renamed: Vec::new(), in_place: Vec::new() };
        let mut told: Vec<&T> = Vec::new();
        if let Some(changes) = changes {
            work.off.extend(changes.dropped.iter().cloned());
            work.on.extend(changes.added.iter().cloned());
            told.extend(&changes.dropped);
            for (old, new) in &changes.changed {
                told.push(old);
                if !is_disturbed(old) && is_in_place(old, new) {
                    work.in_place.push((old.clone(), new.clone()));
                } else {
                    work.replace(old, new);
                }
            }
            for (old, new) in &changes.renamed {
                told.push(old);
                if is_disturbed(old) {
                    work.replace(old, new);
                } else {
                    work.renamed.push((old.clone(), new.clone()));
                }
            }
        }
        for part in from.iter().filter(|part| is_disturbed(part) && !told.contains(part)) {
            let same = to.iter().find(|one| one.name() == part.name());
            work.replace(part, same.unwrap_or(part));
        }
        work
    }

    fn replace(&mut self, old: &T, new: &T) {
        self.off.push(old.clone());
        self.on.push(new.clone());
    }

    fn is_empty(&self) -> bool {
        self.off.is_empty()
            && self.on.is_empty()
            && self.renamed.is_empty()
            && self.in_place.is_empty()
    }
}

/// What happens to the parts of a table that stays.
#[derive(Debug)]
pub(super) struct TableParts {
    pub(super) key_off: Option<PrimaryKey>,
    pub(super) key_on: Option<PrimaryKey>,
    pub(super) key_renamed: Option<(String, String)>,
    pub(super) uniques: PartWork<Unique>,
    pub(super) checks: PartWork<Check>,
    pub(super) exclusions: PartWork<Exclusion>,
    pub(super) foreign_keys: PartWork<ForeignKey>,
    pub(super) indexes: PartWork<Index>,
}

impl TableParts {
    pub(super) fn of(
        disturbed: &Disturbed,
        name: &Name,
        difference: Option<&TableDifference>,
        (from, to): (&Table, &Table),
    ) -> Self {
        let part = |part: &str| -> Named { (name.clone(), part.to_owned()) };
        let constraint = |name: Option<&str>| {
            name.is_some_and(|name| disturbed.constraints.contains(&part(name)))
        };
        let mut parts = Self {
            key_off: None,
            key_on: None,
            key_renamed: None,
            uniques: PartWork::of(
                difference.map(|one| &one.uniques),
                (&from.uniques, &to.uniques),
                |one| constraint(one.name()),
                |_, _| false,
            ),
            checks: PartWork::of(
                difference.map(|one| &one.checks),
                (&from.checks, &to.checks),
                |one| constraint(one.name()),
                check_changes_in_place,
            ),
            exclusions: PartWork::of(
                difference.map(|one| &one.exclusions),
                (&from.exclusions, &to.exclusions),
                |one| constraint(one.name()),
                |_, _| false,
            ),
            foreign_keys: PartWork::of(
                difference.map(|one| &one.foreign_keys),
                (&from.foreign_keys, &to.foreign_keys),
                |one| constraint(one.name()),
                foreign_key_changes_in_place,
            ),
            indexes: PartWork::of(
                difference.map(|one| &one.indexes),
                (&from.indexes, &to.indexes),
                |one| disturbed.indexes.contains(&part(&one.name)),
                index_changes_in_place,
            ),
        };
        parts.add_key(difference, (from, to), constraint);
        parts
    }

    fn add_key(
        &mut self,
        difference: Option<&TableDifference>,
        (from, to): (&Table, &Table),
        is_disturbed: impl Fn(Option<&str>) -> bool,
    ) {
        let (old, new) = (&from.primary_key, &to.primary_key);
        let is_changed = difference.is_some_and(|one| one.primary_key.is_some());
        let goes = old.as_ref().is_some_and(|key| is_disturbed(key.name.as_deref()));
        match (old, new) {
            (Some(old), Some(new)) if old.columns == new.columns && !goes => {
                if is_changed && let (Some(old), Some(new)) = (&old.name, &new.name) {
                    self.key_renamed = Some((old.clone(), new.clone()));
                }
            }
            _ if is_changed || goes => {
                self.key_off.clone_from(old);
                self.key_on.clone_from(new);
            }
            _ => {}
        }
    }

    /// Whether nothing happens.
    pub(super) fn is_empty(&self) -> bool {
        self.key_off.is_none()
            && self.key_on.is_none()
            && self.key_renamed.is_none()
            && self.uniques.is_empty()
            && self.checks.is_empty()
            && self.exclusions.is_empty()
            && self.foreign_keys.is_empty()
            && self.indexes.is_empty()
    }

    /// The names of the constraints that go, be it only to come again.
    pub(super) fn off(&self) -> BTreeSet<&str> {
        let named = self.key_off.iter().map(|key| key.name.as_deref());
        let named = named.chain(self.uniques.off.iter().map(Part::name));
        let named = named.chain(self.checks.off.iter().map(Part::name));
        let named = named.chain(self.exclusions.off.iter().map(Part::name));
        named.chain(self.foreign_keys.off.iter().map(Part::name)).flatten().collect()
    }

    /// The constraints that are renamed and nothing else: old names and new ones.
    pub(super) fn renamed(&self) -> Vec<(&str, &str)> {
        fn names<T: Part>(work: &PartWork<T>) -> impl Iterator<Item = (&str, &str)> {
            work.renamed.iter().filter_map(|(old, new)| old.name().zip(new.name()))
        }
        let key = self.key_renamed.iter().map(|(old, new)| (old.as_str(), new.as_str()));
        key.chain(names(&self.uniques))
            .chain(names(&self.checks))
            .chain(names(&self.exclusions))
            .chain(names(&self.foreign_keys))
            .collect()
    }
}

/// Validated: nothing else may differ.
pub(super) fn check_changes_in_place(old: &Check, new: &Check) -> bool {
    Check { validated: true, ..old.clone() } == *new && !old.validated
}

/// Validated, or deferred otherwise: nothing else may differ.
pub(super) fn foreign_key_changes_in_place(old: &ForeignKey, new: &ForeignKey) -> bool {
    let alike =
        ForeignKey { validated: new.validated, deferral: new.deferral, ..old.clone() } == *new;
    alike && (old.validated == new.validated || new.validated)
}

/// Storage parameters, statistics, the comment, and whether it is built: nothing else may differ.
pub(super) fn index_changes_in_place(old: &Index, new: &Index) -> bool {
    let mut old = old.clone();
    for (part, other) in old.parts.iter_mut().zip(&new.parts) {
        part.statistics = other.statistics;
    }
    let alike = Index {
        parameters: new.parameters.clone(),
        comment: new.comment.clone(),
        usable: new.usable,
        ..old
    };
    alike == *new
}

/// The constraints of a table about which its options say something else than before.
pub(super) fn with_other_extras(table: &TableDifference) -> BTreeSet<&str> {
    let Some((old, new)) = &table.options else { return BTreeSet::new() };
    let (old, new) = (&old.parameters, &new.parameters);
    let options = old.keys().chain(new.keys());
    let changed = options.filter(|option| old.get(*option) != new.get(*option));
    changed.filter_map(|option| Extra::constraint(option)).collect()
}

/// The name that a constraint has before it is renamed.
pub(super) fn former_constraint<'a>(table: &'a TableDifference, name: &'a str) -> &'a str {
    fn former<'a, T: Part>(changes: &'a Changes<T>, name: &str) -> Option<&'a str> {
        let renamed = changes.renamed.iter().find(|(_, new)| new.name() == Some(name));
        renamed.and_then(|(old, _)| old.name())
    }
    if let Some((Some(old), Some(new))) = &table.primary_key
        && new.name.as_deref() == Some(name)
    {
        return old.name.as_deref().unwrap_or(name);
    }
    let found = former(&table.uniques, name)
        .or_else(|| former(&table.checks, name))
        .or_else(|| former(&table.foreign_keys, name));
    found.unwrap_or(name)
}

use std::collections::{BTreeMap, BTreeSet};

use super::super::clause::{Alteration, Clause};
use super::super::column::column;
use super::super::table::home;
use super::super::text::{mentions, name, with_names};
use super::{Changing, columns};
use crate::model::{Column, Generated, IndexKey, IndexPart, Storage};

/// The columns that are computed when read, and can be kept with what they hold: they are made to be kept
/// first, and cease to be computed then. Nothing else may name them, for they are dropped in between.
pub(super) fn possible(changing: &Changing<'_>) -> BTreeSet<String> {
    let changed = changing.difference.columns.changed.iter();
    let ceasing = changed.filter(|(old, new)| {
        let storage = old.generated.as_ref().map(|one| one.storage);
        storage == Some(Storage::Virtual) && new.generated.is_none()
    });
    let ceasing = ceasing.filter(|(old, _)| !is_named(changing, &old.name));
    ceasing.map(|(old, _)| old.name.clone()).collect()
}

fn is_named(changing: &Changing<'_>, column: &str) -> bool {
    let table = changing.from;
    let generated = table.columns.iter().filter(|one| one.name != column);
    let texts = generated.flat_map(|one| {
        let computed = one.generated.as_ref().map(|one| &one.expression);
        computed.into_iter().chain(&one.default)
    });
    let mut texts = texts.chain(table.checks.iter().map(|check| &check.expression));
    let keys = table.primary_key.iter().flat_map(|key| &key.columns);
    let mut keys = keys.chain(table.uniques.iter().flat_map(|unique| &unique.columns));
    let is_in_index = |text: &IndexPart| match &text.key {
        IndexKey::Column(key) => key == column,
        IndexKey::Expression(text) => mentions(text, column),
    };
    let mut parts = table.indexes.iter().flat_map(|index| &index.parts);
    texts.any(|text| mentions(text, column))
        || keys.any(|key| key == column)
        || parts.any(is_in_index)
}

/// The statement that lets these columns keep their values, each in its place.
pub(super) fn before(changing: &Changing<'_>, alone: &BTreeSet<&str>) -> Option<Alteration> {
    // What is renamed later still has its old name.
    let later = changing.renamed.iter().filter(|(_, new)| !alone.contains(*new));
    let former: BTreeMap<&str, &str> = later.map(|(old, new)| (*new, *old)).collect();
    let mut clauses = Vec::new();
    for made in &changing.materialised {
        let Some(at) = changing.from.columns.iter().position(|one| one.name == *made) else {
            continue;
        };
        let Some(old) = changing.from.columns.get(at) else { continue };
        let before = at.checked_sub(1).and_then(|at| changing.from.columns.get(at));
        let now = |new: &str| former.get(new).map_or(new, |old| *old).to_owned();
        let expression = old.generated.as_ref().map(|one| with_names(&one.expression, &former));
        let kept = Column {
            name: now(made),
            generated: expression
                .map(|text| Generated { expression: text, storage: Storage::Stored }),
            ..old.clone()
        };
        let place = columns::place(before.map(|one| now(&one.name)).as_deref());
        let drop = format!("DROP COLUMN {}", name(&kept.name));
        let add =
            format!("ADD COLUMN {}{place}", column(home(changing.schema, changing.from), &kept));
        clauses.push(Clause::of(made, "keep column", drop));
        clauses.push(Clause::of(made, "keep column", add));
    }
    (!clauses.is_empty()).then(|| changing.alteration(clauses))
}

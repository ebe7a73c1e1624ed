use std::collections::BTreeSet;

use super::alter::Changing;
use super::parts::PRIMARY;
use super::text::mentions;
use crate::model::{Dialect, Index, IndexKey, Storage};

/// What stays as it is and stands in the way of columns that are renamed, or dropped and made again.
#[derive(Debug, Default)]
pub(super) struct Dependents {
    /// Columns that have to be dropped and made again: neither server makes a column VIRTUAL, or one that is
    /// VIRTUAL anything else.
    pub(super) remade: BTreeSet<String>,
    /// Columns that have to be said again.
    pub(super) columns: BTreeSet<String>,
    /// Checks that have to be dropped and added again.
    pub(super) checks: BTreeSet<String>,
    /// Keys that have to be dropped and added again.
    pub(super) keys: BTreeSet<String>,
}

impl Dependents {
    pub(super) fn of(changing: &Changing<'_>) -> Self {
        let remade = remade(changing);
        // `MySQL` refuses to rename what an expression names; `MariaDB` renames it there as well.
        let follows = changing.dialect() == Dialect::MariaDb;
        let renamed = changing.renamed.values().filter(|_| !follows).copied();
        let hit: BTreeSet<&str> = renamed.chain(remade.iter().map(String::as_str)).collect();
        let is_hit = |text: &str| hit.iter().any(|column| mentions(text, column));
        let mut found = Self::default();
        for column in &changing.from.columns {
            let generated = column.generated.as_ref().map(|one| one.expression.as_str());
            let mut texts = generated.into_iter().chain(column.default.as_deref());
            if texts.any(is_hit) {
                found.columns.insert(column.name.clone());
            }
        }
        let checks = changing.from.checks.iter().filter(|check| is_hit(&check.expression));
        found.checks.extend(checks.filter_map(|check| check.name.clone()));
        let is_over = |index: &&Index| {
            index.parts.iter().any(|part| match &part.key {
                IndexKey::Column(column) => remade.contains(column),
                IndexKey::Expression(text) => is_hit(text),
            })
        };
        let indexes = changing.from.indexes.iter().filter(is_over);
        found.keys.extend(indexes.map(|index| index.name.clone()));
        found.keys.extend(spatial(changing));
        let uniques = changing.from.uniques.iter();
        let uniques = uniques.filter(|one| one.columns.iter().any(|name| remade.contains(name)));
        found.keys.extend(uniques.filter_map(|unique| unique.name.clone()));
        let primary = changing.from.primary_key.as_ref();
        if primary.is_some_and(|key| key.columns.iter().any(|name| remade.contains(name))) {
            found.keys.insert(PRIMARY.to_owned());
        }
        found.remade = remade;
        found
    }
}

/// The spatial indexes over columns that get another reference system.
pub(super) fn spatial(changing: &Changing<'_>) -> BTreeSet<String> {
    let srid = |column: &crate::model::Column| column.attributes.get("SRID").cloned();
    let changed = changing.difference.columns.changed.iter();
    let changed = changed.filter(|(old, new)| srid(old) != srid(new));
    let changed: Vec<&str> = changed.map(|(old, _)| old.name.as_str()).collect();
    let is_over = |index: &&Index| {
        let mut columns = index.parts.iter().filter_map(|part| part.column());
        index.method == "spatial" && columns.any(|column| changed.contains(&column))
    };
    changing.from.indexes.iter().filter(is_over).map(|index| index.name.clone()).collect()
}

/// The columns whose values begin or cease to be computed when they are read, and those that are computed
/// from them.
fn remade(changing: &Changing<'_>) -> BTreeSet<String> {
    let is_virtual = |column: &crate::model::Column| {
        column.generated.as_ref().is_some_and(|one| one.storage == Storage::Virtual)
    };
    let changed = changing.difference.columns.changed.iter();
    let changed = changed.filter(|(old, new)| is_virtual(old) != is_virtual(new));
    let mut remade: BTreeSet<String> = changed
        .map(|(old, _)| old.name.clone())
        .filter(|name| !changing.materialised.contains(name))
        .collect();
    loop {
        let computed = changing.from.columns.iter().filter(|column| {
            let text = column.generated.as_ref().map(|one| one.expression.as_str());
            let stays = changing.to.column(&column.name).is_some_and(|new| new.generated.is_some());
            stays && text.is_some_and(|text| remade.iter().any(|name| mentions(text, name)))
        });
        let before = remade.len();
        let more: Vec<String> = computed.map(|column| column.name.clone()).collect();
        remade.extend(more);
        if remade.len() == before {
            return remade;
        }
    }
}

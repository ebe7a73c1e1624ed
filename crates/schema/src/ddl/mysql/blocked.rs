use std::collections::BTreeMap;

use super::alter::Changing;
use super::dependents::Dependents;
use super::rename;
use crate::difference::Difference;
use crate::model::{Action, Column, Dialect, ForeignKey, IndexPart, Name, Table};

/// What the servers refuse to change under a foreign key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blocked<'a, 'b> {
    pub(super) difference: &'a Difference,
    pub(super) changing: &'b BTreeMap<&'a Name, Changing<'a>>,
}

impl Blocked<'_, '_> {
    /// Whether the table that holds the key changes under it.
    pub(super) fn at_child(&self, table: &Name, key: &ForeignKey) -> bool {
        let Some(changing) = self.changing.get(table) else { return false };
        let sets_null = [key.on_delete, key.on_update].contains(&Action::SetNull);
        self.is_touched(changing, &key.columns, sets_null)
    }

    /// Whether the table that it points to changes under it.
    pub(super) fn at_parent(&self, key: &ForeignKey, parent: &Name) -> bool {
        let Some(changing) = self.changing.get(parent) else { return false };
        self.is_touched(changing, &key.referenced_columns, true)
            || loses_key(changing, &key.referenced_columns)
    }

    fn is_touched(&self, changing: &Changing<'_>, columns: &[String], with_null: bool) -> bool {
        let has = |name: &str| columns.iter().any(|column| column == name);
        let changes = &changing.difference.columns;
        let dialect = changing.dialect();
        let remade = Dependents::of(changing).remade;
        let stuck = rename::stuck(self.difference, changing);
        let engine = changing.difference.options.as_ref();
        changes.dropped.iter().any(|column| has(&column.name))
            || remade.iter().any(|column| has(column))
            || stuck.iter().any(|column| has(column))
            || engine.is_some_and(|(from, to)| from.engine != to.engine)
            || changes.changed.iter().any(|(old, new)| {
                has(&new.name) && is_compared_otherwise(dialect, old, new, with_null)
            })
    }
}

/// Whether a column changes in what a foreign key rests on.
fn is_compared_otherwise(dialect: Dialect, old: &Column, new: &Column, with_null: bool) -> bool {
    let parts = |column: &Column| -> Option<(String, u32)> {
        let (word, length) = column.data_type.split_once('(')?;
        let length = length.trim_end_matches(')').parse().ok()?;
        word.ends_with("char").then(|| (word.to_owned(), length))
    };
    // `MySQL` lets texts grow.
    let grows = match (parts(old), parts(new)) {
        (Some((old, short)), Some((new, long))) => {
            dialect == Dialect::MySql && old == new && short < long
        }
        (Some(_) | None, _) => false,
    };
    old.data_type != new.data_type && !grows
        || old.collation != new.collation
        || old.identity != new.identity
        || old.generated != new.generated
        || with_null && old.nullable != new.nullable
}

/// Whether the only key over these columns goes.
fn loses_key(changing: &Changing<'_>, columns: &[String]) -> bool {
    let (before, difference) = (changing.from, &changing.difference);
    let serves =
        |key: &mut dyn Iterator<Item = &String>| columns.iter().all(|one| key.next() == Some(one));
    let primary = |table: &Table| {
        table.primary_key.as_ref().is_some_and(|key| serves(&mut key.columns.iter()))
    };
    let parts = |parts: &[IndexPart]| {
        let names: Vec<String> =
            parts.iter().map_while(|part| part.whole_column().map(str::to_owned)).collect();
        serves(&mut names.iter())
    };
    let goes = difference.primary_key.is_some() && primary(before)
        || difference.uniques.dropped.iter().any(|one| serves(&mut one.columns.iter()))
        || difference.uniques.changed.iter().any(|(one, _)| serves(&mut one.columns.iter()))
        || difference.indexes.dropped.iter().any(|one| parts(&one.parts))
        || difference.indexes.changed.iter().any(|(one, _)| parts(&one.parts));
    let stays = difference.primary_key.is_none() && primary(before)
        || before
            .uniques
            .iter()
            .any(|one| changing.to.uniques.contains(one) && serves(&mut one.columns.iter()))
        || before.indexes.iter().any(|one| changing.to.indexes.contains(one) && parts(&one.parts));
    goes && !stays
}

//! `PostgreSQL`: an extension that moves to another schema takes its types along.

use std::collections::BTreeMap;

use crate::catalog::postgres::names::{last_part, replaced};
use crate::model::{Kind, Schema, Table, Thing};

/// Gives the types of extensions that move the names that they have afterwards.
pub(super) fn follow(from: &mut Schema, to: &Schema) {
    let is_moved = |thing: &Thing| {
        let Thing::Object(key) = thing else { return false };
        let places = [&*from, to].map(|schema| {
            let extension = schema.definitions.get(key).filter(|_| key.kind == Kind::Extension);
            extension.map(|one| &one.create)
        });
        matches!(places, [Some(old), Some(new)] if old != new)
    };
    let mut types = BTreeMap::new();
    for (dependent, _) in from.dependencies.0.iter().filter(|(_, on)| is_moved(on)) {
        let Thing::Column(table, column) = dependent else { continue };
        let of = |schema: &Schema| {
            let column = schema.tables.get(table)?.column(column)?;
            let end = column.data_type.find(['(', '[']).unwrap_or(column.data_type.len());
            column.data_type.get(..end).map(str::to_owned)
        };
        if let (Some(old), Some(new)) = (of(from), of(to))
            && old != new
            && last_part(&old) == last_part(&new)
        {
            types.insert(old, new);
        }
    }
    for (old, new) in &types {
        from.tables.values_mut().for_each(|table| name(table, old, new));
    }
}

fn name(table: &mut Table, old: &str, new: &str) {
    let [was, is] = [old, new].map(|name| format!("::{name}"));
    let cast = |text: &mut String| *text = replaced(text, &was, &is);
    for column in &mut table.columns {
        column.data_type = replaced(&column.data_type, old, new);
        column.default.iter_mut().for_each(cast);
        column.generated.iter_mut().for_each(|one| cast(&mut one.expression));
    }
    table.checks.iter_mut().for_each(|check| cast(&mut check.expression));
    table.indexes.iter_mut().for_each(|index| index.predicate.iter_mut().for_each(cast));
}

//! What is not to be settled: its words mean something else in the other schema.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Column, Kind, Reference, Schema, Thing};

/// What stands on a routine that the other schema has not, be it with other arguments: the words that hold there
/// name another routine, which is not there on the way back.
pub(super) fn without_routine(from: &Schema, to: &Schema) -> BTreeSet<Thing> {
    let lost: BTreeSet<&Reference> = lost_routines(from, to).collect();
    let on_lost = from.dependencies.0.iter().filter(|(_, on)| match on {
        Thing::Object(key) => lost.contains(key),
        _ => false,
    });
    on_lost.map(|(dependent, _)| dependent.clone()).collect()
}

fn lost_routines<'a>(from: &'a Schema, to: &'a Schema) -> impl Iterator<Item = &'a Reference> {
    let routines = from.definitions.keys();
    routines.filter(|key| {
        matches!(key.kind, Kind::Function | Kind::Procedure) && !to.definitions.contains_key(*key)
    })
}

/// What stands on columns that have another type in the other schema, or on what differs there: its words mean another
/// thing there, whatever they are.
pub(super) fn on_other_ground(from: &Schema, to: &Schema) -> BTreeSet<Reference> {
    let mut dependents: BTreeMap<&Thing, Vec<&Thing>> = BTreeMap::new();
    for (dependent, on) in &from.dependencies.0 {
        dependents.entry(on).or_default().push(dependent);
    }
    let mut waiting: Vec<Thing> = lost_routines(from, to).cloned().map(Thing::Object).collect();
    for (name, table) in &from.tables {
        let Some(other) = to.tables.get(name) else { continue };
        let differs = |old: &&Column| {
            other
                .column(&old.name)
                .is_some_and(|new| new.data_type != old.data_type || new.collation != old.collation)
        };
        let differing = table.columns.iter().filter(differs);
        waiting.extend(differing.map(|column| Thing::Column(name.clone(), column.name.clone())));
    }
    let unlike = from.definitions.iter().filter(|(key, old)| {
        let is_view = matches!(key.kind, Kind::View | Kind::MaterializedView);
        let new = to.definitions.get(*key);
        !is_view && new.is_some_and(|new| new.create != old.create)
    });
    waiting.extend(unlike.map(|(key, _)| Thing::Object(key.clone())));
    let enums = from.enums.iter().filter(|(name, old)| to.enums.get(*name) != Some(old));
    waiting.extend(enums.map(|(name, _)| Thing::Object(Reference::to(Kind::Enum, name.clone()))));
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    while let Some(thing) = waiting.pop() {
        for dependent in dependents.get(&thing).into_iter().flatten() {
            if let Thing::Object(key) = dependent
                && matches!(key.kind, Kind::View | Kind::MaterializedView)
            {
                found.insert(key.clone());
            }
            if seen.insert(*dependent) {
                waiting.push((*dependent).clone());
            }
        }
    }
    found
}

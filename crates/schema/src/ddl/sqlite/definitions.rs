//! Virtual tables, views and triggers: those that change, and those that stand in the way.

use std::collections::BTreeSet;

use super::plan::{Plan, Way, table_key};
use crate::model::{Definition, Kind, Name, Reference};

/// Views and triggers that are dropped and made.
#[derive(Clone, Debug, Default)]
pub(super) struct Remade {
    /// What is dropped first, by its own statement.
    pub(super) dropped: BTreeSet<Reference>,
    /// What is made last, by its own statement.
    pub(super) made: BTreeSet<Reference>,
    /// Triggers that go and come with their table, which is rebuilt.
    pub(super) with_table: BTreeSet<Reference>,
}

/// Which views and triggers are dropped and made.
pub(super) fn plan(plan: &Plan<'_>, way: Way) -> Remade {
    let difference = plan.difference;
    let (from, to) = (&difference.from.definitions, &difference.to.definitions);
    let definitions = &difference.definitions;
    let mut dropped: BTreeSet<Reference> =
        definitions.dropped.keys().chain(definitions.changed.keys()).cloned().collect();
    if way == Way::Back {
        let is_other = |key: &&Reference| {
            let wanted = to.get(key).map(|definition| definition.written.text());
            // The rows of a virtual table are worth more than its letters.
            key.kind != Kind::VirtualTable
                && wanted.is_some_and(|wanted| {
                    plan.start.definitions.get(key).is_none_or(|text| text != wanted)
                })
        };
        dropped.extend(from.keys().filter(is_other).cloned());
    }
    let disturbed: BTreeSet<&Name> =
        difference.from.tables.keys().filter(|name| plan.disturbs_definitions(name)).collect();
    let is_disturbed = |definition: &Definition| {
        definition.owner.as_ref().is_some_and(|owner| disturbed.contains(owner))
            || disturbed.iter().any(|name| definition.needs.contains(&table_key(name)))
    };
    let in_the_way = from.iter().filter(|(_, definition)| is_disturbed(definition));
    dropped.extend(in_the_way.map(|(key, _)| key.clone()));
    close(&mut dropped, plan, !disturbed.is_empty());
    let made = definitions.added.keys().chain(dropped.iter().filter(|key| to.contains_key(key)));
    let made: BTreeSet<Reference> = made.cloned().collect();
    let with_table = to.iter().filter(|(key, definition)| {
        let is_of_rebuilt = definition.owner.as_ref().is_some_and(|owner| plan.is_rebuilt(owner));
        is_of_rebuilt && !made.contains(key)
    });
    let with_table = with_table.map(|(key, _)| key.clone()).collect();
    // What belongs to a table that goes, goes with it.
    let goes = |owner: &Name| difference.tables.dropped.contains_key(owner);
    dropped.retain(|key| !from.get(key).and_then(|one| one.owner.as_ref()).is_some_and(goes));
    Remade { dropped, made, with_table }
}

/// Adds the triggers of views that are dropped, and, where `SQLite` looks through all views, those that
/// would be found without what they need.
fn close(dropped: &mut BTreeSet<Reference>, plan: &Plan<'_>, is_looked_through: bool) {
    loop {
        let is_gone = |key: &Reference| {
            matches!(key.kind, Kind::View | Kind::VirtualTable) && dropped.contains(key)
        };
        let view = |owner: &Name| is_gone(&Reference::to(Kind::View, owner.clone()));
        let found = plan.difference.from.definitions.iter().filter(|(key, definition)| {
            !dropped.contains(key)
                && (definition.owner.as_ref().is_some_and(view)
                    || is_looked_through && definition.needs.iter().any(is_gone))
        });
        let found: Vec<Reference> = found.map(|(key, _)| key.clone()).collect();
        if found.is_empty() {
            return;
        }
        dropped.extend(found);
    }
}

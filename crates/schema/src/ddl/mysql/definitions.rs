use std::collections::{BTreeMap, BTreeSet};

use super::order::Order;
use crate::ddl::Statement;
use crate::difference::Difference;
use crate::model::{Definition, Kind, Reference};

/// Views, routines, triggers and events that go, come, or are made anew.
pub(super) struct Definitions<'a> {
    dropped: BTreeMap<&'a Reference, &'a Definition>,
    made: BTreeMap<&'a Reference, &'a Definition>,
    /// Views that are replaced, and not dropped before.
    replaced: BTreeSet<&'a Reference>,
}

impl<'a> Definitions<'a> {
    pub(super) fn of(difference: &'a Difference) -> Self {
        let changed = &difference.definitions.changed;
        // MySQL replaces no view whose old text calls a function with other arguments (error 1318).
        let goes = |need: &Reference| {
            let definitions = &difference.definitions;
            need.kind == Kind::Function
                && (definitions.dropped.contains_key(need) || changed.contains_key(need))
        };
        let is_replaced = |reference: &Reference, old: &Definition| {
            reference.kind == Kind::View && !old.needs.iter().any(goes)
        };
        let (replaced, gone): (Vec<_>, Vec<_>) =
            changed.iter().partition(|(reference, (old, _))| is_replaced(reference, old));
        let replaced = replaced.into_iter().map(|(reference, _)| reference).collect();
        let gone = gone.into_iter();
        let gone = gone.map(|(reference, (old, _))| (reference, old));
        let mut dropped: BTreeMap<_, _> =
            difference.definitions.dropped.iter().chain(gone).collect();
        let anew = changed.iter().map(|(reference, (_, new))| (reference, new));
        let mut made: BTreeMap<_, _> = difference.definitions.added.iter().chain(anew).collect();
        let disturbed: BTreeMap<_, _> = super::fill::disturbed(difference).collect();
        for (reference, definition) in disturbed {
            dropped.entry(reference).or_insert(definition);
            if let Some((reference, new)) = difference.to.definitions.get_key_value(reference) {
                made.entry(reference).or_insert(new);
            }
        }
        // A trigger that is made again runs last: those that ran behind it follow.
        for (reference, definition) in behind(difference, &dropped) {
            dropped.insert(reference, definition);
            if let Some(new) = difference.to.definitions.get(reference) {
                made.insert(reference, new);
            }
        }
        // What belongs to a table goes with it.
        dropped.retain(|_, definition| {
            !definition
                .owner
                .as_ref()
                .is_some_and(|owner| difference.tables.dropped.contains_key(owner))
        });
        Self { dropped, made, replaced }
    }

    /// What needs others goes before them.
    pub(super) fn drops(&self) -> Vec<Statement> {
        let sorted = sorted(&self.dropped);
        let drop = |reference: &&Reference| {
            let definition = self.dropped.get(*reference)?;
            Some(statement(reference, definition.drop.clone(), drop_words(reference.kind)))
        };
        sorted.iter().rev().filter_map(drop).collect()
    }

    pub(super) fn creates(&self) -> Vec<Statement> {
        let create = |reference: &&Reference| {
            let definition = self.made.get(*reference)?;
            let is_replaced = self.replaced.contains(*reference);
            let texts = definition.create.iter().map(|text| match text.strip_prefix("CREATE ") {
                Some(rest) if is_replaced => format!("CREATE OR REPLACE {rest}"),
                Some(_) | None => text.clone(),
            });
            let texts: Vec<String> = texts.collect();
            Some(statement(reference, texts.join(";\n"), create_words(reference.kind)))
        };
        sorted(&self.made).iter().filter_map(create).collect()
    }
}

/// The triggers that stay and run behind one that goes.
fn behind<'a>(
    difference: &'a Difference,
    dropped: &BTreeMap<&'a Reference, &'a Definition>,
) -> BTreeMap<&'a Reference, &'a Definition> {
    let mut found = BTreeMap::new();
    loop {
        let before = found.len();
        for (reference, definition) in &difference.from.definitions {
            let goes = |need: &Reference| {
                need.kind == Kind::Trigger
                    && (dropped.contains_key(need) || found.contains_key(need))
            };
            if !dropped.contains_key(reference) && definition.needs.iter().any(goes) {
                found.insert(reference, definition);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn sorted<'a>(all: &BTreeMap<&'a Reference, &'a Definition>) -> Vec<&'a Reference> {
    let mut order = Order::of(all.keys().copied());
    for (reference, definition) in all {
        for need in &definition.needs {
            if let Some((need, _)) = all.get_key_value(need) {
                order.put(need, reference);
            }
        }
    }
    order.sorted()
}

fn statement(reference: &Reference, sql: String, change: &'static str) -> Statement {
    let (kind, object) = (reference.kind, reference.name.clone());
    Statement { sql, change, kind, object, loses: None }
}

const fn drop_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Function => "drop function",
        Kind::Procedure => "drop procedure",
        Kind::Trigger => "drop trigger",
        Kind::Event => "drop event",
        _ => "drop view",
    }
}

const fn create_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Function => "create function",
        Kind::Procedure => "create procedure",
        Kind::Trigger => "create trigger",
        Kind::Event => "create event",
        _ => "create view",
    }
}

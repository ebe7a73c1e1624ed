use std::collections::{BTreeMap, BTreeSet};

use super::plan::Fate;
use crate::difference::Difference;
use crate::model::{Action, Name, Table};

/// The tables that are dropped, in order.
#[derive(Debug, Default)]
pub(super) struct Drops<'a> {
    pub(super) tables: Vec<&'a Name>,
    /// Whether rows of another table may refer to one when it is dropped. `SQLite` deletes its rows one by
    /// one then, with all that follows from foreign keys: <https://www.sqlite.org/foreignkeys.html#fk_schemacommands>
    pub(super) breaks_references: bool,
}

pub(super) fn order<'a>(difference: &'a Difference, fates: &BTreeMap<Name, Fate>) -> Drops<'a> {
    let dropped = &difference.tables.dropped;
    let refers = |table: &Table, to: &Name| {
        table.foreign_keys.iter().any(|key| key.referenced_table == to.local)
    };
    let is_referred_to_by_others = |name: &Name| {
        let stay = difference.from.tables.iter().filter(|(other, _)| !dropped.contains_key(*other));
        let mut referring = stay.filter(|(_, table)| refers(table, name));
        referring.any(|(other, _)| {
            let is_altered = matches!(fates.get(other), Some(Fate::InPlace(_)));
            let after = difference.to.tables.get(other).filter(|_| is_altered);
            after.is_none_or(|after| refers(after, name))
        })
    };
    let mut breaks_references = dropped.keys().any(is_referred_to_by_others);
    let mut left: BTreeSet<&Name> = dropped.keys().collect();
    let mut tables = Vec::new();
    while !left.is_empty() {
        let is_free = |name: &&&Name| {
            !left.iter().any(|other| {
                other != *name && dropped.get(*other).is_some_and(|table| refers(table, name))
            })
        };
        let next = left.iter().find(is_free).or_else(|| left.first()).copied();
        let Some(next) = next else { break };
        breaks_references |= !is_free(&&next);
        // Rows of one table may refer to each other.
        let refuses = dropped.get(next).is_some_and(|table| {
            let mut own =
                table.foreign_keys.iter().filter(|key| key.referenced_table == next.local);
            own.any(|key| key.on_delete == Action::Restrict)
        });
        breaks_references |= refuses;
        left.remove(next);
        tables.push(next);
    }
    Drops { tables, breaks_references }
}

/// The tables that are made, those that others refer to first where that is possible.
pub(super) fn creation_order(difference: &Difference) -> Vec<(&Name, &Table)> {
    let added = &difference.tables.added;
    let mut left: Vec<&Name> = added.keys().collect();
    let mut made = Vec::new();
    while !left.is_empty() {
        let is_free = |name: &&Name| {
            added.get(*name).is_some_and(|table| {
                let mut keys = table.foreign_keys.iter();
                keys.all(|key| {
                    key.referenced_table == name.local
                        || !left.iter().any(|other| other.local == key.referenced_table)
                })
            })
        };
        let at = left.iter().position(is_free).unwrap_or(0);
        let name = left.remove(at);
        made.extend(added.get_key_value(name));
    }
    made
}

//! Names of constraints and indexes that are exchanged, or move up.

use std::collections::BTreeSet;

use super::parts::{PartWork, TableParts};
use super::script::{Script, part_of};
use crate::catalog::postgres::names::{qualified, quoted};
use crate::difference::Part;
use crate::model::{Kind, Name};

/// A name that makes room: the old one and the one that it has until its turn comes.
type Aside = (String, String);

impl Script<'_> {
    /// Gives another name to what is renamed and still has the name that something else is to get first: the
    /// indexes behind keys share one room of names in all tables of a schema.
    pub(super) fn make_room(&mut self) {
        let coming: BTreeSet<Name> = self
            .parts
            .iter()
            .flat_map(|(name, parts)| {
                let constraints = parts.renamed().into_iter().map(|(_, new)| new);
                let indexes = parts.indexes.renamed.iter().map(|(_, new)| new.name.as_str());
                constraints.chain(indexes).map(|new| name.sibling(new))
            })
            .collect();
        let mut number = 0;
        let mut found = Vec::new();
        for (name, parts) in &mut self.parts {
            let mut aside = |old: &str| {
                let is_in_the_way = coming.contains(&name.sibling(old));
                number += usize::from(is_in_the_way);
                is_in_the_way.then(|| format!("renamed_{number}"))
            };
            let (constraints, indexes) = move_aside(parts, &mut aside);
            let table = qualified(name);
            let constraints = constraints.into_iter().map(|(old, new)| {
                let (before, after) = (quoted(&old), quoted(&new));
                let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}");
                ("rename constraint", part_of(name, &old), sql)
            });
            let indexes = indexes.into_iter().map(|(old, new)| {
                let index = qualified(&name.sibling(old.clone()));
                (
                    "rename index",
                    part_of(name, &old),
                    format!("ALTER INDEX {index} RENAME TO {}", quoted(&new)),
                )
            });
            found.extend(constraints.chain(indexes));
        }
        for (change, object, sql) in found {
            self.say(change, Kind::Table, object, sql);
        }
    }
}

/// The constraints and the indexes of a table that are moved.
fn move_aside(
    parts: &mut TableParts,
    aside: &mut impl FnMut(&str) -> Option<String>,
) -> (Vec<Aside>, Vec<Aside>) {
    let mut constraints = Vec::new();
    if let Some((old, _)) = &mut parts.key_renamed
        && let Some(new) = aside(old)
    {
        constraints.push((std::mem::replace(old, new.clone()), new));
    }
    constraints.extend(moved(&mut parts.uniques, aside));
    constraints.extend(moved(&mut parts.checks, aside));
    constraints.extend(moved(&mut parts.exclusions, aside));
    constraints.extend(moved(&mut parts.foreign_keys, aside));
    (constraints, moved(&mut parts.indexes, aside))
}

fn moved<T: Part>(
    work: &mut PartWork<T>,
    aside: &mut impl FnMut(&str) -> Option<String>,
) -> Vec<Aside> {
    let mut found = Vec::new();
    for (old, _) in &mut work.renamed {
        let before = old.name().map(str::to_owned);
        if let Some((before, new)) = before.and_then(|name| aside(&name).map(|new| (name, new))) {
            *old = old.clone().named(Some(new.clone()));
            found.push((before, new));
        }
    }
    found
}

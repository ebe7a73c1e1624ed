//! Domains: what the server refuses to change in place, and what goes before they do.

use super::script::{Script, is_routine};
use super::sides::Sides;
use super::types;
use crate::catalog::postgres::names::qualified;
use crate::model::{Kind, Reference, Thing};

/// Whether the server refuses changes of a domain because a column holds its values in an array or inside of another
/// type, where it does not look (`find_composite_type_dependencies` in tablecmds.c).
pub(super) fn are_refused(sides: &Sides<'_>, domain: &Reference, changes: &[String]) -> bool {
    let demands = |sql: &String| sql.contains(" ADD CONSTRAINT ") || sql.ends_with(" SET NOT NULL");
    changes.iter().any(demands) && is_held_inside(sides, domain)
}

fn is_held_inside(sides: &Sides<'_>, domain: &Reference) -> bool {
    let name = qualified(&domain.name);
    sides.dependents(&Thing::Object(domain.clone())).iter().any(|dependent| match dependent {
        Thing::Object(key) if key.kind == Kind::Domain => is_held_inside(sides, key),
        Thing::Object(key) => key.kind == Kind::CompositeType,
        Thing::Column(table, column) => {
            let column = sides.old_table(table).and_then(|table| table.column(column));
            column.is_some_and(|column| column.data_type != name)
        }
        Thing::Default(..) | Thing::Constraint(..) | Thing::Index(..) => false,
    })
}

impl Script<'_> {
    /// Takes off what domains that are made anew say by routines that go: the old ones hold values only meanwhile.
    pub(super) fn loosen_domains(&mut self) {
        for key in self.disturbed.types.clone() {
            let Some(old) = self.sides.difference.from.definitions.get(&key) else { continue };
            let goes = |on: &Reference| is_routine(on) && self.disturbed.definitions.contains(on);
            if key.kind == Kind::Domain && old.needs.iter().any(goes) {
                for sql in types::loosened_domain(&key, old) {
                    self.say("alter domain", Kind::Domain, key.name.clone(), sql);
                }
            }
        }
    }
}

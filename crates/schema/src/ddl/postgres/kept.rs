//! What belongs to objects and is not managed: it stands in both schemas as it is in the one that is left, so that
//! it goes and comes with what it stands on, and never differs.

use std::collections::BTreeSet;

use crate::catalog::postgres::names::{qualified, sequence_name};
use crate::ddl::{Script, Statement};
use crate::difference::{Difference, Renames};
use crate::model::{Definition, Kept, Kind, Name, Reference, Schema, Space, Table, Thing, Written};

use super::columns::counting_sequence;
use super::retold::retold;
use super::script::create_words;

/// The difference and the way back, both with what the schema as it is keeps.
pub(super) fn with_kept(difference: &Difference, back: &Difference) -> (Difference, Difference) {
    let (from, to, renames) = (&back.to, &difference.to, &difference.renames);
    if from.attached.kept.is_empty() {
        return (difference.clone(), back.clone());
    }
    let all = Together { from, to, renames };
    let up = Difference::between(&all.here(Way::Up), &all.there(Way::Up), renames);
    let inverted = up.renames.inverted();
    let back = Difference::between(&all.there(Way::Down), &all.here(Way::Down), &inverted);
    (up, back)
}

/// A statement of the way up that puts on again what cannot be told with the new names.
pub(in crate::ddl) fn untold<'s>(
    difference: &Difference,
    back: &Difference,
    scripts: &'s [Script],
) -> Option<&'s Statement> {
    let (from, to, renames) = (&back.to, &difference.to, &difference.renames);
    let all = Together { from, to, renames };
    let kept = from.attached.kept.iter().filter(|kept| all.wanted(kept).is_none());
    let untold = kept.filter(|kept| kept.create.iter().any(|sql| all.retold(kept, sql).is_none()));
    let untold: BTreeSet<Name> = untold.map(Kept::name).collect();
    let mut up = scripts.iter().flat_map(|script| &script.up);
    up.find(|one| {
        one.kind == Kind::Kept
            && one.change == create_words(Kind::Kept)
            && untold.contains(&one.object)
    })
}

/// Whether it stays as it is while a column that it stands on changes its type.
pub(super) fn follows_types(key: &Reference) -> bool {
    let local = &key.name.local;
    key.kind == Kind::Kept && !local.contains(".policy ") && !local.contains(".publication ")
}

/// Whether it is what the statements remember and give back by themselves.
pub(super) fn is_rights(key: &Reference) -> bool {
    key.kind == Kind::Kept && key.name.local.ends_with(".rights")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

struct Together<'a> {
    from: &'a Schema,
    to: &'a Schema,
    renames: &'a Renames,
}

impl Together<'_> {
    /// The schema as it is.
    fn here(&self, way: Way) -> Schema {
        let mut schema = self.from.clone();
        for kept in &self.from.attached.kept {
            let key = key(kept);
            schema.definitions.insert(key.clone(), self.definition(kept, way));
            let on = kept.on.iter().cloned().chain([Thing::Object(kept.owner.clone())]);
            schema.dependencies.0.extend(on.map(|on| (Thing::Object(key.clone()), on)));
        }
        schema
    }

    /// The schema as it is to be, with what can stay.
    fn there(&self, way: Way) -> Schema {
        let mut schema = self.to.clone();
        for kept in self.from.attached.kept.iter().filter(|kept| self.stays(kept)) {
            let key = key(kept);
            schema.definitions.insert(key.clone(), self.definition(kept, way));
            let on = known(self.from, kept).into_iter().chain(kept.on.iter());
            let on = on.cloned().chain([Thing::Object(kept.owner.clone())]);
            let on = on.map(|on| self.renames.thing(&on));
            let wanted = self.wanted(kept).into_iter().flat_map(|one| known(self.to, one));
            let on = on.chain(wanted.cloned()).map(|on| (Thing::Object(key.clone()), on));
            schema.dependencies.0.extend(on);
        }
        schema
    }

    /// What of the schema as it is to be has its place, of what is told in expressions: those are right for the new
    /// names and types.
    fn wanted(&self, kept: &Kept) -> Option<&Kept> {
        let name = self.renames.table(&kept.owner.name);
        let mut all = self.to.attached.kept.iter().filter(|_| is_told_in_expressions(kept));
        all.find(|one| {
            one.owner.kind == kept.owner.kind && one.owner.name == *name && one.label == kept.label
        })
    }

    /// On the way up it is taken off under the old names and comes under the new ones, and back the other way.
    fn definition(&self, kept: &Kept, way: Way) -> Definition {
        let told = |sql: &String| self.retold(kept, sql).unwrap_or_else(|| sql.clone());
        let (create, drop) = match (way, self.wanted(kept)) {
            (Way::Up, Some(wanted)) => (wanted.create.clone(), kept.drop.clone()),
            (Way::Up, None) => (kept.create.iter().map(told).collect(), kept.drop.clone()),
            (Way::Down, _) => (kept.create.clone(), told(&kept.drop)),
        };
        let needs = BTreeSet::new();
        Definition { create, drop, owner: None, needs, written: Written::default() }
    }

    fn retold(&self, kept: &Kept, sql: &str) -> Option<String> {
        if self.renames.is_empty() {
            return Some(sql.to_owned());
        }
        let now = self.renames.reference(&kept.owner);
        retold(self.renames, (&kept.owner.name, &now.name), sql)
    }

    fn stays(&self, kept: &Kept) -> bool {
        let is_statistics = kept.label.starts_with("statistics ");
        let on: Vec<&Thing> = if is_statistics { known(self.from, kept) } else { Vec::new() };
        self.has_opaque_owner(kept)
            || self.has_owner(kept) && kept.on.iter().chain(on).all(|on| self.has(on))
    }

    /// Whether it belongs to a table that is there and not managed, so that nothing of it is known to go.
    fn has_opaque_owner(&self, kept: &Kept) -> bool {
        let name = (Space::Relation, kept.owner.name.clone());
        kept.owner.kind == Kind::Table && self.to.opaques.0.contains_key(&name)
    }

    fn has_owner(&self, kept: &Kept) -> bool {
        let (to, name) = (self.to, &kept.owner.name);
        let has = |kind| to.definitions.contains_key(&Reference::to(kind, name.clone()));
        let has_view = || has(Kind::View) || has(Kind::MaterializedView);
        match kept.owner.kind {
            Kind::Table => {
                to.tables.contains_key(self.renames.table(name))
                    || kept.label == "rights" && has_view()
            }
            Kind::View | Kind::MaterializedView if kept.label == "rights" => {
                has_view() || to.tables.contains_key(name)
            }
            Kind::Schema => to.schemas.contains(&name.local),
            Kind::Enum => to.enums.contains_key(name),
            Kind::Sequence => has_sequence(to, self.renames.sequence(name)),
            kind => has(kind),
        }
    }

    fn has(&self, on: &Thing) -> bool {
        match self.renames.thing(on) {
            Thing::Column(table, column) => match self.to.tables.get(&table) {
                Some(table) => table.column(&column).is_some(),
                None => self
                    .to
                    .attached
                    .columns
                    .get(&table)
                    .is_some_and(|columns| columns.iter().any(|(name, _)| *name == column)),
            },
            Thing::Index(table, index) => {
                let table = self.to.tables.get(&table);
                table.is_some_and(|table| table.indexes.iter().any(|one| one.name == index))
            }
            Thing::Constraint(table, constraint) => {
                self.to.tables.get(&table).is_some_and(|table| has_key(table, &constraint))
            }
            Thing::Object(object) if object.kind == Kind::Sequence => {
                has_sequence(self.to, &object.name)
            }
            Thing::Object(_) | Thing::Default(..) => true,
        }
    }
}

/// What the server knows it to stand on.
fn known<'a>(schema: &'a Schema, kept: &Kept) -> Vec<&'a Thing> {
    let key = Thing::Object(key(kept));
    let all = schema.dependencies.0.iter();
    all.filter(|(dependent, _)| *dependent == key).map(|(_, on)| on).collect()
}

fn is_told_in_expressions(kept: &Kept) -> bool {
    ["policy ", "statistics ", "publication "].iter().any(|one| kept.label.starts_with(one))
}

fn key(kept: &Kept) -> Reference {
    Reference::to(Kind::Kept, kept.name())
}

fn has_key(table: &Table, constraint: &str) -> bool {
    let is_named = |name: &Option<String>| name.as_deref() == Some(constraint);
    table.primary_key.iter().any(|key| is_named(&key.name))
        || table.uniques.iter().any(|one| is_named(&one.name))
        || table.exclusions.iter().any(|one| one.name == constraint)
}

fn has_sequence(schema: &Schema, name: &Name) -> bool {
    let counts = |table: &Name, of: &Table| {
        let mut columns = of.columns.iter();
        let sequence = qualified(name);
        columns.any(|column| {
            counting_sequence(table, column).as_ref() == Some(&sequence)
                || column.identity.is_some() && sequence_name(table, &column.name) == *name
        })
    };
    schema.sequences.contains_key(name) || schema.tables.iter().any(|(table, of)| counts(table, of))
}

//! Comments on constraints and schemas, once all else is as it is to be.

use std::collections::BTreeMap;

use super::script::{Script, part_of};
use crate::catalog::postgres::names::{qualified, quoted};
use crate::model::{Kind, Name, Schema};

/// The comments on constraints: table and constraint to the text as it stands in SQL.
type Comments = BTreeMap<(Name, String), String>;

impl Script<'_> {
    pub(super) fn comment_on_constraints(&mut self) {
        let difference = self.sides.difference;
        let mut are = Comments::new();
        for ((table, constraint), text) in comments(self, &difference.from) {
            let parts = self.parts.get(&table);
            if parts.is_some_and(|parts| parts.off().contains(constraint.as_str())) {
                continue;
            }
            let renamed = parts.into_iter().flat_map(super::parts::TableParts::renamed);
            let renamed = renamed.into_iter().find(|(old, _)| *old == constraint);
            let constraint = renamed.map_or(constraint.clone(), |(_, new)| new.to_owned());
            are.insert((table, constraint), text);
        }
        let wanted = comments(self, &difference.to);
        for ((table, constraint), text) in &wanted {
            if are.get(&(table.clone(), constraint.clone())) != Some(text) {
                self.comment_on_constraint(table, constraint, text);
            }
        }
        for (table, constraint) in are.into_keys().filter(|key| !wanted.contains_key(key)) {
            if self.sides.has_constraint(&table, &constraint) {
                self.comment_on_constraint(&table, &constraint, "NULL");
            }
        }
        self.comment_on_schemas();
    }

    fn comment_on_constraint(&mut self, table: &Name, constraint: &str, text: &str) {
        let sql = format!(
            "COMMENT ON CONSTRAINT {} ON {} IS {text}",
            quoted(constraint),
            qualified(table)
        );
        self.say("comment", Kind::Table, part_of(table, constraint), sql);
    }

    fn comment_on_schemas(&mut self) {
        let difference = self.sides.difference;
        let definitions = &difference.definitions;
        let is_of_schema =
            |kind: Kind, owner: Option<&Name>| kind == Kind::Comment && owner.is_none();
        let changed = definitions.changed.iter().map(|(key, (_, new))| (key, new));
        for (key, new) in definitions.added.iter().chain(changed) {
            if is_of_schema(key.kind, new.owner.as_ref()) {
                for sql in &new.create {
                    self.say("comment", Kind::Schema, key.name.clone(), sql.clone());
                }
            }
        }
        for (key, old) in &definitions.dropped {
            let is_there = difference.to.schemas.contains(&key.name.local);
            if is_of_schema(key.kind, old.owner.as_ref()) && is_there {
                self.say("comment", Kind::Schema, key.name.clone(), old.drop.clone());
            }
        }
    }
}

fn comments(script: &Script<'_>, schema: &Schema) -> Comments {
    let all = schema.definitions.iter().filter(|(key, _)| key.kind == Kind::Comment);
    let of_constraints = all.filter_map(|(key, definition)| {
        let owner = definition.owner.as_ref()?;
        // The key is not renamed with the table.
        let former = script.sides.former_table(owner);
        let constraint = [&owner.local, &former.local]
            .into_iter()
            .find_map(|table| key.name.local.strip_prefix(table.as_str())?.strip_prefix('.'))?;
        let (_, text) = definition.create.first()?.split_once(" IS ")?;
        Some(((owner.clone(), constraint.to_owned()), text.to_owned()))
    });
    of_constraints.collect()
}

use std::collections::{BTreeMap, BTreeSet};

use super::script::is_routine;
use super::sides::Sides;
use crate::model::{Definition, Kind, Reference, Schema, Thing};

/// What needs what among the objects that statements are written for.
#[derive(Debug, Default)]
pub(super) struct Graph {
    needs: BTreeMap<Reference, BTreeSet<Reference>>,
}

impl Graph {
    /// The needs of some objects of a schema, as the server knows them.
    pub(super) fn of(schema: &Schema, objects: &BTreeSet<Reference>) -> Self {
        let mut graph = Self::default();
        for object in objects {
            graph.needs.insert(object.clone(), BTreeSet::new());
        }
        let mut wishes = Vec::new();
        for (dependent, on) in &schema.dependencies.0 {
            if is_foreign_key(schema, dependent) {
                continue;
            }
            let is_index = matches!(dependent, Thing::Index(..));
            let (dependent, on) = (dependent.object(), on.object());
            if is_index && is_routine(&on) {
                wishes.push((dependent, on));
            } else if dependent != on
                && objects.contains(&on)
                && let Some(needs) = graph.needs.get_mut(&dependent)
            {
                needs.insert(on);
            }
        }
        // A routine that takes the table's rows stands on the table.
        for (table, routine) in &wishes {
            graph.wish(table, routine);
        }
        graph
    }

    /// Adds what should come first where nothing speaks against it: referenced tables, and what the text of a
    /// routine names, which the server does not keep.
    pub(super) fn add_wishes(&mut self, sides: &Sides<'_>, schema: &Schema) {
        for (name, table) in &schema.tables {
            let object = Reference::to(Kind::Table, name.clone());
            for key in &table.foreign_keys {
                let on = Reference::to(Kind::Table, sides.referenced(name, key));
                self.wish(&object, &on);
            }
        }
        let objects: Vec<Reference> = self.needs.keys().cloned().collect();
        for object in &objects {
            let is_routine = matches!(object.kind, Kind::Function | Kind::Procedure);
            let definition = schema.definitions.get(object).filter(|_| is_routine);
            if let Some(definition) = definition {
                let words = words(definition);
                let named = objects.iter().filter(|one| words.contains(plain_name(one)));
                named.for_each(|on| self.wish(object, on));
            }
        }
    }

    fn wish(&mut self, object: &Reference, on: &Reference) {
        let are_known = self.needs.contains_key(object) && self.needs.contains_key(on);
        if are_known && object != on && !self.reaches(on, object) {
            self.needs.entry(object.clone()).or_default().insert(on.clone());
        }
    }

    fn reaches(&self, from: &Reference, to: &Reference) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(object) = waiting.pop() {
            if object == to {
                return true;
            }
            if seen.insert(object) {
                waiting.extend(self.needs.get(object).into_iter().flatten());
            }
        }
        false
    }

    /// All objects, each behind what it needs; otherwise by kind and name.
    pub(super) fn ordered(&self) -> Vec<Reference> {
        let mut ordered = Vec::with_capacity(self.needs.len());
        let mut seen = BTreeSet::new();
        for object in self.needs.keys() {
            self.visit(object, &mut seen, &mut ordered);
        }
        ordered
    }

    fn visit<'a>(
        &'a self,
        object: &'a Reference,
        seen: &mut BTreeSet<&'a Reference>,
        ordered: &mut Vec<Reference>,
    ) {
        if !seen.insert(object) {
            return;
        }
        for needed in self.needs.get(object).into_iter().flatten() {
            self.visit(needed, seen, ordered);
        }
        ordered.push(object.clone());
    }
}

fn is_foreign_key(schema: &Schema, thing: &Thing) -> bool {
    let Thing::Constraint(table, name) = thing else { return false };
    let table = schema.tables.get(table);
    table.is_some_and(|table| table.foreign_keys.iter().any(|key| key.name.as_ref() == Some(name)))
}

/// The name of an object without arguments.
fn plain_name(object: &Reference) -> &str {
    let local = object.name.local.as_str();
    match object.kind {
        Kind::Function | Kind::Procedure => local.split('(').next().unwrap_or(local),
        _ => local,
    }
}

/// The words of the statement that makes a routine.
fn words(definition: &Definition) -> BTreeSet<&str> {
    let text = definition.create.first().map(String::as_str).unwrap_or_default();
    text.split(|character: char| !character.is_alphanumeric() && character != '_').collect()
}

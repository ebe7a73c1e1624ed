//! What is made and altered, each object behind what it needs.

use std::collections::BTreeSet;

use super::demands::demanding;
use super::disturbed::is_extended;
use super::faithful::faithful;
use super::order::Graph;
use super::script::{Script, create_words, part_of};
use super::{constraints, narrowed, sequences, types, views};
use crate::catalog::postgres::names::{literal, qualified, quoted};
use crate::model::{Definition, ForeignKey, Kind, Name, Reference, Thing};

impl Script<'_> {
    /// Makes and alters all that is to be.
    pub(super) fn make(&mut self) {
        let mut waiting = self.objects();
        let to = &self.sides.difference.to;
        let mut graph = Graph::of(to, &waiting);
        graph.add_wishes(self.sides, to);
        self.remove_logging(&graph);
        let mut postponed = Vec::new();
        self.unmade.clone_from(&waiting);
        for key in graph.ordered() {
            self.make_object(&key, &waiting, &mut postponed);
            waiting.remove(&key);
            self.unmade.remove(&key);
        }
        for (table, index) in std::mem::take(&mut self.late_indexes) {
            self.create_index(&table, &index);
        }
        for (table, key) in postponed {
            self.add_foreign_key(&table, &key);
        }
    }

    /// All that a statement is to be written for.
    fn objects(&self) -> BTreeSet<Reference> {
        let difference = self.sides.difference;
        let definitions = difference.definitions.added.keys();
        let definitions = definitions.chain(difference.definitions.changed.keys());
        let again = self.disturbed.definitions.iter();
        let again = again.filter(|key| difference.to.definitions.contains_key(key));
        let mut objects: BTreeSet<Reference> =
            definitions.chain(again).filter(|key| key.kind != Kind::Comment).cloned().collect();
        let is_wanted = |key: &&Reference| {
            difference.to.enums.contains_key(&key.name)
                || difference.to.definitions.contains_key(*key)
        };
        objects.extend(self.disturbed.types.iter().filter(is_wanted).cloned());
        let mut add = |kind: Kind, name: &Name| {
            objects.insert(Reference::to(kind, name.clone()));
        };
        let enums = difference.enums.added.keys().chain(difference.enums.changed.keys());
        enums.for_each(|name| add(Kind::Enum, name));
        let all = difference.sequences.added.keys().chain(difference.sequences.changed.keys());
        all.for_each(|name| add(Kind::Sequence, name));
        difference.tables.added.keys().for_each(|name| add(Kind::Table, name));
        for name in self.sides.staying() {
            if self.is_altered(name) {
                add(Kind::Table, name);
            }
        }
        objects
    }

    /// Whether a table that stays has something done to it.
    fn is_altered(&self, name: &Name) -> bool {
        let of_table =
            |parts: &BTreeSet<(Name, String)>| parts.iter().any(|(table, _)| table == name);
        self.altered.contains_key(name)
            || self.parts.contains_key(name)
            || of_table(&self.disturbed.cast)
            || of_table(&self.disturbed.remade)
            || of_table(&self.disturbed.defaults)
    }

    fn make_object(
        &mut self,
        key: &Reference,
        waiting: &BTreeSet<Reference>,
        postponed: &mut Vec<(Name, ForeignKey)>,
    ) {
        let difference = self.sides.difference;
        match key.kind {
            Kind::Enum => self.make_enum(&key.name),
            Kind::Sequence => self.make_sequence(&key.name),
            Kind::Table if difference.tables.added.contains_key(&key.name) => {
                self.create_table(&key.name, waiting, postponed);
            }
            Kind::Table => self.alter_table(&key.name, waiting, postponed),
            _ => self.make_definition(key),
        }
    }

    fn make_enum(&mut self, name: &Name) {
        let difference = self.sides.difference;
        let Some(new) = difference.to.enums.get(name) else { return };
        let key = Reference::to(Kind::Enum, name.clone());
        let old = difference.from.enums.get(name).filter(|_| !self.disturbed.types.contains(&key));
        if let Some(old) = old.filter(|old| is_extended(old, new)) {
            for (sql, _) in types::added_values(name, old, new) {
                self.say("add enum value", Kind::Enum, name.clone(), sql);
            }
        } else {
            let replaced = difference.from.enums.get(name);
            let lost = replaced.into_iter().flat_map(|old| &old.values);
            let lost = lost.filter(|value| !new.values.contains(value)).map(|one| literal(one));
            let lost: Vec<String> = lost.collect();
            let sql = types::create_enum(name, new);
            if lost.is_empty() {
                self.say("create enum", Kind::Enum, name.clone(), sql);
            } else {
                let loses =
                    format!("{name} loses {}: rows that hold it make this fail", lost.join(", "));
                self.say_loss(("create enum", Kind::Enum), name.clone(), sql, loses);
            }
        }
        let was = old.and_then(|old| old.comment.as_ref());
        if was != new.comment.as_ref() {
            let text = new.comment.as_ref().map_or_else(|| "NULL".to_owned(), |text| literal(text));
            let sql = format!("COMMENT ON TYPE {} IS {text}", qualified(name));
            self.say("comment", Kind::Enum, name.clone(), sql);
        }
    }

    fn make_sequence(&mut self, name: &Name) {
        let difference = self.sides.difference;
        let sql_name = qualified(name);
        if let Some((old, new)) = difference.sequences.changed.get(name) {
            for sql in sequences::alter(&sql_name, old, new) {
                self.say("alter sequence", Kind::Sequence, name.clone(), sql);
            }
        }
        if let Some(sequence) = difference.sequences.added.get(name) {
            self.add_sequence(name, sequence);
        }
    }

    fn make_definition(&mut self, key: &Reference) {
        let difference = self.sides.difference;
        let Some(new) = difference.to.definitions.get(key) else { return };
        if self.remembers(key) {
            return;
        }
        let is_anew =
            self.disturbed.definitions.contains(key) || self.disturbed.types.contains(key);
        let old = difference.from.definitions.get(key).filter(|_| !is_anew);
        let current = difference.from.attached.current.as_deref();
        if let Some(old) = old
            && let Some(changes) = changes_in_place(key, (old, new), current)
        {
            for (sql, loses) in changes {
                let sql = self.recomputing(key, narrowed::altering_domain(&key.name, sql));
                match loses {
                    Some(loses) => {
                        self.say_loss(
                            (alter_words(key.kind), key.kind),
                            key.name.clone(),
                            sql,
                            loses,
                        );
                    }
                    None => self.say(alter_words(key.kind), key.kind, key.name.clone(), sql),
                }
            }
            return;
        }
        for sql in &new.create {
            let is_text =
                matches!(key.kind, Kind::Function | Kind::Procedure) || sql.starts_with("COMMENT ");
            let sql = if is_text { sql.clone() } else { faithful(sql) };
            self.say(create_words(key.kind), key.kind, key.name.clone(), sql);
        }
    }

    /// A statement that replaces a routine, with what is made anew since it holds what the routine gave.
    fn recomputing(&self, key: &Reference, sql: String) -> String {
        let parts = self.disturbed.recomputed.iter().filter(|(routine, _)| routine == key);
        let parts: Vec<String> =
            parts.map(|(_, (table, part))| part_of(table, part).to_string()).collect();
        if !sql.starts_with("CREATE ") {
            return sql;
        }
        let mut lines: Vec<String> = Vec::new();
        if !parts.is_empty() {
            lines.push(format!(
                "-- recomputes: {} with what {} gives\n",
                parts.join(", "),
                key.name
            ));
        }
        let outdated = self.disturbed.outdated.iter().filter(|(routine, _)| routine == key);
        lines.extend(outdated.filter_map(|(_, thing)| outdated_part(thing, &key.name)));
        lines.concat() + &sql
    }

    /// Adds a foreign key to a table that is there.
    pub(super) fn add_foreign_key(&mut self, table: &Name, key: &ForeignKey) {
        let Some(of) = self.sides.new_table(table) else { return };
        let referenced = self.sides.referenced(table, key);
        let sql = format!(
            "ALTER TABLE {} ADD {}",
            qualified(table),
            constraints::foreign_key(key, &referenced, &of.options)
        );
        let sql = demanding(&sql, &self.demands_of_foreign_key(table, key, &referenced));
        let object = part_of(table, key.name.as_deref().unwrap_or_default());
        self.say("add foreign key", Kind::Table, object, sql);
    }
}

/// The line about a part of a table that is not managed, and holds what a routine gave before.
fn outdated_part(part: &Thing, routine: &Name) -> Option<String> {
    match part {
        Thing::Index(table, name) => Some(format!(
            "-- check: index {} holds what {routine} gave before: REINDEX it\n",
            part_of(table, name)
        )),
        Thing::Constraint(table, name) => Some(format!(
            "-- check: constraint {} was met by what {routine} gave before: drop it and add it again\n",
            part_of(table, name)
        )),
        Thing::Object(_) | Thing::Column(..) | Thing::Default(..) => None,
    }
}

/// That of the current schema does not say so.
fn extension_changes(key: &Reference, new: &Definition, current: Option<&str>) -> Vec<String> {
    let schema = new.create.first().and_then(|sql| sql.split_once(" WITH SCHEMA "));
    let schema = schema.map(|(_, schema)| schema.to_owned()).or_else(|| current.map(quoted));
    let name = qualified(&key.name);
    schema.map(|schema| format!("ALTER EXTENSION {name} SET SCHEMA {schema}")).into_iter().collect()
}

const fn alter_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Domain => "alter domain",
        Kind::CompositeType => "alter type",
        Kind::Function => "replace function",
        Kind::Procedure => "replace procedure",
        Kind::View => "replace view",
        _ => "alter",
    }
}

/// The statements that change a definition where it stands, each with what it loses; `None` if it has to be
/// made anew.
fn changes_in_place(
    key: &Reference,
    (old, new): (&Definition, &Definition),
    current: Option<&str>,
) -> Option<Vec<(String, Option<String>)>> {
    let is_same = old
        .create
        .iter()
        .filter(|one| !types::is_comment(one))
        .eq(new.create.iter().filter(|one| !types::is_comment(one)));
    let changes = match key.kind {
        _ if is_same => types::comment_changes(old, new),
        Kind::Domain => types::domain_changes(key, old, new)?,
        Kind::CompositeType => types::composite_changes(key, old, new)?,
        Kind::Function | Kind::Procedure => {
            let body = new.create.first().filter(|body| old.create.first() != Some(body));
            body.cloned().into_iter().chain(types::comment_changes(old, new)).collect()
        }
        Kind::Extension => extension_changes(key, new, current),
        Kind::View => views::changes(old, new),
        _ => return None,
    };
    let lost = |sql: &String| {
        let (_, attribute) = sql.split_once(" DROP ATTRIBUTE ")?;
        Some(format!("the values of {attribute} in all columns of type {}", key.name))
    };
    Some(changes.into_iter().map(|sql| (sql.clone(), lost(&sql))).collect())
}

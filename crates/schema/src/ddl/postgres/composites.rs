//! Composite types that are made anew: what becomes of the values that are read as texts, in which attributes
//! have places and no names.

use std::collections::BTreeSet;

use super::casts;
use super::script::Script;
use super::types::{attributes, first_name, old_name, type_of};
use crate::catalog::postgres::names::{literal, qualified, quoted};
use crate::model::{Definition, Kind, Name, Reference};

/// The statements that give the old type the attributes of the new one, each in its place; `None` where those that
/// stay would have to change places.
///
/// What is added holds nothing, and its type may not be there yet.
fn reshaping(old_name: &Name, old: &Definition, new: &Definition) -> Option<Vec<String>> {
    let (old, new) = (attributes(old)?, attributes(new)?);
    let names =
        |all: &[String]| all.iter().map(|one| first_name(one).to_owned()).collect::<Vec<_>>();
    let (old, new) = (names(&old), names(&new));
    let kept: Vec<&String> = old.iter().filter(|one| new.contains(one)).collect();
    if !new.iter().take(kept.len()).eq(kept.iter().copied()) {
        return None;
    }
    let name = qualified(old_name);
    let gone = old.iter().filter(|one| !new.contains(one));
    let gone = gone.map(|one| format!("ALTER TYPE {name} DROP ATTRIBUTE {one}"));
    let added = new.iter().skip(kept.len());
    let added = added.map(|one| format!("ALTER TYPE {name} ADD ATTRIBUTE {one} text"));
    Some(gone.chain(added).collect())
}

impl Script<'_> {
    /// A composite type as it is and as it is to be, if it is made anew.
    pub(super) fn as_it_was_and_is(&self, key: &Reference) -> Option<(&Definition, &Definition)> {
        let is_anew = key.kind == Kind::CompositeType && self.disturbed.types.contains(key);
        let difference = self.sides.difference;
        let old = difference.from.definitions.get(key).filter(|_| is_anew)?;
        Some((old, difference.to.definitions.get(key)?))
    }

    /// What makes a value of a new composite type of one of the old: attribute by attribute.
    pub(super) fn composite_cast(
        &self,
        column: &str,
        (old, new): (&Definition, &Definition),
        target: &str,
    ) -> Option<String> {
        let (old, new) = (attributes(old)?, attributes(new)?);
        let both = new.iter().map(|one| {
            let name = first_name(one);
            let was = old.iter().find(|old| first_name(old) == name);
            (name, was.map(|was| (type_of(was), type_of(one))))
        });
        let both: Vec<_> = both.collect();
        let is_cut = both.iter().filter_map(|(_, types)| *types).any(|types| {
            let (from, to) = self.grounds(types);
            casts::uncut(&from, &to).is_some()
        });
        let parts = both.iter().map(|(name, types)| {
            let attribute = format!("({column}).{name}");
            types.map_or_else(
                || "NULL".to_owned(),
                |types| self.attribute_cast(&attribute, types, is_cut),
            )
        });
        // As the server reads a literal: a cast of the row would cut its values, as one of each would.
        let by = if is_cut { "::text" } else { "" };
        Some(format!(
            "CASE WHEN {column} IS DISTINCT FROM NULL THEN ROW({}){by}::{target} END",
            parts.collect::<Vec<_>>().join(", ")
        ))
    }

    /// The types behind domains, as they are and as they are to be.
    pub(super) fn grounds(&self, (old, new): (&str, &str)) -> (String, String) {
        let difference = self.sides.difference;
        (casts::resolved(&difference.from, old), casts::resolved(&difference.to, new))
    }

    /// What makes the new value of an attribute: by way of text, unless the server casts it. One of a row that is
    /// read as text may stay of a type before.
    fn attribute_cast(&self, attribute: &str, types: (&str, &str), is_read: bool) -> String {
        let (from, to) = self.grounds(types);
        let uncut = casts::uncut(&from, &to);
        let target = uncut.as_deref().unwrap_or(types.1);
        if let Some(value) = casts::utc(attribute, &from, &to) {
            format!("({value})::{target}")
        } else if self.conversion(attribute).is_cast(&from, &to) {
            format!("{attribute}::{target}")
        } else if is_read && from == to {
            attribute.to_owned()
        } else if is_read {
            format!("{attribute}::text")
        } else {
            format!("{attribute}::text::{target}")
        }
    }

    /// Names a type away until its columns are cast to the new one.
    pub(super) fn name_type_away(&mut self, key: &Reference) {
        let word = if key.kind == Kind::Domain { "DOMAIN" } else { "TYPE" };
        let old = old_name(&key.name);
        let sql = format!("ALTER {word} {} RENAME TO {}", qualified(&key.name), quoted(&old.local));
        let both = self.as_it_was_and_is(key);
        let reshaped = both.and_then(|(was, is)| reshaping(&old, was, is)).unwrap_or_default();
        match both.and_then(|(was, is)| lost(key, was, is)) {
            Some(loses) => {
                self.say_loss(("rename type", key.kind), key.name.clone(), sql, loses);
            }
            None => self.say("rename type", key.kind, key.name.clone(), sql),
        }
        for sql in reshaped {
            self.say("alter type", key.kind, key.name.clone(), sql);
        }
    }

    /// The expression for values of a type that no text carries over: it fails for each that is there, and never
    /// takes one attribute for another.
    pub(super) fn unreadable(&self, column: &str, old: &str, new: &str) -> Option<String> {
        self.reordered(old).map(|key| {
            let array = if new.ends_with("[]") { "::text[]" } else { "" };
            let words = literal(&format!("{} has its attributes in other places: ", key.name));
            format!(
                "CASE WHEN {column} IS NOT NULL THEN ({words} || {column}::text){array}::{new} END"
            )
        })
    }

    /// The composite type with its attributes in other places whose values a type has inside.
    pub(super) fn reordered(&self, data_type: &str) -> Option<&Reference> {
        let definitions = &self.sides.difference.from.definitions;
        let is_type = |key: &Reference| matches!(key.kind, Kind::CompositeType | Kind::Domain);
        let element = data_type.trim_end_matches("[]");
        let start =
            definitions.keys().find(|key| is_type(key) && qualified(&key.name) == element)?;
        // Of a composite type itself the attributes are taken by their names.
        let is_by_name = element == data_type && start.kind == Kind::CompositeType;
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![start]);
        while let Some(key) = waiting.pop() {
            let is_moved = self
                .as_it_was_and_is(key)
                .is_some_and(|(old, new)| reshaping(&key.name, old, new).is_none());
            if is_moved && !(key == start && is_by_name) {
                return Some(key);
            }
            let needs = definitions.get(key).into_iter().flat_map(|one| &one.needs);
            waiting.extend(needs.filter(|one| is_type(one) && seen.insert(*one)));
        }
        None
    }
}

/// What is lost with the attributes that go.
fn lost(key: &Reference, old: &Definition, new: &Definition) -> Option<String> {
    let (old, new) = (attributes(old)?, attributes(new)?);
    let stays = |name: &str| new.iter().any(|one| first_name(one) == name);
    let gone: Vec<&str> = old.iter().map(|one| first_name(one)).filter(|one| !stays(one)).collect();
    let words = || format!("the values of {} in all columns of type {}", gone.join(", "), key.name);
    (!gone.is_empty()).then(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Written;

    fn composite(attributes: &str) -> Definition {
        Definition {
            create: vec![format!("CREATE TYPE p AS (\n    {attributes}\n)")],
            drop: String::new(),
            owner: None,
            needs: BTreeSet::new(),
            written: Written::default(),
        }
    }

    #[test]
    fn attributes_go_and_come_at_the_end() {
        let old = composite("a integer,\n    b text");
        let new = composite("b character varying,\n    \"C d\" mood");
        let wanted =
            ["ALTER TYPE p_old DROP ATTRIBUTE a", "ALTER TYPE p_old ADD ATTRIBUTE \"C d\" text"];
        assert_eq!(reshaping(&Name::local("p_old"), &old, &new).unwrap_or_default(), wanted);
    }

    #[test]
    fn attributes_that_change_places_are_not_reshaped() {
        let old = composite("a integer,\n    b integer");
        for new in ["b integer,\n    a integer", "c integer,\n    b integer"] {
            assert_eq!(reshaping(&Name::local("p"), &old, &composite(new)), None, "{new}");
        }
    }
}

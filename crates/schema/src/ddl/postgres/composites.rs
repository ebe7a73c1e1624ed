//! Composite types that are made anew: what becomes of the values that are read as texts, in which attributes
//! have places and no names.

use std::collections::BTreeSet;

use super::casts;
use super::narrowed::demands_of;
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

/// The name of an attribute, and its type before and after; none of one that is added.
type Attribute<'a> = (&'a str, Option<(&'a str, &'a str)>);

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
        let parts = both.iter().enumerate().map(|(at, (name, types))| {
            let Some(types) = *types else { return "NULL".to_owned() };
            if self.uncut(types).is_some() {
                format!("({}).{name}", self.read_for(column, &both, at, target))
            } else {
                self.attribute_cast(&format!("({column}).{name}"), types)
            }
        });
        Some(format!(
            "CASE WHEN {column} IS DISTINCT FROM NULL THEN ROW({})::{target} END",
            parts.collect::<Vec<_>>().join(", ")
        ))
    }

    /// A value of a composite type, as the server reads a literal, for one attribute: a cast would cut that. Of the
    /// others only those are in it that may not be NULL: a text holds not all digits of a number where
    /// `extra_float_digits` is 0.
    fn read_for(
        &self,
        column: &str,
        attributes: &[Attribute<'_>],
        wanted: usize,
        target: &str,
    ) -> String {
        let to = &self.sides.difference.to;
        let parts = attributes.iter().enumerate().map(|(at, (name, types))| match *types {
            Some(types) if at == wanted || !demands_of(to, types.1).is_empty() => {
                let attribute = format!("({column}).{name}");
                match self.uncut(types) {
                    Some(_) => self
                        .kept_attribute(&attribute, types)
                        .unwrap_or_else(|| format!("{attribute}::text")),
                    None => self.attribute_cast(&attribute, types),
                }
            }
            _ => "NULL".to_owned(),
        });
        format!("ROW({})::text::{target}", parts.collect::<Vec<_>>().join(", "))
    }

    /// The type of an attribute without its length, where a cast would cut its values.
    fn uncut(&self, types: (&str, &str)) -> Option<String> {
        let (from, to) = self.grounds(types);
        casts::uncut(&from, &to)
    }

    /// The types behind domains, as they are and as they are to be.
    pub(super) fn grounds(&self, (old, new): (&str, &str)) -> (String, String) {
        let difference = self.sides.difference;
        (casts::resolved(&difference.from, old), casts::resolved(&difference.to, new))
    }

    /// What makes the new value of an attribute, which no cast cuts: by way of text, unless the server casts it or it
    /// stays as it is.
    fn attribute_cast(&self, attribute: &str, types: (&str, &str)) -> String {
        let (from, to) = self.grounds(types);
        let target = types.1;
        if let Some(value) = casts::utc(attribute, &from, &to) {
            format!("({value})::{target}")
        } else if let Some(value) = self.kept_attribute(attribute, types) {
            value
        } else if self.conversion(attribute).is_cast(&from, &to) {
            format!("{attribute}::{target}")
        } else if from == to
            && types.0 == types.1
            && ![target, &to].iter().any(|one| self.is_made_anew(one))
        {
            attribute.to_owned()
        } else {
            format!("{attribute}::text::{target}")
        }
    }

    fn kept_attribute(&self, attribute: &str, types: (&str, &str)) -> Option<String> {
        let (from, to) = self.grounds(types);
        self.conversion(attribute).kept(&from, &to, types.1)
    }

    /// Whether a type, or that of an array's elements, is made anew under its name.
    fn is_made_anew(&self, declared: &str) -> bool {
        let element = declared.trim_end_matches("[]");
        let mut anew = self.disturbed.types.iter().chain(&self.disturbed.definitions);
        anew.any(|key| qualified(&key.name) == element)
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

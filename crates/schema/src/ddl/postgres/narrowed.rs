//! What values do not take along, and what they have to meet, be it inside of domains and composite types.

use super::casts;
use super::demands::demanding;
use super::faithful::bare;
use super::script::Script;
use super::types::{attributes, clauses, first_name, type_of};
use crate::catalog::postgres::names::qualified;
use crate::model::{Kind, Name, Schema};

impl Script<'_> {
    /// Which values may not fit into their new type: where they are, and that type.
    pub(super) fn narrowed(&self, types: (&str, &str), place: &str) -> Vec<(String, String)> {
        let inside = self.inside(types, place);
        if !inside.is_empty() {
            let inside = inside.iter();
            return inside.flat_map(|(place, old, new)| self.narrowed((old, new), place)).collect();
        }
        let (from, to) = self.grounds(types);
        let is_narrowed = from != to && !self.conversion("").is_widening(&from, &to);
        is_narrowed.then(|| (place.to_owned(), types.1.to_owned())).into_iter().collect()
    }

    /// Which values are converted by a time zone, which somebody has to look at.
    pub(super) fn zoned(&self, types: (&str, &str), place: &str) -> Vec<String> {
        let inside = self.inside(types, place).into_iter();
        let mut zoned: Vec<String> =
            inside.flat_map(|(place, old, new)| self.zoned((&old, &new), &place)).collect();
        let (from, to) = self.grounds(types);
        if casts::utc("", &from, &to).is_some() {
            zoned.push(format!("the times of {place} are taken as those of UTC"));
        } else if casts::is_of_session(&from, &to) {
            zoned.push(format!(
                "the times of {place} are taken as those of the session's time zone, UTC for migrate"
            ));
        }
        zoned
    }

    /// What the domains that values get into demand, and those that they come from did not.
    pub(super) fn demands_of_domains(&self, types: (&str, &str), place: &str) -> Vec<String> {
        let difference = self.sides.difference;
        let met = demands_of(&difference.from, types.0);
        let demanded = demands_of(&difference.to, types.1).into_iter();
        let mut demands: Vec<String> = demanded
            .filter(|demand| !met.contains(demand))
            .map(|demand| failure(place, &demand))
            .collect();
        for (place, old, new) in self.inside(types, place) {
            demands.extend(self.demands_of_domains((&old, &new), &place));
        }
        demands
    }

    /// The attributes of a composite type that is made anew, be it in an array: place, old type and new one.
    fn inside(&self, types: (&str, &str), place: &str) -> Vec<(String, String, String)> {
        let (from, to) = self.grounds(types);
        let element = from.trim_end_matches("[]");
        let composite = self.disturbed.types.iter().find(|key| {
            key.kind == Kind::CompositeType && from == to && qualified(&key.name) == element
        });
        let both = composite.and_then(|key| self.as_it_was_and_is(key));
        let both = both.and_then(|(old, new)| attributes(old).zip(attributes(new)));
        let Some((old, new)) = both else { return Vec::new() };
        let both = new.iter().filter_map(|new| {
            let old = old.iter().find(|old| first_name(old) == first_name(new))?;
            let place = format!("{place}.{}", first_name(new));
            Some((place, type_of(old).to_owned(), type_of(new).to_owned()))
        });
        both.collect()
    }
}

/// What the domains demand that a type goes through.
pub(super) fn demands_of(schema: &Schema, declared: &str) -> Vec<String> {
    let mut demands = Vec::new();
    let mut declared = declared.trim_end_matches("[]").to_owned();
    // A domain does not stand on itself.
    while let Some(domain) = schema.definitions.iter().find_map(|(key, definition)| {
        (key.kind == Kind::Domain && qualified(&key.name) == declared).then_some(definition)
    }) {
        let Some((head, clauses)) = clauses(domain) else { break };
        demands.extend(clauses.iter().filter_map(|clause| demand(clause)));
        let Some((_, base)) = head.split_once(" AS ") else { break };
        let base = base.split_once(" COLLATE ").map_or(base, |(base, _)| base);
        base.trim_end_matches("[]").clone_into(&mut declared);
    }
    demands
}

/// What a clause of a domain demands of its values: a condition, or `NOT NULL`.
fn demand(clause: &str) -> Option<String> {
    if clause == "NOT NULL" {
        return Some(clause.to_owned());
    }
    let (_, condition) = clause.strip_prefix("CONSTRAINT ")?.split_once(" CHECK ")?;
    let condition = condition.split_whitespace().collect::<Vec<_>>().join(" ");
    (!condition.ends_with(" NOT VALID")).then(|| bare(&condition).to_owned())
}

fn failure(place: &str, demand: &str) -> String {
    match demand {
        "NOT NULL" => format!("a value of {place} is NULL"),
        condition => format!("a value of {place} does not meet {condition}"),
    }
}

/// A statement that alters a domain, with what makes it fail.
pub(super) fn altering_domain(name: &Name, sql: String) -> String {
    let head = format!("ALTER DOMAIN {} ", qualified(name));
    let Some(change) = sql.strip_prefix(&head) else { return sql };
    let clause = change.strip_prefix("ADD ").or_else(|| change.strip_prefix("SET "));
    let demand = clause.and_then(demand).map(|demand| failure(&name.to_string(), &demand));
    demand.map_or_else(|| sql.clone(), |demand| demanding(&sql, &[demand]))
}

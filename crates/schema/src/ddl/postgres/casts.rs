//! What becomes of values when a column's type changes.

mod kept;

use std::collections::BTreeMap;

use crate::catalog::postgres::names::last_part;
use crate::difference::Difference;
use crate::model::{Column, Kind, Name, Reference, Schema, ServerCast};

/// A type as far as casts go: its name, its numbers, and whether it is an array.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Form {
    name: String,
    numbers: Vec<u32>,
    is_array: bool,
}

/// `timestamp(3) without time zone` is `timestamp without time zone` and 3.
fn form(declared: &str) -> Form {
    let element = declared.strip_suffix("[]");
    let declared = element.map_or(declared, |element| element.trim_end_matches("[]"));
    let (head, rest) = declared.split_once('(').unwrap_or((declared, ""));
    let (numbers, tail) = rest.split_once(')').unwrap_or(("", ""));
    let name = format!("{head}{tail}").trim().to_owned();
    let numbers = numbers.split(',').filter_map(|number| number.trim().parse().ok());
    Form { name, numbers: numbers.collect(), is_array: element.is_some() }
}

/// The type behind a domain, however deep, and behind an array's elements.
pub(super) fn resolved(schema: &Schema, declared: &str) -> String {
    let mut declared = declared.to_owned();
    for _ in 0..8 {
        let Some(base) = base(schema, &declared) else { break };
        declared = base;
    }
    declared
}

/// The type one step behind a domain.
fn base(schema: &Schema, declared: &str) -> Option<String> {
    if let Some(element) = declared.strip_suffix("[]") {
        // An array of arrays has no name of its own.
        return base(schema, element)
            .filter(|base| !base.ends_with("[]"))
            .map(|base| format!("{base}[]"));
    }
    let name = match declared.split_once('.') {
        Some((schema, local)) => Name::in_schema(schema.trim_matches('"'), local.trim_matches('"')),
        None => Name::local(declared.trim_matches('"')),
    };
    let domain = schema.definitions.get(&Reference::to(Kind::Domain, name))?;
    let (_, base) = domain.create.first()?.split_once(" AS ")?;
    let base = base.lines().next()?;
    Some(base.split_once(" COLLATE ").map_or(base, |(base, _)| base).to_owned())
}

/// Types among which an assignment casts by itself.
const FAMILIES: [&[&str]; 6] = [
    &["smallint", "integer", "bigint", "numeric", "real", "double precision"],
    &["text", "character varying", "character", "\"char\"", "name"],
    &["date", "timestamp without time zone", "timestamp with time zone"],
    &["time without time zone", "time with time zone"],
    &["json", "jsonb"],
    &["inet", "cidr"],
];

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "character varying" | "character")
}

/// The type without its length, as a target from which an assignment goes on, where a cast that is written out would
/// cut values down to that length, and an assignment refuses them.
pub(super) fn uncut(old: &str, new: &str) -> Option<String> {
    let (from, to) = (form(old), form(new));
    let is_bits = |name: &str| matches!(name, "bit" | "bit varying");
    let are_bits = is_bits(&to.name) && (is_bits(&from.name) || is_text(&from.name));
    let name = match to.name.as_str() {
        // Without a length, `character` and `bit` have that of one.
        "character" => "bpchar",
        "character varying" => "character varying",
        "bit" | "bit varying" if are_bits => "bit varying",
        _ => return None,
    };
    let is_cut = !to.numbers.is_empty() && !is_widening(old, new);
    is_cut.then(|| format!("{name}{}", if to.is_array { "[]" } else { "" }))
}

/// A moment of a time in UTC, or the other way round. What the server does by itself depends on who runs the
/// statement: it takes the time zone of the session.
pub(super) fn utc(value: &str, old: &str, new: &str) -> Option<String> {
    const MOMENT: &str = "timestamp with time zone";
    let (from, to) = (form(old), form(new));
    let is_local = |name: &str| matches!(name, "timestamp without time zone" | "date");
    if from.is_array || to.is_array {
        return None;
    }
    match (from.name.as_str(), to.name.as_str()) {
        ("date", MOMENT) => Some(format!("{value}::timestamp AT TIME ZONE 'UTC'")),
        (from, to) if is_local(from) && to == MOMENT || from == MOMENT && is_local(to) => {
            Some(format!("{value} AT TIME ZONE 'UTC'"))
        }
        _ => None,
    }
}

/// Whether the server takes the time zone of the session for a conversion.
pub(super) fn is_of_session(old: &str, new: &str) -> bool {
    let (from, to) = (form(old).name, form(new).name);
    let (from, to) = (bound(&from), bound(&to));
    let has_none = |name: &str| {
        is_text(name)
            || matches!(name, "date" | "timestamp without time zone" | "time without time zone")
    };
    let (moment, time) = ("timestamp with time zone", "time with time zone");
    has_none(from) && (to == moment || to == time) || from == moment && has_none(to)
}

/// The type of a range's bounds, where these are times; any other type as it is.
fn bound(name: &str) -> &str {
    match name {
        "tsrange" | "tsmultirange" => "timestamp without time zone",
        "tstzrange" | "tstzmultirange" => "timestamp with time zone",
        "daterange" | "datemultirange" => "date",
        other => other,
    }
}

/// The casts that the server has.
type Casts = BTreeMap<(String, String), ServerCast>;

/// Lets both ways know the same casts: those of the schema as it is, and what the desired one has besides of the
/// server's own and of extensions. Another's own are not managed, so that no statement makes them.
pub(super) fn share(difference: &mut Difference, back: &mut Difference) {
    let foreign = back.from.attached.casts.iter().filter(|(_, cast)| !cast.is_own);
    let foreign: Vec<_> = foreign.map(|(types, cast)| (types.clone(), *cast)).collect();
    let casts = &mut difference.from.attached.casts;
    for (types, cast) in foreign {
        casts.entry(types).or_insert(cast);
    }
    back.from.attached.casts.clone_from(casts);
}

/// What becomes of a column's values: its name as it stands in SQL, and the casts that the server has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conversion<'a> {
    pub(super) column: &'a str,
    pub(super) casts: &'a Casts,
    /// Whether the values are those that the way up has made.
    pub(super) is_way_back: bool,
}

impl Conversion<'_> {
    fn cast(&self, from: &Form, to: &Form) -> Option<ServerCast> {
        self.casts.get(&(from.name.clone(), to.name.clone())).copied()
    }

    /// The expression that makes the new value of the old one, where an assignment does not.
    pub(super) fn using(&self, old: &str, new: &str, target: &str) -> Option<String> {
        let column = self.column;
        let (from, to) = (form(old), form(new));
        let cast = self.cast(&from, &to);
        let uncut = uncut(old, new);
        let target = uncut.as_deref().unwrap_or(target);
        if from.is_array != to.is_array {
            return Some(if to.is_array {
                self.array_of_one(&from, &to, target)
            } else {
                self.out_of_array(&from, &to, target)
            });
        }
        if let Some(value) = self.kept(old, new, target) {
            return Some(value);
        }
        if let Some(value) = utc(column, old, new) {
            return Some(value);
        }
        let is_family = FAMILIES.iter().any(|family| {
            family.contains(&from.name.as_str()) && family.contains(&to.name.as_str())
        });
        if from.name == to.name || is_family {
            return None;
        }
        if !to.is_array && is_text(&to.name) && cast.is_none_or(|cast| cast.assigns) {
            return None;
        }
        if cast.is_some() || is_text(&from.name) {
            return Some(format!("{column}::{target}"));
        }
        Some(self.through_another(&from, &to, target))
    }

    /// Whether the server makes the value of another base by a cast of its own, for a type that is made anew under the
    /// same name.
    pub(super) fn is_cast(&self, old: &str, new: &str) -> bool {
        let (from, to) = (form(old), form(new));
        from.is_array == to.is_array && self.cast(&from, &to).is_some()
    }

    /// A JSON object as keys and values, which the extension casts the other way alone. No such expression may have a
    /// subquery, and no function makes an array of texts of one of JSON but as a column of a row.
    fn hstore_of_json(&self, target: &str) -> String {
        let column = self.column;
        let texts = |of: &str| {
            format!(
                "(jsonb_populate_record(NULL::pg_catalog.pg_class, jsonb_build_object('reloptions', \
                 jsonb_path_query_array({column}::jsonb, 'strict $.keyvalue().{of}')))).reloptions"
            )
        };
        format!("{target}({}, {})", texts("key"), texts("value"))
    }

    /// By way of a third type that the server casts from and to; by way of text where it has none.
    fn through_another(&self, from: &Form, to: &Form, target: &str) -> String {
        let column = self.column;
        let is_range = self.cast(to, from).is_some()
            && from.name.replacen("multirange", "range", 1) == to.name;
        if is_range && !from.is_array {
            // More than one range in it is refused, as it would be no range any more.
            let only = format!("trim('{{}}' FROM {column}::text)");
            return format!("(CASE WHEN isempty({column}) THEN 'empty' ELSE {only} END)::{target}");
        }
        let is_json = matches!(from.name.as_str(), "json" | "jsonb") && !from.is_array;
        if is_json && last_part(&to.name) == "hstore" && self.cast(to, from).is_some() {
            return self.hstore_of_json(target);
        }
        let array = if from.is_array { "[]" } else { "" };
        match between(&from.name, &to.name) {
            Some("text") => format!("{column}::text::{target}"),
            Some(between) => format!("{column}::{between}{array}::{target}"),
            None => format!("{column}::{target}"),
        }
    }
}

/// The type by whose way a value goes that the server does not cast; none where each way would make another
/// value of it, so that the server has to refuse.
fn between(from: &str, to: &str) -> Option<&'static str> {
    let is_number = |name: &str| FAMILIES.first().is_some_and(|numbers| numbers.contains(&name));
    Some(match (from, to) {
        ("boolean" | "\"char\"", to) if is_number(to) => "integer",
        ("smallint" | "bigint", "boolean") | ("bit", "smallint") | ("smallint", "bit") => "integer",
        (from, "\"char\"") if is_number(from) => "integer",
        ("money", to) if is_number(to) => "numeric",
        (from, "money") if is_number(from) => "numeric",
        ("bit", to) if is_number(to) => "bigint",
        (from, "bit") if is_number(from) => "bigint",
        // As text, the digits of the one would be taken for those of the other.
        ("bit varying", to) if is_number(to) => return None,
        (from, "bit varying") if is_number(from) => return None,
        ("box" | "circle", "path") => "polygon",
        _ => "text",
    })
}

/// Whether every value of the old type is one of the new, and says the same.
fn is_widening(old: &str, new: &str) -> bool {
    let (from, to) = (form(old), form(new));
    if from.is_array != to.is_array {
        let is_same = from.name == to.name && from.numbers == to.numbers;
        return to.is_array && is_same;
    }
    let digits = |name: &str| match name {
        "smallint" => 5,
        "integer" => 10,
        _ => 19,
    };
    match (from.name.as_str(), to.name.as_str()) {
        ("numeric", "numeric") => numeric_fits(&from.numbers, &to.numbers),
        ("smallint" | "integer" | "bigint", "numeric") => {
            to.numbers.first().is_none_or(|precision| {
                precision.saturating_sub(to.numbers.get(1).copied().unwrap_or(0))
                    >= digits(&from.name)
            })
        }
        ("smallint", "integer" | "bigint" | "real" | "double precision")
        | ("integer", "bigint" | "double precision")
        | ("real", "double precision")
        | ("date", "timestamp without time zone" | "timestamp with time zone")
        | ("jsonb", "json")
        | ("macaddr", "macaddr8")
        | ("box", "polygon")
        | ("cidr", "inet")
        | (_, "text") => true,
        ("timestamp without time zone", "timestamp with time zone") => {
            let digits = |numbers: &[u32]| numbers.first().copied().unwrap_or(6);
            digits(&to.numbers) >= digits(&from.numbers)
        }
        // The server refuses another length.
        ("bit", "bit") => from.numbers == to.numbers,
        (a, b) if a != b && a.replacen("range", "multirange", 1) == b => true,
        (a, b) if a == b || is_text(a) && b == "character varying" => {
            match (from.numbers.first(), to.numbers.first()) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(from), Some(to)) => to >= from,
            }
        }
        (_, "character varying") => to.numbers.is_empty(),
        _ => false,
    }
}

/// Whether a column holds whole numbers and goes on to: a foreign key compares these across types.
pub(super) fn are_numbers(old: &Column, new: &Column) -> bool {
    let is_number = |name: &str| matches!(name, "smallint" | "integer" | "bigint");
    is_number(&old.data_type) && is_number(&new.data_type)
}

fn numeric_fits(from: &[u32], to: &[u32]) -> bool {
    let (Some(precision), scale) = (to.first(), to.get(1).copied().unwrap_or(0)) else {
        return true;
    };
    let (Some(old), old_scale) = (from.first(), from.get(1).copied().unwrap_or(0)) else {
        return false;
    };
    scale >= old_scale && precision.saturating_sub(scale) >= old.saturating_sub(old_scale)
}

#[cfg(test)]
mod tests;

//! What becomes of values when a column's type changes.

use crate::model::{Column, Kind, Name, Reference, Schema};

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

/// The type behind a domain, however deep.
pub(super) fn resolved(schema: &Schema, declared: &str) -> String {
    let mut declared = declared.to_owned();
    for _ in 0..8 {
        let name = match declared.split_once('.') {
            Some((schema, local)) => {
                Name::in_schema(schema.trim_matches('"'), local.trim_matches('"'))
            }
            None => Name::local(declared.trim_matches('"')),
        };
        let domain = schema.definitions.get(&Reference::to(Kind::Domain, name));
        let Some(base) = domain.and_then(|domain| {
            let (_, base) = domain.create.first()?.split_once(" AS ")?;
            let base = base.lines().next()?;
            Some(base.split_once(" COLLATE ").map_or(base, |(base, _)| base).to_owned())
        }) else {
            break;
        };
        declared = base;
    }
    declared
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

/// The expression that makes the new value of the old one, where an assignment does not.
pub(super) fn using(column: &str, old: &str, new: &str, target: &str) -> Option<String> {
    let (from, to) = (form(old), form(new));
    if from.is_array != to.is_array {
        return Some(if to.is_array {
            let array = format!("ARRAY[{column}::text]::{target}");
            format!("CASE WHEN {column} IS NOT NULL THEN {array} END")
        } else {
            out_of_array(column, is_text(&to.name), target)
        });
    }
    let is_family = FAMILIES
        .iter()
        .any(|family| family.contains(&from.name.as_str()) && family.contains(&to.name.as_str()));
    if from.is_array == to.is_array && (from.name == to.name || is_family) {
        return None;
    }
    if !to.is_array && is_text(&to.name) {
        return None;
    }
    let is_number = |name: &str| FAMILIES.first().is_some_and(|numbers| numbers.contains(&name));
    let is_bits = |name: &str| name.starts_with("bit");
    let is_direct = match (from.name.as_str(), to.name.as_str()) {
        ("jsonb", to) => is_number(to) || to == "boolean",
        ("money", "numeric") | ("numeric" | "integer" | "bigint", "money") => true,
        (from, to) if is_bits(from) => is_bits(to) || matches!(to, "integer" | "bigint"),
        ("integer" | "bigint", to) => is_bits(to),
        (from, _) => is_text(from),
    };
    Some(match (from.name.as_str(), to.name.as_str()) {
        _ if is_direct && !from.is_array || is_text(&from.name) => format!("{column}::{target}"),
        ("smallint" | "bigint", "boolean") => format!("{column}::integer::boolean"),
        ("boolean", "smallint" | "bigint" | "numeric" | "real" | "double precision") => {
            format!("{column}::integer::{target}")
        }
        ("integer", "boolean") | ("boolean", "integer") => format!("{column}::{target}"),
        _ => format!("{column}::text::{target}"),
    })
}

/// The one value of an array. Of several, or of another shape, a text has the literal, and any other type
/// refuses that.
fn out_of_array(column: &str, is_text: bool, target: &str) -> String {
    let value = format!(
        "CASE WHEN array_dims({column}) <> '[1:1]' THEN {column}::text ELSE {column}[1]::text END"
    );
    if is_text { value } else { format!("({value})::{target}") }
}

/// Whether every value of the old type is one of the new, and says the same.
pub(super) fn is_widening(old: &str, new: &str) -> bool {
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
        | ("timestamp without time zone", "timestamp with time zone")
        | ("jsonb", "json")
        | ("cidr", "inet")
        | (_, "text") => true,
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
mod tests {
    use super::*;

    #[test]
    fn values_are_cast_where_an_assignment_does_not() {
        for (old, new, expected) in [
            ("integer", "bigint", None),
            ("character varying(20)", "character varying(5)", None),
            ("integer", "text", None),
            ("text", "integer", Some("c::integer")),
            ("bigint", "boolean", Some("c::integer::boolean")),
            ("mood", "other", Some("c::text::other")),
            ("text[]", "integer[]", Some("c::integer[]")),
            ("uuid", "integer", Some("c::text::integer")),
            ("integer", "text[]", Some("CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::text[] END")),
            (
                "integer[]",
                "integer",
                Some(
                    "(CASE WHEN array_dims(c) <> '[1:1]' THEN c::text ELSE c[1]::text END)::integer",
                ),
            ),
        ] {
            assert_eq!(using("c", old, new, new).as_deref(), expected, "{old} to {new}");
        }
    }

    #[test]
    fn widening_is_told_from_narrowing() {
        for (old, new, expected) in [
            ("integer", "bigint", true),
            ("bigint", "integer", false),
            ("character varying(20)", "character varying(30)", true),
            ("character varying(20)", "character varying(10)", false),
            ("text", "character varying(10)", false),
            ("character varying(10)", "text", true),
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric(10,4)", false),
            ("numeric", "numeric(10,4)", false),
            ("integer", "numeric(12,2)", true),
            ("timestamp(6) without time zone", "timestamp(0) without time zone", false),
            ("text", "integer", false),
            ("integer[]", "bigint[]", true),
        ] {
            assert_eq!(is_widening(old, new), expected, "{old} to {new}");
        }
    }
}

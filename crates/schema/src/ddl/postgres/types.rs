//! Enums, domains, composite types and routines: what can change in place, and how.

use crate::catalog::postgres::names::{literal, qualified, suffixed};
use crate::model::{Definition, Enum, Name, Reference};

/// Whether `CREATE OR REPLACE` takes one routine for the other: arguments and result are the same.
pub(super) fn is_replaceable(old: &Definition, new: &Definition) -> bool {
    let head = |definition: &Definition| {
        let text = definition.create.first()?;
        text.split_once("\n LANGUAGE ").map(|(head, _)| head.to_owned())
    };
    head(old).is_some_and(|old| head(new).is_some_and(|new| old == new))
}

/// Whether a routine that is replaced may give something else for the same arguments: its body is another, its
/// language, what it makes of NULL, or what is set for it, such as `search_path`.
pub(super) fn gives_something_else(old: &Definition, new: &Definition) -> bool {
    let told = |definition: &Definition| {
        let (_, text) = definition.create.first()?.split_once("\n LANGUAGE ")?;
        let body = ["\nAS ", "\nBEGIN ATOMIC", "\nRETURN "].iter().filter_map(|one| text.find(one));
        let (head, body) = text.split_at(body.min()?);
        let set = head.find("\n SET ").and_then(|at| head.get(at..)).unwrap_or_default();
        let language = head.split_whitespace().next()?;
        Some([language, if head.contains(" STRICT") { "STRICT" } else { "" }, set, body].concat())
    };
    told(old) != told(new)
}

/// The statement that makes an enum.
pub(super) fn create_enum(name: &Name, of: &Enum) -> String {
    let values: Vec<String> = of.values.iter().map(|value| literal(value)).collect();
    format!("CREATE TYPE {} AS ENUM ({})", qualified(name), values.join(", "))
}

/// The statements that add the values which an enum lacks, in place, each with its value.
pub(super) fn added_values(name: &Name, old: &Enum, new: &Enum) -> Vec<(String, String)> {
    let mut statements = Vec::new();
    for (at, value) in new.values.iter().enumerate() {
        if old.values.contains(value) {
            continue;
        }
        // What is added before this value stands already; what stood there before does anyway.
        let before = at.checked_sub(1).and_then(|at| new.values.get(at));
        let next = new.values.iter().skip(at).find(|value| old.values.contains(value));
        let place = match (before, next) {
            (_, None) => String::new(),
            (Some(before), Some(_)) => format!(" AFTER {}", literal(before)),
            (None, Some(next)) => format!(" BEFORE {}", literal(next)),
        };
        let sql = format!("ALTER TYPE {} ADD VALUE {}{place}", qualified(name), literal(value));
        statements.push((sql, value.clone()));
    }
    statements
}

/// What has to be done so that a domain becomes another; `None` if it has to be made anew.
pub(super) fn domain_changes(
    key: &Reference,
    old: &Definition,
    new: &Definition,
) -> Option<Vec<String>> {
    let name = qualified(&key.name);
    let (old_base, old_clauses) = clauses(old)?;
    let (new_base, new_clauses) = clauses(new)?;
    if old_base != new_base {
        return None;
    }
    let mut statements = Vec::new();
    let begins = |clause: &str, word: &str, those: &[String]| {
        clause.starts_with(word) && those.iter().any(|one| one.starts_with(word))
    };
    for clause in old_clauses.iter().filter(|clause| !new_clauses.contains(clause)) {
        if begins(clause, "DEFAULT ", &new_clauses) {
            continue;
        }
        let dropped = match clause.split_once(' ')? {
            ("DEFAULT", _) => "DROP DEFAULT".to_owned(),
            ("NOT", _) => "DROP NOT NULL".to_owned(),
            (_, rest) => format!("DROP CONSTRAINT {}", first_name(rest)),
        };
        statements.push(format!("ALTER DOMAIN {name} {dropped}"));
    }
    for clause in new_clauses.iter().filter(|clause| !old_clauses.contains(clause)) {
        let word = if clause.starts_with("CONSTRAINT ") { "ADD" } else { "SET" };
        statements
            .push(format!("ALTER DOMAIN {name} {word} {}", super::faithful::faithful(clause)));
    }
    // A constraint that was made anew lost its comment.
    let anew = |comment: &&String| {
        let name = commented_constraint(comment);
        name.is_some_and(|name| {
            let clause = format!(" ADD CONSTRAINT {name} ");
            old.create.contains(comment) && statements.iter().any(|one| one.contains(&clause))
        })
    };
    let lost: Vec<String> = new.create.iter().filter(anew).cloned().collect();
    statements.extend(comment_changes(old, new));
    statements.extend(lost);
    Some(statements)
}

/// The statements that take constraints and the default off a domain.
pub(super) fn loosened_domain(key: &Reference, domain: &Definition) -> Vec<String> {
    let name = qualified(&key.name);
    let clauses = clauses(domain).map(|(_, clauses)| clauses).unwrap_or_default();
    let off = clauses.iter().filter_map(|clause| match clause.split_once(' ')? {
        ("CONSTRAINT", rest) => Some(format!("DROP CONSTRAINT {}", first_name(rest))),
        ("DEFAULT", _) => Some("DROP DEFAULT".to_owned()),
        _ => None,
    });
    off.map(|off| format!("ALTER DOMAIN {name} {off}")).collect()
}

/// Whether a statement of a definition is a comment.
pub(super) fn is_comment(statement: &str) -> bool {
    statement.starts_with("COMMENT ")
}

/// The constraint that a comment is about, as it stands in SQL.
fn commented_constraint(comment: &str) -> Option<&str> {
    comment.strip_prefix("COMMENT ON CONSTRAINT ").map(first_name)
}

fn has_clause(domain: &Definition, constraint: &str) -> bool {
    let clause = format!("CONSTRAINT {constraint} ");
    domain.create.iter().any(|one| !is_comment(one) && one.contains(&clause))
}

/// The base of a domain and its clauses, those of further statements too.
pub(super) fn clauses(domain: &Definition) -> Option<(&str, Vec<String>)> {
    const WORDS: [&str; 3] = ["DEFAULT ", "NOT NULL", "CONSTRAINT "];
    let mut lines = domain.create.first()?.split("\n    ");
    let base = lines.next()?;
    let mut clauses: Vec<String> = Vec::new();
    for line in lines {
        if WORDS.iter().any(|word| line.starts_with(word)) {
            clauses.push(line.to_owned());
        } else {
            // A line break inside of a text.
            let last = clauses.last_mut()?;
            *last = format!("{last}\n    {line}");
        }
    }
    let further = domain.create.iter().skip(1);
    let further = further.filter_map(|one| one.split_once(" ADD CONSTRAINT "));
    clauses.extend(further.map(|(_, rest)| format!("CONSTRAINT {rest}")));
    Some((base, clauses))
}

/// The name at the beginning of a clause.
pub(super) fn first_name(clause: &str) -> &str {
    let is_quoted = clause.starts_with('"');
    let end = if is_quoted {
        let rest = clause.get(1..).unwrap_or_default();
        let mut characters = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, character)) = characters.next() {
            if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                end = at;
                break;
            }
        }
        end + 2
    } else {
        clause.find(' ').unwrap_or(clause.len())
    };
    clause.get(..end).unwrap_or(clause)
}

/// The statements about comments that two definitions do not share.
pub(super) fn comment_changes(old: &Definition, new: &Definition) -> Vec<String> {
    let comments = |of: &Definition| -> Vec<String> {
        of.create.iter().filter(|one| is_comment(one)).cloned().collect()
    };
    let subject = |comment: &str| comment.split_once(" IS ").map(|(head, _)| head.to_owned());
    let wanted = new;
    let (old, new) = (comments(old), comments(new));
    let gone = old.iter().filter_map(|comment| {
        let subject = subject(comment)?;
        let is_kept = new.iter().any(|one| one.starts_with(&format!("{subject} IS ")));
        // A comment on what is gone went with it.
        let is_there = commented_constraint(&subject).is_none_or(|name| has_clause(wanted, name));
        (!is_kept && is_there).then(|| format!("{subject} IS NULL"))
    });
    gone.chain(new.iter().filter(|comment| !old.contains(comment)).cloned()).collect()
}

/// What has to be done so that a composite type becomes another; `None` if it has to be made anew.
///
/// Attributes are dropped, and added at the end; one that changes would not be while a table uses the type.
pub(super) fn composite_changes(
    key: &Reference,
    old: &Definition,
    new: &Definition,
) -> Option<Vec<String>> {
    let name = qualified(&key.name);
    let (old_attributes, new_attributes) = (attributes(old)?, attributes(new)?);
    let kept: Vec<_> =
        old_attributes.iter().filter(|one| new_attributes.contains(one)).cloned().collect();
    if !new_attributes.starts_with(&kept) {
        return None;
    }
    let names: Vec<&str> = old_attributes.iter().map(|one| first_name(one)).collect();
    let added = new_attributes.get(kept.len()..)?;
    if added.iter().any(|one| names.contains(&first_name(one))) {
        return None;
    }
    let mut statements = Vec::new();
    for gone in old_attributes.iter().filter(|one| !kept.contains(one)) {
        statements.push(format!("ALTER TYPE {name} DROP ATTRIBUTE {}", first_name(gone)));
    }
    for one in added {
        statements.push(format!("ALTER TYPE {name} ADD ATTRIBUTE {one}"));
    }
    statements.extend(comment_changes(old, new));
    Some(statements)
}

/// The attributes of a composite type, as they are declared.
pub(super) fn attributes(composite: &Definition) -> Option<Vec<String>> {
    let (_, rest) = composite.create.first()?.split_once("(\n")?;
    let rest = rest.strip_suffix("\n)")?;
    let lines = rest.split(",\n").map(|line| line.trim_start().to_owned());
    Some(lines.filter(|line| !line.is_empty()).collect())
}

/// The type of an attribute as it is declared.
pub(super) fn type_of(attribute: &str) -> &str {
    let declared = attribute.get(first_name(attribute).len()..).unwrap_or_default().trim();
    declared.split_once(" COLLATE ").map_or(declared, |(declared, _)| declared)
}

/// The name under which a type stays until nothing needs it any more.
pub(super) fn old_name(name: &Name) -> Name {
    suffixed(name, "old")
}

use std::collections::BTreeMap;

use super::faithful::{bare, faithful};
use crate::catalog::postgres::names::{collation, list, literal, qualified, quoted};
use crate::model::{Direction, Index, IndexKey, IndexPart, Name, Nulls};

/// The statement that makes an index.
pub(super) fn create(table: &Name, index: &Index, concurrently: bool) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let concurrently = if concurrently { "CONCURRENTLY " } else { "" };
    let method =
        if index.method == "btree" { String::new() } else { format!(" USING {}", index.method) };
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    let mut sql = format!(
        "CREATE {unique}INDEX {concurrently}{} ON {}{method} ({})",
        quoted(&index.name),
        qualified(table),
        parts.join(", ")
    );
    if !index.include.is_empty() {
        sql = format!("{sql} INCLUDE ({})", list(&index.include));
    }
    if index.nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    if !index.parameters.is_empty() {
        sql = format!("{sql} WITH ({})", parameters(&index.parameters));
    }
    if let Some(predicate) = &index.predicate {
        sql = format!("{sql} WHERE {}", faithful(bare(predicate)));
    }
    sql
}

fn part(part: &IndexPart) -> String {
    let mut sql = match &part.key {
        IndexKey::Column(name) => quoted(name),
        IndexKey::Expression(text) => faithful(text),
    };
    if let Some(name) = &part.collation {
        sql = format!("{sql} COLLATE {}", collation(name));
    }
    if let Some(class) = &part.operator_class {
        sql = format!("{sql} {class}");
    }
    if part.direction == Direction::Descending {
        sql += " DESC";
    }
    match part.nulls {
        Some(Nulls::First) => sql += " NULLS FIRST",
        Some(Nulls::Last) => sql += " NULLS LAST",
        None => {}
    }
    sql
}

/// The statements that change how closely the expressions of an index are looked at.
pub(super) fn statistics_changes(table: &Name, old: Option<&Index>, new: &Index) -> Vec<String> {
    let index = qualified(&table.sibling(new.name.clone()));
    let was = |at: usize| old.and_then(|old| old.parts.get(at)?.statistics);
    let parts = new.parts.iter().enumerate();
    let changed = parts.filter(|(at, part)| part.statistics != was(*at));
    let set = changed.map(|(at, part)| {
        let target = part.statistics.unwrap_or(-1);
        format!("ALTER INDEX {index} ALTER COLUMN {} SET STATISTICS {target}", at + 1)
    });
    set.collect()
}

/// Whether an expression of an index is looked at otherwise than all are.
pub(super) fn has_statistics(index: &Index) -> bool {
    index.parts.iter().any(|part| part.statistics.is_some())
}

/// Storage parameters as they stand in parentheses.
pub(super) fn parameters(parameters: &BTreeMap<String, String>) -> String {
    let all = parameters.iter().map(|(name, value)| format!("{name} = {}", parameter_value(value)));
    all.collect::<Vec<_>>().join(", ")
}

fn parameter_value(value: &str) -> String {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if is_plain && !value.is_empty() { value.to_owned() } else { literal(value) }
}

/// What a change of storage parameters takes, behind `ALTER … name`: none, `SET` and `RESET`.
pub(super) fn parameter_changes(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Vec<String> {
    let set = new.iter().filter(|(name, value)| old.get(*name) != Some(value));
    let set: BTreeMap<_, _> = set.map(|(name, value)| (name.clone(), value.clone())).collect();
    let reset: Vec<&str> =
        old.keys().filter(|name| !new.contains_key(*name)).map(String::as_str).collect();
    let mut clauses = Vec::new();
    if !set.is_empty() {
        clauses.push(format!("SET ({})", parameters(&set)));
    }
    if !reset.is_empty() {
        clauses.push(format!("RESET ({})", reset.join(", ")));
    }
    clauses
}

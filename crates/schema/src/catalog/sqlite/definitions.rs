use std::collections::BTreeSet;

use super::expression;
use super::names::quoted;
use crate::model::{Definition, Dialect, Kind, Name, Reference, Schema, Written};
use crate::scan::{Token, scan};

/// A virtual table, view or trigger as `SQLite` keeps it.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) sql: String,
}

/// Adds virtual tables, views and triggers to a schema that has its tables.
///
/// # Errors
/// The name of what was not understood, and the offset.
pub(super) fn add(schema: &mut Schema, found: Vec<Found>) -> Result<(), (String, usize)> {
    let tables = schema.tables.keys().map(|name| (Kind::Table, name.local.clone()));
    let others = found.iter().filter(|one| one.kind != Kind::Trigger);
    let known: Vec<(Kind, String)> =
        tables.chain(others.map(|one| (one.kind, one.name.clone()))).collect();
    let declared = |name: &str| {
        let same = |(_, known): &&(Kind, String)| known.eq_ignore_ascii_case(name);
        known.iter().find(same).map(|(kind, name)| (*kind, Name::local(name)))
    };
    for one in found {
        let tokens = scan(Dialect::Sqlite, &one.sql);
        let tokens = tokens.map_err(|at| (format!("{} {}", one.kind.words(), one.name), at))?;
        let names: BTreeSet<String> = tokens
            .iter()
            .flat_map(|token| token.name().split('.').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let whole = tokens.iter().map(Token::name);
        let names = names.into_iter().chain(whole).filter(|name| *name != one.name);
        let needs = names.filter_map(|name| declared(&name));
        let owner = if one.kind == Kind::Trigger { declared(&one.owner) } else { None };
        // What a module is told is its own affair, and names a table at most.
        let is_virtual = one.kind == Kind::VirtualTable;
        let needs = needs.filter(|_| !is_virtual);
        let definition = Definition {
            create: vec![if is_virtual { module(&tokens) } else { expression::statement(&tokens) }],
            drop: dropped(one.kind, &one.name),
            owner: owner.map(|(_, name)| name),
            needs: needs.map(|(kind, name)| Reference::to(kind, name)).collect(),
            written: Written(Some(one.sql)),
        };
        schema.definitions.insert(Reference::to(one.kind, Name::local(one.name)), definition);
    }
    Ok(())
}

/// The statement that drops a virtual table, view or trigger.
pub(crate) fn dropped(kind: Kind, name: &str) -> String {
    let word = if kind == Kind::VirtualTable { "TABLE" } else { kind.words() };
    format!("DROP {} {}", word.to_ascii_uppercase(), quoted(name))
}

/// The module of a virtual table and what it is told, however that is spaced and cased: all but the name, which
/// `SQLite` puts in quotes when it changes.
fn module(tokens: &[Token<'_>]) -> String {
    let using = tokens.iter().position(|token| token.is("USING")).unwrap_or_default();
    let words = tokens.iter().skip(using).map(|token| token.text.to_lowercase());
    words.collect::<Vec<_>>().join(" ")
}

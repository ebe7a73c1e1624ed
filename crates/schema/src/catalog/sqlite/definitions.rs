use std::collections::BTreeSet;

use super::expression;
use super::names::quoted;
use crate::model::{Definition, Dialect, Kind, Name, Reference, Schema, Written};
use crate::scan::scan;

/// A view or trigger as `SQLite` keeps it.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) sql: String,
}

/// Adds views and triggers to a schema that has its tables.
///
/// # Errors
/// The name of what was not understood, and the offset.
pub(super) fn add(schema: &mut Schema, found: Vec<Found>) -> Result<(), (String, usize)> {
    let tables = schema.tables.keys().map(|name| (Kind::Table, name.local.clone()));
    let views = found.iter().filter(|one| one.kind == Kind::View);
    let known: Vec<(Kind, String)> =
        tables.chain(views.map(|view| (Kind::View, view.name.clone()))).collect();
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
        let whole = tokens.iter().map(crate::scan::Token::name);
        let names = names.into_iter().chain(whole).filter(|name| *name != one.name);
        let needs = names.filter_map(|name| declared(&name));
        let owner = if one.kind == Kind::Trigger { declared(&one.owner) } else { None };
        let definition = Definition {
            create: vec![expression::statement(&tokens)],
            drop: format!("DROP {} {}", one.kind.words().to_ascii_uppercase(), quoted(&one.name)),
            owner: owner.map(|(_, name)| name),
            needs: needs.map(|(kind, name)| Reference::to(kind, name)).collect(),
            written: Written(Some(one.sql)),
        };
        schema.definitions.insert(Reference::to(one.kind, Name::local(one.name)), definition);
    }
    Ok(())
}

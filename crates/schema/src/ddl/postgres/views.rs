//! Views that change where they stand, so that what is granted on them and stands on them stays.

use super::faithful::faithful;
use super::sides::Sides;
use super::types;
use crate::model::{Definition, Name};

/// Whether `CREATE OR REPLACE` takes the new view for the old: its columns are still there, in name, type and
/// order, and others come behind them.
pub(super) fn is_replaceable(sides: &Sides<'_>, view: &Name) -> bool {
    let columns = |schema: &crate::model::Schema| schema.attached.columns.get(view).cloned();
    let (old, new) = (columns(&sides.difference.from), columns(&sides.difference.to));
    old.zip(new).is_some_and(|(old, new)| new.starts_with(&old))
}

/// The statements that make the new view of the old.
pub(super) fn changes(old: &Definition, new: &Definition) -> Vec<String> {
    let mut statements = Vec::new();
    if let Some(text) = new.create.first().filter(|text| old.create.first() != Some(text)) {
        let text = faithful(text);
        let rest = text.strip_prefix("CREATE VIEW ").unwrap_or(&text);
        statements.push(format!("CREATE OR REPLACE VIEW {rest}"));
    }
    let defaults = |of: &Definition| -> Vec<(String, String)> {
        let all = of.create.iter().skip(1).filter(|one| !types::is_comment(one));
        let split = all.filter_map(|one| one.split_once(" SET DEFAULT "));
        split.map(|(head, value)| (head.to_owned(), value.to_owned())).collect()
    };
    let (was, is) = (defaults(old), defaults(new));
    for (head, _) in was.iter().filter(|(head, _)| is.iter().all(|(other, _)| head != other)) {
        statements.push(format!("{head} DROP DEFAULT"));
    }
    for (head, value) in is.iter().filter(|one| !was.contains(one)) {
        statements.push(format!("{head} SET DEFAULT {value}"));
    }
    statements.extend(types::comment_changes(old, new));
    statements
}

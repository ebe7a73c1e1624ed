use std::collections::BTreeSet;

use crate::model::{Dialect, Kind, Name, Reference};
use crate::scan::{self, Token, scan};

/// What a view's text names of `all`: tables and views, and functions that it calls.
///
/// The server quotes every name and qualifies every column, so that a table is a name without a dot
/// beside it that stands behind no AS. An alias that is called as a table is one need too many.
pub(super) fn of_view(text: &str, all: &BTreeSet<Reference>) -> BTreeSet<Reference> {
    let tokens = scan(Dialect::MySql, text).unwrap_or_default();
    let mut needs = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(at + 1);
        let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.text == ".");
        let is_alias = before.is_some_and(|token| token.is("AS"));
        if token.kind != scan::Kind::QuotedName || is_dot(before) || is_dot(after) || is_alias {
            continue;
        }
        let is_called = after.is_some_and(|token| token.is_sign("("));
        let kinds: &[Kind] = if is_called { &[Kind::Function] } else { &[Kind::Table, Kind::View] };
        let references = kinds.iter().map(|kind| Reference::to(*kind, Name::local(token.name())));
        needs.extend(references.filter(|reference| all.contains(reference)));
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn view_needs_what_it_selects_from_and_calls() {
        let reference = |kind, name: &str| Reference::to(kind, Name::local(name));
        let all = BTreeSet::from([
            reference(Kind::Table, "t"),
            reference(Kind::Table, "a"),
            reference(Kind::View, "v"),
            reference(Kind::Function, "f"),
        ]);
        let text =
            "CREATE VIEW `w` AS select `x`.`a` AS `a`,`f`(`x`.`b`) AS `v` from (`t` `x` join `v`)";
        let needs = of_view(text, &all);
        let named: Vec<&str> = needs.iter().map(|need| need.name.local.as_str()).collect();
        assert_eq!(named, ["f", "t", "v"]);
    }
}

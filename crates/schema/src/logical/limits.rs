use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Dialect, Table};
use crate::scan::{Kind, Token, scan};

/// What a check says about a single column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// `length(c) <= n`
    AtMost(u32),
    /// `length(c) = n`
    Exactly(u32),
    /// `c IN ('a', 'b')`
    Texts(BTreeSet<String>),
    /// `c IN (0, 1)`
    Flag,
    /// `json_valid(c)`
    Json,
}

/// The limits by column. Checks over several columns, and those of another form, say nothing here.
pub(super) fn of(dialect: Dialect, table: &Table) -> BTreeMap<String, Vec<Limit>> {
    let mut limits: BTreeMap<String, Vec<Limit>> = BTreeMap::new();
    for check in table.checks.iter().filter(|check| check.enforced) {
        let Ok(tokens) = scan(dialect, &check.expression) else { continue };
        if let Some((column, limit)) = only_column(table, &tokens).zip(limit(&tokens)) {
            limits.entry(column).or_default().push(limit);
        }
    }
    limits
}

fn only_column(table: &Table, tokens: &[Token<'_>]) -> Option<String> {
    let is_name = |token: &&Token<'_>| matches!(token.kind, Kind::Word | Kind::QuotedName);
    let column = |token: &Token<'_>| {
        let name = token.name();
        table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(&name))
    };
    let names: BTreeSet<&str> =
        tokens.iter().filter(is_name).filter_map(column).map(|column| &*column.name).collect();
    let mut names = names.into_iter();
    names.next().filter(|_| names.next().is_none()).map(str::to_owned)
}

fn limit(tokens: &[Token<'_>]) -> Option<Limit> {
    let says = |words: &[&str]| tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    if says(&["AND", "OR", "NOT"]) {
        return None;
    }
    if says(&["json_valid"]) {
        return Some(Limit::Json);
    }
    if says(&["length", "char_length", "character_length", "octet_length"]) {
        return length(tokens);
    }
    // PostgreSQL prints IN as = ANY (ARRAY[…]); all but `SQLite` print a list of one as an equality.
    let is_equality = tokens.iter().any(|token| token.is_sign("="))
        && !["<", ">", "!"].iter().any(|sign| tokens.iter().any(|token| token.is_sign(sign)));
    let is_list = says(&["IN", "ANY"]) || is_equality;
    let of_kind = |kind| tokens.iter().filter(move |token| token.kind == kind);
    let texts: BTreeSet<String> = of_kind(Kind::Text).map(Token::name).collect();
    let numbers: BTreeSet<u32> = of_kind(Kind::Word).filter_map(number).collect();
    match (texts.is_empty(), numbers) {
        (false, _) if is_list => Some(Limit::Texts(texts)),
        (true, numbers) if is_list && numbers == BTreeSet::from([0, 1]) => Some(Limit::Flag),
        _ => None,
    }
}

/// The number behind the last comparison: `<= n` or `= n`.
fn length(tokens: &[Token<'_>]) -> Option<Limit> {
    let tokens: Vec<&Token<'_>> = tokens.iter().filter(|token| !token.is_sign(")")).collect();
    let (last, before) = tokens.split_last()?;
    let bound = number(last)?;
    match before {
        [.., less, equal] if less.is_sign("<") && equal.is_sign("=") => Some(Limit::AtMost(bound)),
        [.., less] if less.is_sign("<") => bound.checked_sub(1).map(Limit::AtMost),
        [.., more, equal] if more.is_sign(">") && equal.is_sign("=") => None,
        [.., equal] if equal.is_sign("=") => Some(Limit::Exactly(bound)),
        _ => None,
    }
}

fn number(token: &Token<'_>) -> Option<u32> {
    token.text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit_of(expression: &str) -> Option<Limit> {
        limit(&scan(Dialect::Postgres, expression).unwrap())
    }

    fn texts(values: &[&str]) -> Limit {
        Limit::Texts(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn value_lists_are_read_as_each_engine_prints_them() {
        let expected = Some(texts(&["A", "B"]));
        assert_eq!(limit_of("state IN ('A', 'B')"), expected);
        assert_eq!(limit_of("`state` in ('A','B')"), expected);
        assert_eq!(limit_of("(`state` in (_utf8mb4'A',_utf8mb4'B'))"), expected);
        let postgres = "((state)::text = ANY ((ARRAY['A'::character varying, 'B'::character varying])::text[]))";
        assert_eq!(limit_of(postgres), expected);
        assert_eq!(limit_of("((role)::text = 'A'::text)"), Some(texts(&["A"])));
        assert_eq!(limit_of("role <> 'A'"), None);
        assert_eq!(limit_of("verified IN (0, 1)"), Some(Limit::Flag));
        assert_eq!(limit_of("stars IN (1, 2)"), None);
    }

    #[test]
    fn bounds_of_length_are_read() {
        assert_eq!(limit_of("length(name) <= 255"), Some(Limit::AtMost(255)));
        assert_eq!(limit_of("(length(name) < 256)"), Some(Limit::AtMost(255)));
        assert_eq!(limit_of("length(id) = 16"), Some(Limit::Exactly(16)));
        assert_eq!(limit_of("length(name) >= 3"), None);
    }

    #[test]
    fn combined_conditions_say_nothing() {
        assert_eq!(limit_of("state IN ('A') OR state = 'B'"), None);
        assert_eq!(limit_of("NOT json_valid(x)"), None);
    }
}

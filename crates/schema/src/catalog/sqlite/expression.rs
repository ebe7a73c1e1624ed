//! Texts of `SQLite` in one form, so that two of them are equal when only their layout, their quotes or
//! the case of what has none differs.
//!
//! What comes of it is for comparison and for people, and is never run.

use super::names::{in_quotes, is_bare, is_keyword};
use crate::scan::{Kind, Token};

/// The table that an expression stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) table: &'a str,
    pub(super) columns: &'a [String],
}

impl<'a> Context<'a> {
    /// The column as it was declared.
    pub(super) fn column(&self, name: &str) -> Option<&'a str> {
        let same = |column: &&String| column.eq_ignore_ascii_case(name);
        self.columns.iter().find(same).map(String::as_str)
    }

    pub(super) fn declared(&self, name: String) -> String {
        self.column(&name).map_or(name, str::to_owned)
    }

    /// An expression of this table, without the parentheses around all of it.
    pub(super) fn expression(&self, tokens: &[Token<'_>]) -> String {
        printed(&atoms(without_parentheses(tokens)), Some(*self))
    }
}

/// A statement of its own: the case of names counts, as the columns of a view are named by them.
pub(super) fn statement(tokens: &[Token<'_>]) -> String {
    printed(&atoms(tokens), None)
}

/// What is inside of parentheses that stand around all of it.
pub(super) fn without_parentheses<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while let [first, inner @ .., last] = tokens
        && first.is_sign("(")
        && last.is_sign(")")
        && closes_at_end(inner)
    {
        tokens = inner;
    }
    tokens
}

fn closes_at_end(inner: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    inner.iter().all(|token| {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            let is_open = depth > 0;
            depth = depth.saturating_sub(1);
            return is_open;
        }
        true
    })
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Atom<'a> {
    Word(&'a str),
    Quoted(String, &'a str),
    Text(&'a str),
    Sign(String),
}

impl Atom<'_> {
    fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Atom::Sign(text) if text == sign)
    }

    fn name(&self) -> Option<&str> {
        match self {
            Atom::Word(word) => Some(word),
            Atom::Quoted(name, _) => Some(name),
            Atom::Text(_) | Atom::Sign(_) => None,
        }
    }
}

const OPERATORS: [&str; 9] = ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!="];

fn atoms<'a>(tokens: &[Token<'a>]) -> Vec<Atom<'a>> {
    let mut atoms = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some((first, following)) = rest.split_first() {
        rest = following;
        match first.kind {
            Kind::Word => add_word(&mut atoms, first.text),
            Kind::QuotedName => atoms.push(Atom::Quoted(first.name(), first.text)),
            Kind::Text => atoms.push(Atom::Text(first.text)),
            Kind::Sign => {
                let (sign, taken) = operator(first, following);
                atoms.push(Atom::Sign(sign));
                rest = following.get(taken..).unwrap_or_default();
            }
        }
    }
    atoms
}

/// Bare words hold their dots: `t.a`; numbers do as well.
fn add_word<'a>(atoms: &mut Vec<Atom<'a>>, word: &'a str) {
    let first = word.trim_start_matches('.').as_bytes().first();
    if first.is_some_and(u8::is_ascii_digit) {
        atoms.push(Atom::Word(word));
        return;
    }
    for (at, part) in word.split('.').enumerate() {
        if at > 0 {
            atoms.push(Atom::Sign(".".to_owned()));
        }
        if !part.is_empty() {
            atoms.push(Atom::Word(part));
        }
    }
}

/// The operator that begins here, and how many further tokens it takes. `==` means `=`, and `!=` `<>`.
fn operator(first: &Token<'_>, following: &[Token<'_>]) -> (String, usize) {
    let mut text = first.text.to_owned();
    let mut end = first.end();
    for token in following.iter().take(2) {
        if token.kind != Kind::Sign || token.start != end {
            break;
        }
        text.push_str(token.text);
        end = token.end();
    }
    if text.starts_with("==") {
        return ("=".to_owned(), 1);
    }
    match OPERATORS.iter().find(|operator| text.starts_with(**operator)) {
        Some(&"!=") => ("<>".to_owned(), 1),
        Some(operator) => ((*operator).to_owned(), operator.len() - 1),
        None => (first.text.to_owned(), 0),
    }
}

fn printed(atoms: &[Atom<'_>], context: Option<Context<'_>>) -> String {
    let mut text = String::new();
    let mut before: Option<&Atom<'_>> = None;
    let mut is_unary = false;
    let mut at = 0;
    while let Some(atom) = atoms.get(at) {
        let next = atoms.get(at + 1);
        at += 1;
        // `t.a` within t is `a`.
        let is_qualifier = next.is_some_and(|next| next.is_sign("."))
            && context
                .zip(atom.name())
                .is_some_and(|(context, name)| name.eq_ignore_ascii_case(context.table));
        if is_qualifier {
            at += 1;
            continue;
        }
        if before.is_some_and(|before| !is_unary && is_spaced(before, atom)) {
            text.push(' ');
        }
        text.push_str(&shown(atom, next, context));
        let is_sign_of_number = ["-", "+", "~"].iter().any(|sign| atom.is_sign(sign));
        is_unary = is_sign_of_number && before.is_none_or(takes_value);
        before = Some(atom);
    }
    text
}

/// Whether a value has to follow, so that a sign behind it is that of the value.
fn takes_value(before: &Atom<'_>) -> bool {
    const VALUES: [&str; 5] = ["NULL", "END", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"];
    match before {
        Atom::Word(word) => {
            is_keyword(word) && !VALUES.iter().any(|value| word.eq_ignore_ascii_case(value))
        }
        Atom::Sign(sign) => sign != ")" && sign != ".",
        Atom::Quoted(..) | Atom::Text(_) => false,
    }
}

fn is_spaced(before: &Atom<'_>, atom: &Atom<'_>) -> bool {
    let is_call = atom.is_sign("(") && before.name().is_some_and(|name| !is_keyword(name));
    let sticks = ["(", "."].iter().any(|sign| before.is_sign(sign));
    !is_call && !sticks && ![")", ",", ".", ";"].iter().any(|sign| atom.is_sign(sign))
}

fn shown(atom: &Atom<'_>, next: Option<&Atom<'_>>, context: Option<Context<'_>>) -> String {
    let column = |name: &str| Some(as_column(context?.column(name)?));
    match atom {
        Atom::Text(text) => (*text).to_owned(),
        Atom::Sign(sign) => sign.clone(),
        Atom::Word(word) => {
            let is_call = next.is_some_and(|next| next.is_sign("("));
            let column = if is_call { None } else { column(word) };
            column.unwrap_or_else(|| bare(word, context.is_some()))
        }
        Atom::Quoted(name, written) => column(name).unwrap_or_else(|| {
            // In a table, what names no column is a text.
            let is_name = context.is_none() && is_bare(name);
            if is_name { name.clone() } else { (*written).to_owned() }
        }),
    }
}

/// As renames write it: see `difference::renames`.
fn as_column(name: &str) -> String {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let is_plain =
        begins && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if is_plain { name.to_owned() } else { in_quotes(name) }
}

fn bare(word: &str, ignores_case: bool) -> String {
    if is_keyword(word) {
        word.to_ascii_uppercase()
    } else if ignores_case {
        word.to_ascii_lowercase()
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dialect;
    use crate::scan::scan;

    fn expression(sql: &str) -> String {
        let columns = ["a".to_owned(), "Full Name".to_owned(), "order".to_owned()];
        let context = Context { table: "t", columns: &columns };
        context.expression(&scan(Dialect::Sqlite, sql).unwrap())
    }

    #[test]
    fn layout_quotes_and_case_make_no_difference() {
        for (one, other) in [
            ("a>0", "( A  > 0 )"),
            ("\"a\" <> 'x'", "[a]!='x'"),
            ("t.a=1 and a<2", "a == 1 AND `t`.`a` < 2"),
            ("LENGTH ( a ) in(1,2)", "length(a) IN (1, 2)"),
            ("a >-1", "a > - 1"),
            ("CAST(a AS text)", "cast(a as TEXT)"),
            ("\"full name\" || 'x'", "[Full Name]||'x'"),
            ("\"order\" IS NOT NULL", "[ORDER] is not null"),
        ] {
            assert_eq!(expression(one), expression(other));
        }
    }

    #[test]
    fn what_means_something_else_stays_different() {
        for (one, other) in [
            ("a = 'X'", "a = 'x'"),
            ("a = \"X\"", "a = \"x\""),
            ("a < 1", "a <= 1"),
            ("(a) + (1)", "(a + 1)"),
            ("a - 1", "-a + 1"),
            ("u.a = 1", "a = 1"),
        ] {
            assert_ne!(expression(one), expression(other));
        }
    }

    #[test]
    fn people_can_read_it() {
        assert_eq!(expression("A>=0   and(a<>-1)"), "a >= 0 AND (a <> -1)");
        assert_eq!(expression("json_extract(a,'$.x')->>'y'"), "json_extract(a, '$.x') ->> 'y'");
    }
}

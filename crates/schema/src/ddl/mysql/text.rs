use std::collections::BTreeMap;

use super::words::is_refused;
use crate::model::Dialect;
use crate::scan::{Kind, Token, scan};

/// A name as SQL takes it, bare where both servers do.
pub(super) fn name(name: &str) -> String {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_plain = begins && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain && !is_refused(name) { name.to_owned() } else { quoted(name) }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Names in a row, in parentheses.
pub(super) fn names<'a>(all: impl IntoIterator<Item = &'a String>) -> String {
    let all: Vec<String> = all.into_iter().map(|one| name(one)).collect();
    format!("({})", all.join(", "))
}

/// A text as SQL takes it, on one line.
///
/// A backslash is doubled: the session is not in `NO_BACKSLASH_ESCAPES`. `ANSI_QUOTES` makes no difference.
pub(super) fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        match character {
            '\'' => escaped.push_str("''"),
            '\\' => escaped.push_str(r"\\"),
            '\n' => escaped.push_str(r"\n"),
            '\r' => escaped.push_str(r"\r"),
            '\0' => escaped.push_str(r"\0"),
            '\u{1a}' => escaped.push_str(r"\Z"),
            other => escaped.push(other),
        }
    }
    format!("'{escaped}'")
}

/// An expression in parentheses; those that it has around it already are enough.
pub(super) fn in_parentheses(expression: &str) -> String {
    if is_enclosed(expression) { expression.to_owned() } else { format!("({expression})") }
}

/// Whether the first parenthesis closes at the very end.
fn is_enclosed(expression: &str) -> bool {
    let Ok(tokens) = scan(Dialect::MySql, expression) else { return false };
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_sign("(") {
            depth += 1;
        } else if token.is_sign(")") {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return at > 0 && at + 1 == tokens.len();
        }
    }
    false
}

/// Whether an expression names a column; as names of columns go, in any case of letters.
pub(super) fn mentions(expression: &str, column: &str) -> bool {
    let is_column = |token: &Token<'_>| match token.kind {
        Kind::Word | Kind::QuotedName => token.name().to_lowercase() == column.to_lowercase(),
        Kind::Text | Kind::Sign => false,
    };
    // A text that is not understood may name anything.
    scan(Dialect::MySql, expression).map_or(true, |tokens| tokens.iter().any(is_column))
}

/// An expression with other names of columns, which the servers quote.
pub(super) fn with_names(expression: &str, names: &BTreeMap<&str, &str>) -> String {
    let tokens = scan(Dialect::MySql, expression).unwrap_or_default();
    let (mut renamed, mut end) = (String::new(), 0);
    for token in tokens.iter().filter(|token| token.kind == Kind::QuotedName) {
        let Some(new) = names.get(token.name().as_str()) else { continue };
        renamed.push_str(expression.get(end..token.start).unwrap_or_default());
        renamed.push_str(&quoted(new));
        end = token.end();
    }
    renamed + expression.get(end..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bare_where_both_servers_take_them() {
        assert_eq!(name("users_2"), "users_2");
        assert_eq!(name("Order"), "`Order`");
        assert_eq!(name("2fa"), "`2fa`");
        assert_eq!(name("a`b c"), "`a``b c`");
        assert_eq!(name("größe"), "`größe`");
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(literal("it's \\ a\nb"), r"'it''s \\ a\nb'");
    }

    #[test]
    fn parentheses_stand_once() {
        assert_eq!(in_parentheses("(a > 0)"), "(a > 0)");
        assert_eq!(in_parentheses("(a) > (b)"), "((a) > (b))");
        assert_eq!(in_parentheses(r"(b = ')\'(')"), r"(b = ')\'(')");
        assert_eq!(in_parentheses("a"), "(a)");
    }

    #[test]
    fn quoted_names_are_replaced() {
        let names = BTreeMap::from([("a", "x`y")]);
        assert_eq!(with_names("(`a` + `b`) <> '`a`'", &names), "(`x``y` + `b`) <> '`a`'");
        assert_eq!(with_names("1", &names), "1");
    }

    #[test]
    fn columns_are_found_outside_of_texts() {
        assert!(mentions("(`A` > 0)", "a") && mentions("a+1", "a"));
        assert!(!mentions(r"b = 'a\' a'", "a") && !mentions("ab", "a"));
    }
}

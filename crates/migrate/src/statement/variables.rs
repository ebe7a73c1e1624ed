use crate::Engine;
use crate::split::{Token, TokenKind, executed, significant};

/// A mention of a user variable, `@name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// With its `@`, in lower case, without quotes.
    pub(crate) name: String,
    pub(crate) is_read: bool,
    pub(crate) is_set: bool,
}

/// The user variables that a statement of `MySQL` or `MariaDB` mentions.
pub(crate) fn variables(engine: Engine, sql: &str) -> Vec<Variable> {
    match engine {
        Engine::Sqlite | Engine::Postgres => Vec::new(),
        Engine::MySql | Engine::MariaDb => Mentions::new(engine, sql).collect(),
    }
}

/// What stands between a string's quotes.
pub(super) fn inner(text: &str) -> &str {
    text.trim_matches(['\'', '"'])
}

struct Mentions<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    /// Whether what stands between commas behind `INTO` is being passed.
    is_into: bool,
}

impl<'a> Mentions<'a> {
    fn new(engine: Engine, sql: &'a str) -> Self {
        let mut tokens = significant(engine, sql);
        if let Some(comment) = tokens.first().filter(|t| t.kind == TokenKind::Executable) {
            tokens = significant(engine, executed(comment.text));
        }
        Self { tokens, at: 0, is_into: false }
    }

    fn token(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at)
    }

    fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.token(at).is_some_and(|token| token.is_sign(sign))
    }

    /// The name behind a single `@` that stands alone: neither `@@setting` nor `user@host`.
    fn name(&self, at: usize) -> Option<String> {
        let sign = self.token(at).filter(|token| token.is_sign("@"))?;
        let before = at.checked_sub(1).and_then(|at| self.token(at));
        let joins = |token: &Token<'_>| token.kind != TokenKind::Sign || token.text == "@";
        if before.is_some_and(|token| token.end == sign.start && joins(token)) {
            return None;
        }
        let name = self.token(at + 1).filter(|name| name.start == sign.end)?;
        let is_name = matches!(name.kind, TokenKind::Word | TokenKind::Name | TokenKind::Text);
        let bare = name.text.trim_matches(['`', '\'', '"']);
        is_name.then(|| format!("@{}", bare.to_lowercase()))
    }

    fn variable(&self, at: usize) -> Option<Variable> {
        let name = self.name(at)?;
        let first = self.token(0)?;
        let is_colon = self.is_sign(at + 2, ":") && self.is_sign(at + 3, "=");
        let is_front = at == 1 || self.is_sign(at - 1, ",");
        let is_target = first.is_word("SET") && is_front && self.is_sign(at + 2, "=");
        let is_argument = first.is_word("CALL");
        let is_set = is_colon || is_target || self.is_into || is_argument;
        Some(Variable { name, is_read: !is_set || is_argument, is_set })
    }
}

impl Iterator for Mentions<'_> {
    type Item = Variable;

    fn next(&mut self) -> Option<Variable> {
        while let Some(token) = self.token(self.at).copied() {
            let at = self.at;
            self.at += 1;
            if token.is_word("INTO") {
                self.is_into = true;
            } else if let Some(variable) = self.variable(at) {
                self.at += 1;
                return Some(variable);
            } else if !token.is_sign(",") {
                self.is_into = false;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &str) -> (Vec<String>, Vec<String>) {
        let all = variables(Engine::MySql, sql);
        let names = |wanted: fn(&Variable) -> bool| {
            all.iter().filter(|v| wanted(v)).map(|v| v.name.clone()).collect()
        };
        (names(|v| v.is_set), names(|v| v.is_read))
    }

    fn lists(set: &[&str], read: &[&str]) -> (Vec<String>, Vec<String>) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        (owned(set), owned(read))
    }

    #[test]
    fn what_is_set_is_told_from_what_is_read() {
        assert_eq!(found("SET @A = 1, @b = @c + 1"), lists(&["@a", "@b"], &["@c"]));
        assert_eq!(found("SELECT @m := @m + 1, @`n` FROM t"), lists(&["@m"], &["@m", "@n"]));
        assert_eq!(found("SELECT 1, @c INTO @a, @b"), lists(&["@a", "@b"], &["@c"]));
        assert_eq!(found("CALL p(@x)"), lists(&["@x"], &["@x"]));
        assert_eq!(found("/*!40101 SET @OLD=@@SQL_MODE */"), lists(&["@old"], &[]));
        assert_eq!(found("INSERT INTO t VALUES (@a)"), lists(&[], &["@a"]));
        assert_eq!(found("GRANT SELECT ON t TO 'a'@'b', c@d"), lists(&[], &[]));
    }
}

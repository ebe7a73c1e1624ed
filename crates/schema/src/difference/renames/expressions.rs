use std::collections::BTreeMap;

use crate::model::Dialect;
use crate::scan::{Kind, Token, scan};

/// Renames columns inside the expressions of their table, token by token.
///
/// An expression that names something else alike (a function, a type) is changed too: it then differs
/// from what the server prints, and is made anew, which is no loss.
pub(crate) struct Rewriting<'a> {
    dialect: Dialect,
    columns: BTreeMap<&'a str, &'a str>,
}

impl<'a> Rewriting<'a> {
    pub(crate) const fn new(dialect: Dialect, columns: BTreeMap<&'a str, &'a str>) -> Self {
        Self { dialect, columns }
    }

    pub(crate) fn apply(&self, text: &mut String) {
        if self.columns.is_empty() {
            return;
        }
        // A text that is not understood stays, and differs.
        let Ok(tokens) = scan(self.dialect, text) else { return };
        let mut rewritten = String::with_capacity(text.len());
        let mut end = 0;
        for token in tokens {
            rewritten.push_str(text.get(end..token.start).unwrap_or_default());
            rewritten.push_str(&self.replaced(&token));
            end = token.end();
        }
        rewritten.push_str(text.get(end..).unwrap_or_default());
        *text = rewritten;
    }

    fn replaced(&self, token: &Token<'_>) -> String {
        let renamed = match token.kind {
            Kind::Word | Kind::QuotedName => self.columns.get(token.name().as_str()),
            Kind::Text | Kind::Sign => None,
        };
        let Some(new) = renamed else { return token.text.to_owned() };
        match (token.kind, token.text.as_bytes().first()) {
            (_, Some(b'`')) => format!("`{}`", new.replace('`', "``")),
            (_, Some(b'[')) => format!("[{new}]"),
            (Kind::Word, _) if is_plain(new) => (*new).to_owned(),
            _ if is_plain(new) && matches!(self.dialect, Dialect::Postgres | Dialect::Sqlite) => {
                (*new).to_owned()
            }
            _ => format!("\"{}\"", new.replace('"', "\"\"")),
        }
    }
}

/// Whether a name stands without quotes in `PostgreSQL` and `SQLite`, keywords apart.
fn is_plain(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    begins && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

use super::words::Words;
use super::{Reach, Server, mysql, names};
use crate::Engine;
use crate::split::TokenKind;

/// Whether a statement has a text executed as another.
pub(super) fn runs_text(engine: Engine, sql: &str) -> bool {
    let plain = mysql::without_marks(sql);
    let words = Words::new(engine, &plain);
    words.starts().any(|at| {
        words.is(at, "PREPARE") || (words.is(at, "EXECUTE") && words.is(at + 1, "IMMEDIATE"))
    })
}

/// What the texts of a statement reach once they are executed, each alone and all put together; rows
/// and comments are none that are.
pub(super) fn reach(server: &Server, sql: &str) -> Option<Reach> {
    let plain = mysql::without_marks(sql);
    let words = Words::new(server.engine, &plain);
    let is_data = words.is_any(0, &["INSERT", "REPLACE", "UPDATE", "DELETE", "ALTER"]);
    if is_data || words.is_any(1, &["TABLE", "TEMPORARY", "VIEW"]) {
        return None;
    }
    let texts = words.tokens().iter().filter(|token| token.kind == TokenKind::Text);
    let texts: Vec<String> = texts.map(|token| inner(token.text)).collect();
    let alone = texts.iter().find_map(|text| {
        mysql::reach(server, text)
            .or_else(|| runs_text(server.engine, text).then(|| reach(server, text)).flatten())
    });
    alone.or_else(|| {
        let together = texts.concat();
        names::reach(server, &Words::new(server.engine, &together))
    })
}

/// What stands between the quotes.
fn inner(text: &str) -> String {
    let quote = text.chars().next().unwrap_or_default();
    let text = text.strip_prefix(quote).unwrap_or(text);
    let text = text.strip_suffix(quote).unwrap_or(text);
    let mut inner = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => inner.push(match chars.next() {
                None | Some('n' | 't' | 'r' | '0') => ' ',
                Some(other) => other,
            }),
            _ if c == quote => {
                inner.push(c);
                chars.next_if_eq(&quote);
            }
            _ => inner.push(c),
        }
    }
    inner
}

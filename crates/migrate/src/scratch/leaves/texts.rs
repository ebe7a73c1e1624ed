use super::words::Words;
use super::{Reach, Routines, Server, mysql, names};
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

/// Whether a statement calls a routine.
pub(super) fn calls(engine: Engine, sql: &str) -> bool {
    let plain = mysql::without_marks(sql);
    let words = Words::new(engine, &plain);
    words.starts().any(|at| words.is(at, "CALL"))
}

pub(super) fn routines(engine: Engine, sql: &str) -> Routines {
    if !runs_text(engine, sql) {
        return Routines::Fixed;
    }
    let plain = mysql::without_marks(sql);
    let words = Words::new(engine, &plain);
    match words.is(0, "CREATE") {
        true if joins_names(&texts_of(&words)) => Routines::JoinNames,
        true => Routines::RunTexts,
        false => Routines::Fixed,
    }
}

pub(super) fn built(engine: Engine, sql: &str) -> Option<String> {
    let plain = mysql::without_marks(sql);
    let words = Words::new(engine, &plain);
    let from = match words.upper(0).as_str() {
        "PREPARE" => (0..words.len()).find(|at| words.is(*at, "FROM"))? + 1,
        "EXECUTE" if words.is(1, "IMMEDIATE") => 2,
        _ => return None,
    };
    let end = (from..words.len()).find(|at| words.is(*at, "USING")).unwrap_or(words.len());
    let is_text = words.get(from).is_some_and(|token| token.kind == TokenKind::Text);
    if is_text && end == from + 1 {
        return None;
    }
    let (first, last) = (words.get(from)?, words.before(end)?);
    plain.get(first.start..last.end).map(str::to_owned)
}

fn texts_of(words: &Words<'_>) -> Vec<String> {
    let texts = words.tokens().iter().filter(|token| token.kind == TokenKind::Text);
    texts.map(|token| inner(token.text)).collect()
}

/// Whether one of the texts is what stands between the name of a database and that of a table.
fn joins_names(texts: &[String]) -> bool {
    texts.iter().any(|text| {
        let text = text.replace('`', "");
        let text = text.trim();
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let rest = text.strip_prefix('.');
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(is_name)) || text.ends_with('.')
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
    let texts = texts_of(&words);
    let is_database =
        |text: &&String| server.databases.contains(&text.trim_matches('`').to_lowercase());
    let is_joined = if words.is_any(0, &["CALL", "SET", "SELECT"]) {
        server.routines == Routines::JoinNames
    } else {
        runs_text(server.engine, sql) && joins_names(&texts)
    };
    if let Some(name) = texts.iter().find(is_database).filter(|_| is_joined) {
        return Some(Reach::database(format!("`{name}` is a database of the server")));
    }
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

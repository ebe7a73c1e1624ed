use super::words::Words;
use super::{Reach, Server};
use crate::split::{Token, TokenKind};

/// A name qualified by another database of the server, where it can mean a table or a routine.
pub(super) fn reach(server: &Server, words: &Words<'_>) -> Option<Reach> {
    let mut place = Place::default();
    let mut around = Vec::new();
    for at in 0..words.len() {
        // `FROM (SELECT … WHERE …) a, b` goes on with tables.
        if words.is_sign(at, "(") {
            around.push(place.clone());
        } else if words.is_sign(at, ")") {
            place = around.pop().unwrap_or(place);
        }
        let before = place.clone();
        place.see(words, at);
        let Some(name) = qualifier(words, at) else { continue };
        if !server.databases.contains(&name) || is_read_of_catalog(words, at, &name) {
            continue;
        }
        let is_routine = words.is_sign(at + 3, "(");
        if before.is_table || is_routine || !is_local(words, &name) {
            return Some(Reach::database(format!("`{name}` is a database of the server")));
        }
    }
    None
}

/// The first part of a dotted name, in small letters; the file may have been written for any `sql_mode`,
/// in which double quotes hold names or texts.
fn qualifier(words: &Words<'_>, at: usize) -> Option<String> {
    let is_after = |sign| words.before(at).is_some_and(|before| before.is_sign(sign));
    if !words.is_sign(at + 1, ".") || is_after(".") || is_after("@") {
        return None;
    }
    words.get(at).and_then(name)
}

fn name(token: &Token<'_>) -> Option<String> {
    let text = match token.kind {
        TokenKind::Word => token.text.to_owned(),
        TokenKind::Name => token.text.trim_matches('`').replace("``", "`"),
        TokenKind::Text if token.text.starts_with('"') => {
            token.text.trim_matches('"').replace("\"\"", "\"")
        }
        TokenKind::Text
        | TokenKind::Sign
        | TokenKind::Space
        | TokenKind::Comment
        | TokenKind::Executable => return None,
    };
    Some(text.to_lowercase())
}

/// Whether the statement has a table, an alias or a record of this name.
fn is_local(words: &Words<'_>, wanted: &str) -> bool {
    let is_bare = |at: usize| !words.is_sign(at + 1, ".");
    let is_record = matches!(wanted, "new" | "old");
    let is_it = |at: usize| words.get(at).and_then(name).is_some_and(|name| name == wanted);
    is_record || (0..words.len()).any(|at| is_bare(at) && is_it(at))
}

/// Catalogs may be read.
fn is_read_of_catalog(words: &Words<'_>, at: usize, name: &str) -> bool {
    if name == "information_schema" {
        return true;
    }
    let is_catalog = matches!(name, "mysql" | "performance_schema" | "sys");
    let lead = at.checked_sub(1).map(|at| words.upper(at)).unwrap_or_default();
    let writes = ["DELETE", "UPDATE"];
    let is_write = (0..words.len()).any(|at| words.is_any(at, &writes));
    is_catalog && matches!(lead.as_str(), "FROM" | "JOIN") && !is_write
}

/// Whether what is read next stands where tables, or routines, are named.
#[derive(Clone, Default)]
struct Place {
    is_table: bool,
    /// Whether the first `ON` has passed, which names a table in some statements.
    is_past_on: bool,
}

impl Place {
    fn see(&mut self, words: &Words<'_>, at: usize) {
        let word = words.upper(at);
        let is_name =
            words.is_sign(at + 1, ".") || words.before(at).is_some_and(|b| b.is_sign("."));
        if word.is_empty() || is_name {
            return;
        }
        let is_function = FUNCTIONS.contains(&word.as_str()) && words.is_sign(at + 1, "(");
        let is_duplicate = word == "UPDATE" && words.before(at).is_some_and(|b| b.is_word("KEY"));
        if is_function || is_duplicate {
            self.is_table = false;
        } else if LEADS.contains(&word.as_str()) {
            self.is_table = true;
        } else if word == "ON" {
            self.is_table = !self.is_past_on && names_by_on(words);
            self.is_past_on = true;
        } else if ENDS.contains(&word.as_str()) {
            self.is_table = false;
        }
    }
}

/// `CREATE INDEX i ON t`, `CREATE TRIGGER … ON t`, `GRANT … ON t`
fn names_by_on(words: &Words<'_>) -> bool {
    let is_grant = words.is_any(0, &["GRANT", "REVOKE"]);
    let is_made = words.is_any(0, &["CREATE", "DROP"]);
    let on = (0..words.len()).find(|at| words.is(*at, "ON")).unwrap_or_default();
    is_grant || (is_made && (0..on).any(|at| words.is_any(at, &["INDEX", "TRIGGER"])))
}

const LEADS: [&str; 28] = [
    "FROM",
    "JOIN",
    "STRAIGHT_JOIN",
    "INTO",
    "UPDATE",
    "TABLE",
    "TABLES",
    "REFERENCES",
    "VIEW",
    "TRIGGER",
    "PROCEDURE",
    "FUNCTION",
    "EVENT",
    "SEQUENCE",
    "PACKAGE",
    "TO",
    "CALL",
    "INSERT",
    "REPLACE",
    "DELETE",
    "TRUNCATE",
    "HANDLER",
    "UNION",
    "RENAME",
    "DESCRIBE",
    "NEXTVAL",
    "SETVAL",
    "LASTVAL",
];

/// Behind these words stand columns and values again.
const ENDS: [&str; 17] = [
    "SELECT",
    "WHERE",
    "SET",
    "VALUES",
    "VALUE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "ADD",
    "CHECK",
    "WINDOW",
    "RETURNING",
    "PARTITION",
    "ALWAYS",
    "DEFAULT",
    "KEY",
];

/// They are functions as well.
const FUNCTIONS: [&str; 3] = ["INSERT", "REPLACE", "TRUNCATE"];

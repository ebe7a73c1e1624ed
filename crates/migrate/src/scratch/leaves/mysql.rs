use super::words::Words;
use super::{Reach, Server, accounts, names};
use crate::split::TokenKind;
use crate::split::behind_mark;

/// What a statement of `MySQL` or `MariaDB` reaches, in its executable comments and bodies as well.
pub(super) fn reach(server: &Server, sql: &str) -> Option<Reach> {
    let plain = without_marks(sql);
    let words = Words::new(server.engine, &plain);
    let verb = words.starts().find_map(|at| of_verb(&words, at));
    verb.or_else(|| outside(&words)).or_else(|| names::reach(server, &words))
}

/// The text with what is within `/*!50001 … */` as if it stood outside: any server may execute it.
pub(super) fn without_marks(sql: &str) -> String {
    let mut plain = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find("/*!").into_iter().chain(rest.find("/*M!")).min() {
        plain.push_str(rest.get(..at).unwrap_or_default());
        plain.push(' ');
        rest = behind_mark(rest.get(at..).unwrap_or_default());
    }
    plain.push_str(rest);
    plain
}

fn of_verb(words: &Words<'_>, at: usize) -> Option<Reach> {
    match words.upper(at).as_str() {
        "USE" if is_use(words, at) => Some(Reach::database("it changes to another database")),
        "CREATE" | "DROP" | "ALTER" | "RENAME" => of_object(words, at),
        "GRANT" | "REVOKE" => accounts::reach(words, at),
        "SET" => of_setting(words, at),
        "SHUTDOWN" | "RESTART" | "CLONE" | "BINLOG" if is_alone(words, at) => {
            Some(whole(words, at))
        }
        "FLUSH" | "INSTALL" | "UNINSTALL" | "KILL" | "PURGE" | "XA" | "BACKUP"
            if is_followed(words, at) =>
        {
            Some(whole(words, at))
        }
        "CHANGE" if words.is_any(at + 1, &["MASTER", "REPLICATION"]) => Some(whole(words, at)),
        "RESET" if words.is_any(at + 1, &RESETS) => Some(whole(words, at)),
        "START" | "STOP" if words.is_any(at + 1, &REPLICAS) => Some(whole(words, at)),
        "LOCK" if words.is(at + 1, "INSTANCE") => Some(whole(words, at)),
        // Into the database that the file names.
        "IMPORT" if words.is(at + 1, "TABLE") => Some(whole(words, at)),
        _ => None,
    }
}

const RESETS: [&str; 7] = ["MASTER", "SLAVE", "REPLICA", "BINARY", "PERSIST", "QUERY", "ALL"];

const REPLICAS: [&str; 5] = ["SLAVE", "REPLICA", "GROUP_REPLICATION", "ALL", "SQL_THREAD"];

fn whole(words: &Words<'_>, at: usize) -> Reach {
    Reach::server(format!("{} works on the whole server", words.upper(at)))
}

/// `USE INDEX (a)` is a hint.
fn is_use(words: &Words<'_>, at: usize) -> bool {
    let is_hint = words.is_any(at + 1, &["INDEX", "KEY"]);
    !is_hint && words.get(at + 1).is_some() && words.end(at) == at + 2
}

/// No column or label of this name: it begins the text, or stands behind another statement.
fn is_alone(words: &Words<'_>, at: usize) -> bool {
    let is_behind =
        ["BEGIN", "THEN", "ELSE", "DO"].iter().any(|word| words.is(at.saturating_sub(1), word));
    // `CREATE PROCEDURE p() KILL 5`
    let is_body = words.is(0, "CREATE") && words.before(at).is_some_and(|b| b.is_sign(")"));
    let is_first =
        words.before(at).is_none_or(|before| before.is_sign(";")) || is_behind || is_body;
    is_first && !words.is(at + 1, "END")
}

fn is_followed(words: &Words<'_>, at: usize) -> bool {
    let is_word = words.get(at + 1).is_some_and(|t| t.kind != TokenKind::Sign || t.is_sign("@"));
    is_word && is_alone(words, at)
}

/// What all databases share, and databases themselves.
fn of_object(words: &Words<'_>, at: usize) -> Option<Reach> {
    let verb = words.upper(at);
    let mut kind = at + 1;
    while words.is_any(kind, &["OR", "REPLACE", "UNDO", "SQL"]) {
        kind += 1;
    }
    let what = words.upper(kind);
    match what.as_str() {
        // Without a name it is the database in use.
        "DATABASE" | "SCHEMA" if verb == "ALTER" && words.is_any(kind + 1, &PROPERTIES) => None,
        "DATABASE" | "SCHEMA" | "USER" | "ROLE" | "SERVER" | "TABLESPACE" | "LOGFILE"
        | "RESOURCE" | "INSTANCE" | "SPATIAL"
            if is_object(words, kind) =>
        {
            let what = format!("{verb} {what} is not about what is in a database");
            let is_database = matches!(words.upper(kind).as_str(), "DATABASE" | "SCHEMA");
            Some(if is_database { Reach::database(what) } else { Reach::server(what) })
        }
        "FUNCTION" | "AGGREGATE" if verb == "CREATE" && words.has(kind, "SONAME") => {
            Some(Reach::server("it loads a function into the server"))
        }
        _ => None,
    }
}

const PROPERTIES: [&str; 7] =
    ["CHARACTER", "CHARSET", "DEFAULT", "COLLATE", "ENCRYPTION", "READ", "COMMENT"];

/// `CREATE SPATIAL INDEX` is none, nor is `ALTER TABLE … DROP role`, which has no name behind it.
fn is_object(words: &Words<'_>, kind: usize) -> bool {
    !words.is(kind + 1, "INDEX")
        && words.get(kind + 1).is_some_and(|next| next.kind != TokenKind::Sign)
}

/// `SET GLOBAL a = 1`, `SET a = 1, @@PERSIST.b = 2`, `SET PASSWORD …`
fn of_setting(words: &Words<'_>, at: usize) -> Option<Reach> {
    let mut depth = 0_usize;
    for here in at..words.end(at) {
        depth += usize::from(words.is_sign(here, "("));
        depth = depth.saturating_sub(usize::from(words.is_sign(here, ")")));
        let is_begin = here == at || (depth == 0 && words.is_sign(here, ","));
        let is_at = words.is_sign(here + 1, "@") && words.is_sign(here + 2, "@");
        let name = here + 1 + if is_at { 2 } else { 0 };
        let is_scope = is_at || !words.is_sign(name + 1, "=");
        if is_begin && is_scope && words.is_any(name, &["GLOBAL", "PERSIST", "PERSIST_ONLY"]) {
            return Some(Reach::server("it sets what holds for the whole server"));
        }
    }
    let is_account =
        words.is(at + 1, "PASSWORD") || (words.is(at + 1, "DEFAULT") && words.is(at + 2, "ROLE"));
    is_account.then(|| Reach::server("it changes an account"))
}

/// Files of the server, and tables whose rows are kept by another one.
fn outside(words: &Words<'_>) -> Option<Reach> {
    for at in 0..words.len() {
        if words.is(at, "INTO") && words.is_any(at + 1, &["OUTFILE", "DUMPFILE"]) {
            return Some(Reach::file("it writes a file of the server"));
        }
        let engine = at + 1 + usize::from(words.is_sign(at + 1, "="));
        let named = words.get(engine).map(|token| token.text.trim_matches(['\'', '"', '`']));
        let is_remote = named.is_some_and(|named| {
            ["FEDERATED", "CONNECT", "SPIDER"].iter().any(|own| named.eq_ignore_ascii_case(own))
        });
        if words.is(at, "ENGINE") && is_remote {
            return Some(Reach::database("the table's rows are those of another server"));
        }
    }
    None
}

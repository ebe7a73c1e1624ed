mod calls;

use super::Reach;
use super::words::Words;
use crate::Engine;
use crate::split::TokenKind;

/// What a statement of `PostgreSQL` reaches: a scratch is a database of its own there, so that only
/// what all databases share is out of it. The blocks of `DO` are looked into, functions are not.
pub(super) fn reach(sql: &str) -> Option<Reach> {
    let words = Words::new(Engine::Postgres, sql);
    if words.is(0, "DO") {
        // `DO LANGUAGE 'plpgsql' $$ … $$`: the name of the language may be a text as well.
        return words
            .tokens()
            .iter()
            .enumerate()
            .filter(|(at, t)| {
                t.kind == TokenKind::Text && !words.is(at.wrapping_sub(1), "LANGUAGE")
            })
            .find_map(|(_, text)| block(&inner(text.text)));
    }
    calls::reach(&words, 0).or_else(|| of_verb(&words, 0))
}

/// A role that is made only if there is none of its name is left as it is by a replay.
fn block(text: &str) -> Option<Reach> {
    let lower = text.to_ascii_lowercase();
    let looks = ["pg_roles", "pg_authid", "pg_user", "duplicate_object"];
    let is_guarded = looks.iter().any(|word| lower.contains(word));
    let words = Words::new(Engine::Postgres, text);
    let is_made = |words: &Words<'_>, at: usize| {
        is_guarded && words.is(at, "CREATE") && words.is_any(at + 1, &ROLES)
    };
    let verb = words.starts().filter(|at| !is_made(&words, *at)).find_map(|at| of_verb(&words, at));
    verb.or_else(|| calls::reach(&words, 0)).or_else(|| {
        // `EXECUTE 'DROP ROLE r'`, `EXECUTE format('ALTER DATABASE %I …', current_database())`
        let texts = words.tokens().iter().filter(|token| token.kind == TokenKind::Text);
        texts.map(|token| inner(token.text)).find_map(|text| {
            let words = Words::new(Engine::Postgres, &text);
            let is_own = lower.contains("current_database") && is_left_open(&words);
            if is_made(&words, 0) || is_own { None } else { of_verb(&words, 0) }
        })
    })
}

/// Whether a text ends or goes on in `%I` where the name of a database is to stand.
fn is_left_open(words: &Words<'_>) -> bool {
    let database = (0..words.len()).find(|at| words.is(*at, "DATABASE"));
    database.is_some_and(|at| words.get(at + 1).is_none() || words.is_sign(at + 1, "%"))
}

/// What stands between the quotes or the tags.
fn inner(text: &str) -> String {
    if text.starts_with('$') {
        let tag = text.get(1..).and_then(|rest| rest.find('$')).map_or(0, |at| at + 2);
        let end = text.len().saturating_sub(tag);
        return text.get(tag..end).unwrap_or_default().to_owned();
    }
    let text = text.find('\'').and_then(|at| text.get(at + 1..)).unwrap_or_default();
    text.strip_suffix('\'').unwrap_or(text).replace("''", "'")
}

const ROLES: [&str; 3] = ["ROLE", "USER", "GROUP"];

fn of_verb(words: &Words<'_>, at: usize) -> Option<Reach> {
    match words.upper(at).as_str() {
        verb @ ("CREATE" | "ALTER" | "DROP") => of_object(words, at, verb),
        "REASSIGN" if words.is(at + 1, "OWNED") => {
            Some(Reach::server("REASSIGN OWNED changes owners of what all databases share"))
        }
        "GRANT" | "REVOKE" => of_rights(words, at),
        "COMMENT" if is_shared(words, at + 2) => {
            Some(Reach::server("it comments on what is not in a database"))
        }
        "SECURITY" if words.is(at + 1, "LABEL") => {
            let on = (at..words.end(at)).find(|at| words.is(*at, "ON"));
            let is_shared = on.is_some_and(|on| is_shared(words, on + 1));
            is_shared.then(|| Reach::server("it labels what is not in a database"))
        }
        "COPY" => of_copy(words, at),
        _ => None,
    }
}

fn is_shared(words: &Words<'_>, at: usize) -> bool {
    words.is_any(at, &["ROLE", "DATABASE", "TABLESPACE", "SUBSCRIPTION", "PARAMETER"])
}

fn of_object(words: &Words<'_>, at: usize, verb: &str) -> Option<Reach> {
    let what = words.upper(at + 1);
    match what.as_str() {
        // CREATE USER MAPPING belongs to a foreign server of this database.
        "USER" if words.is(at + 2, "MAPPING") => None,
        "SYSTEM" if verb == "ALTER" => {
            Some(Reach::server("it sets what holds for the whole server"))
        }
        "OWNED" if verb == "DROP" => {
            Some(Reach::server("DROP OWNED takes rights on what all databases share"))
        }
        "ROLE" | "USER" | "GROUP" | "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" => {
            Some(Reach::server(format!("{verb} {what} is not about what is in a database")))
        }
        _ => None,
    }
}

/// Without `ON` it is about the members of a role. `ALTER DEFAULT PRIVILEGES … GRANT` begins otherwise.
fn of_rights(words: &Words<'_>, at: usize) -> Option<Reach> {
    let on = (at..words.end(at)).find(|at| words.is(*at, "ON"));
    let Some(on) = on else { return Some(Reach::server("it gives or takes membership in a role")) };
    is_shared(words, on + 1).then(|| Reach::server("its rights are on what is not in a database"))
}

/// `COPY … TO 'file'`, `COPY … TO PROGRAM '…'`, `COPY … FROM PROGRAM '…'`
fn of_copy(words: &Words<'_>, at: usize) -> Option<Reach> {
    let is_text = |at: usize| words.get(at).is_some_and(|token| token.kind == TokenKind::Text);
    let reaches = |at: usize| {
        (words.is(at, "TO") && is_text(at + 1))
            || (words.is_any(at, &["TO", "FROM"]) && words.is(at + 1, "PROGRAM"))
    };
    (at..words.end(at)).any(reaches).then(|| Reach::file("it works on files of the server"))
}

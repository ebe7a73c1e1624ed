use crate::history::{distance, is_near_no_transaction};
use crate::lint::file::File;
use crate::lint::finding::Out;
use crate::lint::rule::rules;

rules! {
    MG010, "misspelled-directive", Warning, EVERY,
        "it is read as a comment",
        "write it as `-- revises:`, `-- depends-on:`, `-- branch:`, `-- phase:`, `-- floor:`, `-- squashes:` or `-- rerun:`",
        "docs/migrate.md#files";
    MG011, "directive-too-late", Warning, EVERY,
        "directives are read in the head of the file only, before the first statement",
        "move the line to the head of the file",
        "docs/migrate.md#files";
    MG012, "no-transaction-ignored", Error, EVERY,
        "sqlx looks at the very first bytes only, and runs the file in a transaction",
        "make `-- no-transaction` the first line, with nothing before it and just these letters",
        "https://docs.rs/sqlx/latest/sqlx/migrate/struct.Migration.html";
}

const KNOWN: [&str; 7] = ["revises", "depends-on", "branch", "phase", "floor", "squashes", "rerun"];

pub(super) fn check(file: &File<'_>, out: &mut Out<'_>) {
    let first = file.reads.first().map_or(usize::MAX, |read| read.place.line);
    let inside =
        |line| file.reads.iter().any(|r| (r.place.line..=r.place.end_line).contains(&line));
    let unread = &file.script.unread;
    for found in unread {
        let rule = match found.code {
            "MG010" => &MG010,
            "MG011" => &MG011,
            _ => &MG012,
        };
        let text = file.script.text.lines().nth(found.line.saturating_sub(1)).unwrap_or_default();
        out.line(rule, found.line, format!("`{}`", text.trim_start_matches('\u{feff}').trim()));
    }
    for (at, line) in file.script.text.trim_start_matches('\u{feff}').lines().enumerate() {
        let at = at + 1;
        let is_told = unread.iter().any(|unread| unread.line == at);
        let comment = line.trim().strip_prefix("--").filter(|_| !is_told && !inside(at));
        let Some(comment) = comment else { continue };
        if is_near_no_transaction(comment) && !(at == 1 && file.script.no_transaction) {
            out.line(&MG012, at, format!("`{}`", line.trim()));
        }
        let Some((key, value)) = comment.split_once(':') else { continue };
        let key = key.trim();
        let is_known = KNOWN.contains(&key);
        if is_known && at > first && looks_like_value(value) {
            out.line(&MG011, at, format!("`{}`", line.trim()));
        } else if !is_known && at < first && is_near(key) && looks_like_value(value) {
            out.line(&MG010, at, format!("`-- {key}:`"));
        }
    }
}

/// A word or number or two, and not a sentence.
fn looks_like_value(value: &str) -> bool {
    let count = value.split_whitespace().count();
    count > 0 && (count == 1 || value.split(',').all(|part| part.split_whitespace().count() == 1))
}

fn is_near(key: &str) -> bool {
    let plain = key.to_lowercase().replace(['_', ' '], "-");
    KNOWN.iter().any(|known| distance(known, &plain) <= usize::from(known.len() > 5) + 1)
}

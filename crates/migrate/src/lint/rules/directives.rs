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
    for (at, line) in file.script.text.trim_start_matches('\u{feff}').lines().enumerate() {
        let at = at + 1;
        let Some(comment) = line.trim().strip_prefix("--").filter(|_| !inside(at)) else {
            continue;
        };
        if is_no_transaction(comment) && !(at == 1 && file.script.no_transaction) {
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

fn is_no_transaction(comment: &str) -> bool {
    let plain: String = comment.trim().to_lowercase().replace(['_', ' '], "-");
    matches!(plain.as_str(), "no-transaction" | "notransaction" | "no-transactions" | "no-tx")
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

/// How many letters must be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let change = get(&row, j) + usize::from(from != *to);
            next.push(change.min(get(&row, j + 1) + 1).min(get(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

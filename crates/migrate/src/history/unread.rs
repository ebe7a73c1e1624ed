//! Comments in a file's head that were surely meant for the runner, and that it does not read.

use super::directives::{self, is_no_transaction};
use crate::lint::waived;

/// A line that is not read as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// The code of the lint rule that tells it as well, by which it can be waived.
    pub(crate) code: &'static str,
    /// The line in the file.
    pub(crate) line: usize,
    /// What is wrong, what that means, and what to write.
    pub(crate) message: String,
    /// Whether the file says by `-- lint:allow` that it is meant so.
    pub(crate) is_waived: bool,
}

const MISSPELT: &str = "MG010";
const TOO_LATE: &str = "MG011";
/// sqlx does not read it either, and the file runs as sqlx would run it: told, not refused.
pub(crate) const NO_TRANSACTION: &str = "MG012";

/// The directives, and how many letters may be wrong for them to be meant.
const KNOWN: [(&str, usize); 7] = [
    ("revises", 2),
    ("depends-on", 2),
    ("branch", 1),
    ("phase", 2),
    ("floor", 1),
    ("squashes", 2),
    ("rerun", 2),
];

/// A comment of the head.
struct Comment<'a> {
    line: usize,
    text: &'a str,
    /// Whether it stands where directives are read.
    is_read: bool,
}

/// All of them in a text, in the order of its lines; `is_version` says which numbers are versions here.
///
/// Only what would be a directive with a value that makes sense is told: a comment that happens to begin
/// with a like word is none.
pub(super) fn unread(text: &str, is_version: impl Fn(i64) -> bool) -> Vec<Unread> {
    let comments = head(text);
    let waivers = comments.iter().filter_map(|c| waived(c.text.trim()));
    let waivers: Vec<&str> = waivers.collect();
    let mut found = Vec::new();
    let mut tell = |code: &'static str, line, message| {
        let is_waived = waivers.iter().any(|codes| codes.contains(code));
        found.push(Unread { code, line, message, is_waived });
    };
    for comment in &comments {
        let (line, written) = (comment.line, comment.text.trim());
        if is_near_no_transaction(written) {
            if !is_no_transaction(text) {
                tell(NO_TRANSACTION, line, no_transaction(text, written));
            }
            continue;
        }
        let Some((key, value)) = meant(written, &is_version) else { continue };
        let says_so = written.split_once(':').is_some_and(|(said, _)| said.trim() == key);
        if says_so && comment.is_read {
            continue;
        }
        if says_so {
            tell(TOO_LATE, line, too_late(written));
        } else {
            tell(MISSPELT, line, misspelt(written, key, value));
        }
    }
    found
}

/// The comments before the first statement: those of lines that begin with `--`.
fn head(text: &str) -> Vec<Comment<'_>> {
    let mut comments = Vec::new();
    let (mut is_read, mut is_in_block) = (true, false);
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        let opens = line.starts_with("/*") && !line.starts_with("/*!") && !line.starts_with("/*+");
        if is_in_block || opens {
            is_read = false;
            let inside = if is_in_block { line } else { line.get(2..).unwrap_or_default() };
            match inside.split_once("*/") {
                None => is_in_block = true,
                Some((_, rest)) if rest.trim().is_empty() => is_in_block = false,
                Some(_) => break,
            }
        } else if let Some(text) = line.strip_prefix("--") {
            comments.push(Comment { line: at + 1, text, is_read });
        } else if line.starts_with('#') {
            is_read = false;
        } else if !line.is_empty() {
            break;
        }
    }
    comments
}

/// The directive that a comment was meant to be, and its value.
fn meant<'c>(
    comment: &'c str,
    is_version: &impl Fn(i64) -> bool,
) -> Option<(&'static str, &'c str)> {
    if let Some((said, value)) = comment.split_once([':', '=']) {
        let said = plain(said);
        let is_meant = |(key, most): &(&'static str, usize)| {
            (distance(key, &said) <= *most || (said == "depends" && *key == "depends-on"))
                && is_value(key, value.trim(), is_version)
        };
        let key = KNOWN.iter().find(|known| is_meant(known));
        return key.map(|(key, _)| (*key, value.trim()));
    }
    // Without a colon only what can hardly be a sentence.
    KNOWN.iter().filter(|(key, _)| *key != "branch").find_map(|(key, _)| {
        let (said, value) = comment.split_at_checked(key.len())?;
        let value = value.strip_prefix(char::is_whitespace)?.trim();
        (plain(said) == *key && is_value(key, value, is_version)).then_some((*key, value))
    })
}

/// Whether a directive could have this value, give or take a letter.
fn is_value(key: &str, value: &str, is_version: &impl Fn(i64) -> bool) -> bool {
    let is_known = |text: &str| text.trim().parse().is_ok_and(is_version);
    let is_list = |text: &str| {
        let mut parts = text.split(',');
        parts.all(|part| part.trim().parse::<i64>().is_ok()) && text.split(',').any(is_known)
    };
    let word = value.to_lowercase();
    match key {
        "revises" => word == "base" || is_list(value),
        "squashes" => is_list(value.split_once('=').map_or(value, |(list, _)| list)),
        "phase" => ["expand", "contract"].iter().any(|phase| distance(phase, &word) <= 2),
        "rerun" => distance("safe", &word) <= 1,
        "floor" => is_known(value),
        "branch" => directives::label(value).is_ok(),
        _ => is_list(value),
    }
}

fn misspelt(written: &str, key: &str, value: &str) -> String {
    format!(
        "`-- {written}` is read as an ordinary comment: write `-- {key}: {value}`; if it is meant as one, say so by \
         a line `-- lint:allow {MISSPELT} REASON` before the first statement"
    )
}

fn too_late(written: &str) -> String {
    format!(
        "`-- {written}` is not read here, behind a comment of another form: directives stand in the file's \
         first lines, all of which begin with `--`; move it there"
    )
}

fn no_transaction(text: &str, written: &str) -> String {
    let why = if text.starts_with("\u{feff}-- no-transaction") {
        "a byte order mark stands before it: save the file as UTF-8 without one"
    } else if written == "no-transaction" {
        "something stands before it: make it the first line, without even a blank one before it"
    } else {
        "it is not spelt so: make `-- no-transaction` the first line, with just these letters"
    };
    format!(
        "`-- {written}` is not read, so that the file runs as if it were not there, as sqlx runs it: sqlx \
         looks for `-- no-transaction` in the very first bytes only, and {why}"
    )
}

/// Whether a comment is `no-transaction`, or would be with other letters.
pub(crate) fn is_near_no_transaction(comment: &str) -> bool {
    matches!(
        plain(comment).as_str(),
        "no-transaction" | "notransaction" | "no-transactions" | "no-tx"
    )
}

/// Small letters, and hyphens between words.
fn plain(words: &str) -> String {
    words.trim().to_lowercase().replace(['_', ' '], "-")
}

/// How many letters must be put in, taken out, changed, or exchanged with the next one.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let cell = |rows: &[Vec<usize>], i: usize, j: usize| {
        rows.get(i).and_then(|row| row.get(j)).copied().unwrap_or(usize::MAX / 2)
    };
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = usize::from(a.get(i - 1) != b.get(j - 1));
            let left = row.last().copied().unwrap_or_default();
            let mut least = (cell(&rows, i - 1, j) + 1).min(left + 1);
            least = least.min(cell(&rows, i - 1, j - 1) + changed);
            let is_exchanged =
                i > 1 && j > 1 && a.get(i - 1) == b.get(j - 2) && a.get(i - 2) == b.get(j - 1);
            if is_exchanged {
                least = least.min(cell(&rows, i - 2, j - 2) + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    cell(&rows, a.len(), b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&'static str, usize)> {
        let found = unread(text, |version| (1..=5).contains(&version));
        let found = found.into_iter().filter(|unread| !unread.is_waived);
        found.map(|unread| (unread.code, unread.line)).collect()
    }

    #[test]
    fn near_misses_are_told_with_their_line() {
        for near in [
            "-- revise: 1",
            "-- Revises: 1, 2",
            "-- revises 1",
            "-- revsies: base",
            "-- depend-on: 3",
            "-- depends_on: 3",
            "-- depends: 3",
            "-- depends on 3",
            "--Phase: contract",
            "-- phase: contract".replace("phase", "phsae").as_str(),
            "-- phase = contract",
            "-- phase contract",
            "-- phases: contrct",
            "-- rerrun: safe",
            "-- flor: 2",
            "-- Branch: shop",
            "-- squash: 1, 2 = 0af",
        ] {
            let text = format!("-- what it does\n{near}\nDROP TABLE a;\n");
            assert_eq!(told(&text), [(MISSPELT, 2)], "{near}");
        }
    }

    #[test]
    fn ordinary_comments_are_none() {
        for comment in [
            "-- Revision ID: 1975ea83b712",
            "-- Revises: 1975ea83b712",
            "-- revised: 2024-01-01",
            "-- revised: 20240101",
            "-- Phase: 2",
            "-- phase 2 of the plan: contract work begins",
            "-- the phase: contract",
            "-- branch office",
            "-- Branch: the one in Recife",
            "-- batch: users",
            "-- color: 3",
            "-- depends on users",
            "-- no transaction is needed here",
            "-- place: anywhere",
            "-- rerun this by hand",
            "-- floor 7 of the shop",
            "-- note: 1",
            "-- phase: expand",
            "-- revises: 1",
        ] {
            assert_eq!(told(&format!("{comment}\nSELECT 1;\n")), [], "{comment}");
        }
        assert_eq!(told("SELECT 1;\n-- phases: contract\n"), [], "the head ends before");
        assert_eq!(told("SELECT '\n-- phases: contract\n';\n"), []);
    }

    #[test]
    fn directive_behind_another_kind_of_comment_is_told() {
        assert_eq!(told("/* by me */\n-- phase: contract\nDROP TABLE a;"), [(TOO_LATE, 2)]);
        assert_eq!(told("/*\n by me\n*/\n# x\n\n-- revises: 1\nX"), [(TOO_LATE, 6)]);
        assert_eq!(told("/*\n-- phase: contract\n*/\nDROP TABLE a;"), []);
    }

    #[test]
    fn transaction_that_cannot_be_left_is_told() {
        let all = ["\u{feff}-- no-transaction\n", "\n-- no-transaction\n", "--no_transaction\n"];
        let messages = all.map(|text| unread(text, |_| true).remove(0).message);
        let parts = ["byte order mark", "first line, without even a blank", "not spelt so"];
        for (message, part) in messages.iter().zip(parts) {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(told("-- no-transaction\n-- no-transaction\nSELECT 1;"), []);
    }

    #[test]
    fn waiver_silences_what_it_names() {
        assert_eq!(told("-- lint:allow MG010 a heading\n-- Phase: contract\nX"), []);
        assert_eq!(told("-- lint:allow MG011 a heading\n-- Phase: contract\nX").len(), 1);
    }
}

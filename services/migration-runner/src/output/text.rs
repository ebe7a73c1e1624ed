use std::fmt::Write;
use std::path::Path;

use artisan_migrate::{Error, FailedStatement};

use crate::advice::with_place;
use crate::failure::Failure;
use crate::outcome::lines;
use crate::style::{self, Tone};

/// Text for people; writing to a string cannot fail, so the results of `writeln!` are dropped.
pub(super) fn failure(failure: &Failure, finished: &[String], dir: Option<&Path>) -> String {
    let mut text = format!("{} {failure}\n", style::error(Tone::Bad, "error:"));
    match failure {
        Failure::Migrate(Error::MigrationFailed(failed)) => text.push_str(&statement(failed)),
        Failure::Migrate(Error::TableLocked { statement: failed, holder }) => {
            text.push_str(&statement(failed));
            let _ = writeln!(text, "  holder: {holder}");
        }
        _ => {}
    }
    if !finished.is_empty() {
        let _ = writeln!(text, "  applied by this run: {}", finished.join(", "));
    }
    if let Some(next) = failure.next().map(|next| with_place(&next, dir)) {
        let _ = writeln!(text, "  {} {next}", style::error(Tone::Good, "next:"));
    }
    text
}

fn statement(failed: &FailedStatement) -> String {
    let sql = lines(shown(&failed.sql).lines().map(|line| format!("    {line}")));
    format!("  statement:\n{sql}  in the database: {}\n", failed.applied)
}

/// How much of a statement people are shown, in characters.
const SHOWN: usize = 4000;

/// A statement as it is shown: one that is too long for the server is millions of characters of rows.
fn shown(sql: &str) -> String {
    let mut shown: String = sql.chars().take(SHOWN).collect();
    if shown.len() < sql.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statement_of_millions_of_characters_is_cut() {
        assert_eq!(shown("SELECT 'ã'"), "SELECT 'ã'");
        let long = shown(&"ã".repeat(2 * SHOWN));
        assert_eq!((long.chars().count(), long.ends_with('…')), (SHOWN + 1, true));
    }
}

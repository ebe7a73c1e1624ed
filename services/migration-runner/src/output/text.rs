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
    let sql = lines(failed.sql.lines().map(|line| format!("    {line}")));
    format!("  statement:\n{sql}  in the database: {}\n", failed.applied)
}

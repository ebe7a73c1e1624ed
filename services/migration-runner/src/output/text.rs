use std::fmt::Write;
use std::path::Path;

use artisan_migrate::{Error, FailedStatement};

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

/// Puts the folder that the command line named into the commands that are advised.
pub(super) fn with_place(next: &str, dir: Option<&Path>) -> String {
    let Some(dir) = dir else { return next.to_owned() };
    let dir = dir.display().to_string();
    let dir = shlex::try_quote(&dir).unwrap_or_default();
    let parts = next.split('`').enumerate().map(|(at, part)| {
        let is_command = at % 2 == 1 && part.starts_with("migrate ") && !part.contains("--dir");
        if is_command { format!("{part} --dir {dir}") } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("`")
}

fn statement(failed: &FailedStatement) -> String {
    let sql = lines(failed.sql.lines().map(|line| format!("    {line}")));
    format!("  statement:\n{sql}  in the database: {}\n", failed.applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advised_commands_name_the_folder_as_a_shell_reads_it() {
        let dir = Some(Path::new("my files"));
        let next = "run `migrate merge 1 2 -m \"x\"`, or `git log`";
        let told = "run `migrate merge 1 2 -m \"x\" --dir 'my files'`, or `git log`";
        assert_eq!(with_place(next, dir), told);
        assert_eq!(with_place(next, None), next);
    }
}

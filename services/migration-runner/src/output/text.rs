use std::fmt::Write;

use artisan_migrate::{
    CurrentReport, Error, FailedStatement, RevisionReport, UpgradeReport, VersionName,
};

use crate::commands::{Outcome, Shown};
use crate::failure::Failure;

/// Text for people; writing to a string cannot fail, so the results of `writeln!` are dropped.
pub(super) fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Upgrade(report) => upgrade(report),
        Outcome::Downgrade(report) if report.reverted.is_empty() => "nothing to undo\n".to_owned(),
        Outcome::Downgrade(report) => {
            let reverted = report.reverted.iter();
            lines(reverted.map(|r| format!("reverted {} {} ({} ms)", r.version, r.name, r.ms)))
        }
        Outcome::Current { report, database, .. } => current(report, database.as_deref()),
        Outcome::History { report, is_verbose, marks_current } => {
            let revisions = report.revisions.iter();
            revisions.map(|revision| history(revision, *is_verbose, *marks_current)).collect()
        }
        Outcome::Heads { heads } => {
            lines(heads.iter().map(|head| format!("{} (head)", named(head))))
        }
        Outcome::Show(shown) => show(shown),
        Outcome::Wait(report) => match &report.head {
            Some(head) => format!("ready at {} after {} ms\n", named(head), report.waited_ms),
            None => "ready: there are no revisions\n".to_owned(),
        },
        Outcome::Verify(report) => {
            format!("{} applied files are as they were applied\n", report.checked)
        }
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

fn named(revision: &VersionName) -> String {
    format!("{} {}", revision.version, revision.name)
}

fn upgrade(report: &UpgradeReport) -> String {
    let mut text = String::new();
    for applied in &report.applied {
        let _ = writeln!(text, "applied {} {} ({} ms)", applied.version, applied.name, applied.ms);
    }
    if report.applied.is_empty() {
        text.push_str("nothing to do\n");
    }
    if let Some(first) = report.held_back.first() {
        let count = match report.held_back.len() {
            1 => "1 revision is".to_owned(),
            more => format!("{more} revisions are"),
        };
        let _ = writeln!(
            text,
            "stopped before {}, which belongs to another phase; {count} held back: run `migrate \
             upgrade --phase contract` once no old program runs any more",
            named(first),
        );
    }
    text
}

fn current(report: &CurrentReport, database: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(database) = database {
        let _ = writeln!(text, "database {database} ({})", report.engine);
    }
    for current in &report.current {
        let mark = if report.heads.contains(current) { " (head)" } else { "" };
        let _ = writeln!(text, "{}{mark}", named(current));
    }
    for interrupted in &report.interrupted {
        let _ = writeln!(text, "{} (interrupted)", named(interrupted));
    }
    if report.current.is_empty() && report.interrupted.is_empty() {
        text.push_str("nothing is applied\n");
    }
    if database.is_some() {
        let _ = writeln!(text, "{} pending", report.pending);
        for unknown in &report.unknown {
            let _ = writeln!(text, "{} (no file here)", named(unknown));
        }
    }
    text
}

fn history(revision: &RevisionReport, is_verbose: bool, marks_current: bool) -> String {
    let marks = [
        ("head", revision.head),
        ("contract", revision.phase == "contract"),
        ("current", marks_current && revision.current),
    ];
    let marks = marks.iter().filter(|(_, is)| *is);
    let marks = marks.fold(String::new(), |text, (mark, _)| text + " (" + mark + ")");
    let from =
        if revision.revises.is_empty() { "<base>".to_owned() } else { revision.revises.join(", ") };
    let mut text = format!("{from} -> {}{marks}, {}\n", revision.version, revision.name);
    if is_verbose {
        let state = match (&revision.installed_on, revision.applied) {
            (Some(time), true) => format!("applied on {time}"),
            (_, true) => "applied".to_owned(),
            (_, false) => "pending".to_owned(),
        };
        let file = revision.file.as_deref().unwrap_or("no file here");
        let _ = writeln!(text, "    {state}\n    {file}\n");
    }
    text
}

fn show(shown: &Shown) -> String {
    let mut text = format!("Revision: {}\nName: {}\n", shown.version, shown.name);
    let _ = writeln!(text, "Revises: {}", shown.revises.join(", "));
    let _ =
        writeln!(text, "Phase: {}\nFile: {}\n\n{}", shown.phase, shown.file, shown.up.trim_end());
    if let Some(down) = &shown.down {
        let _ = writeln!(text, "\n-- down\n{}", down.trim_end());
    }
    text
}

pub(super) fn failure(failure: &Failure, finished: &[String]) -> String {
    let mut text = format!("error: {failure}\n");
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
    if let Some(next) = failure.next() {
        let _ = writeln!(text, "  next: {next}");
    }
    text
}

fn statement(failed: &FailedStatement) -> String {
    let sql = lines(failed.sql.lines().map(|line| format!("    {line}")));
    format!("  statement:\n{sql}  in the database: {}\n", failed.applied)
}

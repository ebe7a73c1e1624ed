use std::fmt::Write;

use artisan_migrate::{Access, CheckError, CurrentReport, Error, Runner, VersionName};
use serde::Serialize;

use super::entry::{Marks, entry, state};
use super::{connect, unknown};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};
use crate::style::{self, Tone};
use crate::table::aligned;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tell the database, all about the revisions where it stands, and what is pending.
    #[arg(short, long)]
    verbose: bool,
    /// Exit with 9 unless the database is at all heads.
    #[arg(short = 'c', long)]
    check_heads: bool,
}

#[derive(Serialize)]
struct Current {
    #[serde(flatten)]
    report: CurrentReport,
    #[serde(skip)]
    details: Option<Details>,
    /// Not at the heads, though that was asked for.
    #[serde(skip)]
    is_behind: bool,
    /// What brings it there.
    #[serde(skip)]
    next: String,
}

/// What `--verbose` adds, as text.
struct Details {
    database: String,
    current: String,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = read(&mut runner, args, config).await;
    runner.close().await;
    let (report, entries, next) = report?;
    let is_behind = args.check_heads && (report.pending > 0 || !report.interrupted.is_empty());
    let database = config.url()?.to_string();
    let details = entries.map(|current| Details { database, current });
    let current = Current { report, details, is_behind, next };
    Ok(Outcome::advising(current, config.named_dir()))
}

/// Where the database stands and, if asked for, all about it.
async fn read(
    runner: &mut Runner,
    args: &Args,
    config: &Config,
) -> Result<(CurrentReport, Option<String>, String), Error> {
    let report = runner.current().await?;
    let next = if args.check_heads { runner.check_pending().await.ok() } else { None };
    let next = next.and_then(|check| check.next).unwrap_or("migrate upgrade head".to_owned());
    if !args.verbose {
        return Ok((report, None, next));
    }
    let all = runner.history_report(None).await?.revisions.into_iter();
    // Oldest first, as without --verbose.
    let entries = all.rev().filter(|revision| revision.current).map(|revision| {
        let marks = Marks { current: false, interrupted: revision.interrupted };
        entry(&revision.facts, marks, Some(state(&revision)), config) + "\n"
    });
    Ok((report, Some(entries.collect()), next))
}

impl Current {
    /// Where the database stands: version, name, and what that is.
    fn rows(&self) -> Vec<[String; 3]> {
        let report = &self.report;
        let current = report.current.iter().map(|current| {
            let mark = if report.heads.contains(current) {
                style::out(Tone::Place, "(head)")
            } else if report.squashed.contains(current) {
                style::out(Tone::Careful, "(squashed)")
            } else if report.unknown.contains(current) {
                style::out(Tone::Careful, "(no file here)")
            } else {
                String::new()
            };
            [current.version.clone(), current.name.clone(), mark]
        });
        current.chain(self.interrupted()).collect()
    }

    fn interrupted(&self) -> Vec<[String; 3]> {
        let mark = || style::out(Tone::Bad, "(interrupted)");
        let row = |one: &VersionName| [one.version.clone(), one.name.clone(), mark()];
        self.report.interrupted.iter().map(row).collect()
    }
}

impl Report for Current {
    fn text(&self) -> String {
        let report = &self.report;
        let mut text = String::new();
        // Writing to a string cannot fail.
        match &self.details {
            Some(Details { database, current }) => {
                let _ = writeln!(text, "database {database} ({})\n\n{current}", report.engine);
            }
            None => text += &aligned(&self.rows()),
        }
        if self.details.is_some() {
            text += &aligned(&self.interrupted());
        }
        if report.current.is_empty() && report.interrupted.is_empty() {
            text.push_str("nothing is applied\n");
        }
        if self.is_behind && self.details.is_none() && report.blocked.is_none() {
            let (command, when) =
                self.next.split_at(self.next.find(',').unwrap_or(self.next.len()));
            let _ = writeln!(text, "{} pending: run `{command}`{when}", report.pending);
        }
        if self.details.is_some() {
            let _ = writeln!(text, "{} pending", report.pending);
        }
        text.push_str(&unknown::told(&report.unknown, &report.missing_files));
        if let Some(CheckError { message, next, .. }) = &report.blocked {
            let warning = style::out(Tone::Careful, "warning:");
            let _ = writeln!(text, "{warning} {message}\n  next: {next}");
        }
        text
    }

    fn summary(&self) -> String {
        format!("{} revisions pending", self.report.pending)
    }

    fn exit_code(&self) -> u8 {
        if self.is_behind { 9 } else { 0 }
    }
}

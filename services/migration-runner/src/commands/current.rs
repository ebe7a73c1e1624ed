use std::fmt::Write;

use artisan_migrate::{Access, CurrentReport};
use serde::Serialize;

use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tell the database and what is pending.
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
    database: Option<String>,
    /// Not at the heads, though that was asked for.
    #[serde(skip)]
    is_behind: bool,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.current().await;
    runner.close().await;
    let report = report?;
    let is_behind = args.check_heads && (report.pending > 0 || !report.interrupted.is_empty());
    let database = args.verbose.then(|| config.url().map(ToString::to_string)).transpose()?;
    Ok(Outcome::new(Current { report, database, is_behind }))
}

impl Report for Current {
    fn text(&self) -> String {
        let report = &self.report;
        let mut text = String::new();
        // Writing to a string cannot fail.
        if let Some(database) = &self.database {
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
        if self.database.is_some() {
            let _ = writeln!(text, "{} pending", report.pending);
            for unknown in &report.unknown {
                let _ = writeln!(text, "{} (no file here)", named(unknown));
            }
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

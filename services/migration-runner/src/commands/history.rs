use std::fmt::Write;

use artisan_migrate::{Access, HistoryReport, RevisionReport, TargetRange};
use serde::Serialize;

use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only those from A to B, as A:B; either may be empty.
    #[arg(short, long, value_name = "A:B")]
    rev_range: Option<TargetRange>,
    /// Tell all about each.
    #[arg(short, long)]
    verbose: bool,
    /// Mark where the database stands.
    #[arg(short, long)]
    indicate_current: bool,
}

#[derive(Serialize)]
struct History {
    #[serde(flatten)]
    report: HistoryReport,
    /// Absent where the files alone were asked: `applied` says nothing then.
    database: Option<String>,
    #[serde(skip)]
    is_verbose: bool,
    #[serde(skip)]
    marks_current: bool,
}

/// Without a database the files alone are listed, unless it is asked for.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let range = args.rev_range.as_ref();
    let asks = args.indicate_current || range.is_some_and(TargetRange::names_current);
    let (report, database) = match config.url() {
        Err(_) if !asks => (config.history()?.report(range)?, None),
        Err(failure) => return Err(failure),
        Ok(url) => {
            let mut runner = connect(config, Access::Read).await?;
            let report = runner.history_report(range).await;
            runner.close().await;
            (report?, Some(url.to_string()))
        }
    };
    let (is_verbose, marks_current) = (args.verbose, args.indicate_current);
    Ok(Outcome::new(History { report, database, is_verbose, marks_current }))
}

impl Report for History {
    fn text(&self) -> String {
        let revisions = self.report.revisions.iter();
        revisions.map(|revision| self.told(revision)).collect()
    }
}

impl History {
    fn told(&self, revision: &RevisionReport) -> String {
        let marks = [
            ("head", revision.head),
            ("contract", revision.phase == "contract"),
            ("current", self.marks_current && revision.current),
        ];
        let marks = marks.iter().filter(|(_, is)| *is);
        let marks = marks.fold(String::new(), |text, (mark, _)| text + " (" + mark + ")");
        let from = if revision.revises.is_empty() {
            "<base>".to_owned()
        } else {
            revision.revises.join(", ")
        };
        let mut text = format!("{from} -> {}{marks}, {}\n", revision.version, revision.name);
        if self.is_verbose {
            let state = match (&revision.installed_on, revision.applied) {
                (Some(time), true) => format!("applied on {time}"),
                (_, true) => "applied".to_owned(),
                (_, false) if self.database.is_none() => "not looked up: no database".to_owned(),
                (_, false) => "pending".to_owned(),
            };
            let file = revision.file.as_deref().unwrap_or("no file here");
            // Writing to a string cannot fail.
            let _ = writeln!(text, "    {state}\n    {file}\n");
        }
        text
    }
}

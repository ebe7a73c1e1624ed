use artisan_migrate::{Access, HistoryReport, RevisionReport, TargetRange};
use serde::Serialize;

use super::connect;
use super::entry::{Marks, entry, parents, state};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};
use crate::table::aligned;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only what lies from A to B, both included: what builds upon A and what B builds upon. Each
    /// is any target, or empty for the end of the history; -N:B and A:+N count from the other end.
    #[arg(short, long, value_name = "A:B", allow_hyphen_values = true)]
    rev_range: Option<TargetRange>,
    /// Tell all about each: parents, dependencies, label, phase, files, and when it was applied.
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
    text: String,
}

/// Without a database the files alone are listed, unless it is asked for.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let range = args.rev_range.as_ref();
    let asks = args.indicate_current || range.is_some_and(TargetRange::needs_database);
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
    let (mut text, mut rows) = (String::new(), Vec::new());
    for revision in &report.revisions {
        let current = args.indicate_current && revision.current;
        let marks = Marks { current, interrupted: revision.interrupted };
        if args.verbose {
            let state = match &database {
                Some(_) => state(revision),
                None => "not looked up: no database".to_owned(),
            };
            text.push_str(&entry(&revision.facts, marks, Some(state), config));
            text.push('\n');
        } else {
            rows.push(row(revision, marks));
        }
    }
    text += &aligned(&rows);
    Ok(Outcome::new(History { report, database, text }))
}

/// `1 (2) -> 3 name (head)`: parents, what it depends on, the revision, and what it is.
fn row(revision: &RevisionReport, marks: Marks) -> [String; 4] {
    let facts = &revision.facts;
    let depends = match facts.depends_on.as_slice() {
        [] => String::new(),
        others => format!(" ({})", others.join(", ")),
    };
    let [version, name, marks] = marks.row(facts);
    [parents(facts) + &depends, format!("-> {version}"), name, marks]
}

impl Report for History {
    fn text(&self) -> String {
        self.text.clone()
    }

    fn summary(&self) -> String {
        format!("{} revisions", self.report.revisions.len())
    }
}

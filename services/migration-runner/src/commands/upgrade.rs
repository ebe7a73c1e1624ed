use std::fmt::Write;

use artisan_migrate::{Access, Target, TargetRange, UpgradeReport};
use serde::Serialize;
use tracing::Instrument;

use super::choices::PhaseArg;
use super::offline::{self, Goal};
use super::{close, connect, unknown};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, moved, named};
use crate::style::{self, Tone};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// head, heads, +N, a version, the beginning of one, a name, REV+N, LABEL@head or LABEL@+N; with
    /// --sql also A:B, where A is what the database has.
    #[arg(default_value = "head", allow_hyphen_values = true)]
    target: Goal,
    /// Which revisions: expand before the program's rollout, contract after it, or all.
    #[arg(long, value_enum)]
    phase: Option<PhaseArg>,
    #[command(flatten)]
    tag: offline::Tag,
    #[command(flatten)]
    offline: offline::Offline,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let phases = PhaseArg::phases(args.phase);
    if args.offline.sql {
        let range = match args.target.clone() {
            Goal::Target(to) => TargetRange { from: Target::Base, to },
            Goal::Range(range) => range,
        };
        return offline::print(&args.offline, config, |offline| {
            Ok(args.tag.put_on(offline.upgrade(&range, phases)?))
        });
    }
    let target = args.target.target()?;
    let mut runner = connect(config, Access::Write).await?;
    let report = runner.upgrade(target, phases).instrument(args.tag.span()).await;
    close(runner, &report).await;
    let done = Done { report: report?, target: target.to_string() };
    Ok(Outcome::advising(done, config.named_dir()))
}

#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    report: UpgradeReport,
    /// Where to, as it was asked for.
    #[serde(skip)]
    target: String,
}

impl Report for Done {
    fn text(&self) -> String {
        let applied: String =
            self.report.applied.iter().map(|applied| moved(applied, false)).collect();
        applied + &self.rest()
    }

    fn rest(&self) -> String {
        let merged = self.report.merged.iter();
        let merged = merged.map(|one| format!("merged the rows of what {} squashed", named(one)));
        let nothing = if self.report.applied.is_empty() && self.report.merged.is_empty() {
            "nothing to do\n"
        } else {
            ""
        };
        lines(merged) + nothing + &self.quiet()
    }

    /// What it has left undone is not what was asked for.
    fn quiet(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        text.push_str(&unknown::told(&self.report.unknown, &self.report.missing_files));
        if let Some(first) = self.report.held_back.first() {
            let count = match self.report.held_back.len() {
                1 => "1 revision is".to_owned(),
                more => format!("{more} revisions are"),
            };
            let target = &self.target;
            let next = match first.phase {
                "contract" => format!(
                    "`migrate upgrade {target} --phase contract` once no old program runs any more"
                ),
                _ => format!("`migrate upgrade {target}`"),
            };
            let _ = writeln!(
                text,
                "{} before {} {}, which belongs to the phase {}; {count} held back: run {next}",
                style::out(Tone::Careful, "stopped"),
                first.version,
                first.name,
                first.phase,
            );
        }
        text
    }

    fn summary(&self) -> String {
        match self.report.applied.len() {
            0 if !self.report.merged.is_empty() => {
                format!("{} baselines merged", self.report.merged.len())
            }
            0 => "nothing to do".to_owned(),
            count => format!("{count} revisions applied"),
        }
    }
}

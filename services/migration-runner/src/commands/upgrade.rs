use std::fmt::Write;

use artisan_migrate::{Access, Phases, Target, TargetRange, UpgradeReport};

use super::choices::PhaseArg;
use super::offline::{self, Goal};
use super::{close, connect, unknown};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, named};
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
    offline: offline::Offline,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let phases = PhaseArg::phases(args.phase);
    if args.offline.sql {
        // Nothing tells whether the database is empty, so nothing is held back unasked.
        let phases = if phases == Phases::Auto { Phases::All } else { phases };
        let range = match args.target.clone() {
            Goal::Target(to) => TargetRange { from: Target::Base, to },
            Goal::Range(range) => range,
        };
        return offline::print(&args.offline, config, |offline| offline.upgrade(&range, phases));
    }
    let target = args.target.target()?;
    let mut runner = connect(config, Access::Write).await?;
    let report = runner.upgrade(target, phases).await;
    close(runner, &report).await;
    Ok(Outcome::new(report?))
}

impl Report for UpgradeReport {
    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        for applied in &self.applied {
            let done = style::out(Tone::Good, "applied");
            let _ =
                writeln!(text, "{done} {} {} ({} ms)", applied.version, applied.name, applied.ms);
        }
        for merged in &self.merged {
            let _ = writeln!(text, "merged the rows of what {} squashed", named(merged));
        }
        if self.applied.is_empty() && self.merged.is_empty() {
            text.push_str("nothing to do\n");
        }
        text.push_str(&unknown::told(&self.unknown, &self.missing_files));
        if let Some(first) = self.held_back.first() {
            let count = match self.held_back.len() {
                1 => "1 revision is".to_owned(),
                more => format!("{more} revisions are"),
            };
            let next = match first.phase {
                "contract" => {
                    "`migrate upgrade --phase contract` once no old program runs any more"
                }
                _ => "`migrate upgrade`",
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
        match self.applied.len() {
            0 if !self.merged.is_empty() => format!("{} baselines merged", self.merged.len()),
            0 => "nothing to do".to_owned(),
            count => format!("{count} revisions applied"),
        }
    }
}

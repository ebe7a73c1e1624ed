use std::fmt::Write;

use artisan_migrate::{Access, Phases, Target, UpgradeReport};
use clap::ValueEnum;

use super::{close, connect};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// head, heads, +N, a version, the beginning of one, or a name.
    #[arg(default_value = "head")]
    target: Target,
    /// Which revisions: expand before the program's rollout, contract after it, or all.
    #[arg(long, value_enum)]
    phase: Option<PhaseArg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PhaseArg {
    Expand,
    Contract,
    All,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let phases = match args.phase {
        None => Phases::Auto,
        Some(PhaseArg::Expand) => Phases::Expand,
        Some(PhaseArg::Contract) => Phases::Contract,
        Some(PhaseArg::All) => Phases::All,
    };
    let mut runner = connect(config, Access::Write).await?;
    let report = runner.upgrade(&args.target, phases).await;
    close(runner, &report).await;
    Ok(Outcome::new(report?))
}

impl Report for UpgradeReport {
    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        for applied in &self.applied {
            let _ =
                writeln!(text, "applied {} {} ({} ms)", applied.version, applied.name, applied.ms);
        }
        if self.applied.is_empty() {
            text.push_str("nothing to do\n");
        }
        if let Some(first) = self.held_back.first() {
            let count = match self.held_back.len() {
                1 => "1 revision is".to_owned(),
                more => format!("{more} revisions are"),
            };
            let _ = writeln!(
                text,
                "stopped before {}, which belongs to another phase; {count} held back: run \
                 `migrate upgrade --phase contract` once no old program runs any more",
                named(first),
            );
        }
        text
    }

    fn summary(&self) -> String {
        match self.applied.len() {
            0 => "nothing to do".to_owned(),
            count => format!("{count} revisions applied"),
        }
    }
}

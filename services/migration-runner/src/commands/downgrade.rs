use artisan_migrate::{Access, DowngradeReport};
use tracing::Instrument;

use super::offline::{self, Goal};
use super::{close, connect};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, moved};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// base, -N, a version, the beginning of one, a name, REV-N, LABEL@base or LABEL@-N; with --sql
    /// A:B, where A is what the database has.
    #[arg(allow_hyphen_values = true)]
    target: Goal,
    /// Take the scripts kept in the database where there is no file; each is printed first.
    #[arg(long)]
    from_database: bool,
    #[command(flatten)]
    tag: offline::Tag,
    #[command(flatten)]
    offline: offline::Offline,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    if args.offline.sql {
        let Goal::Range(range) = &args.target else {
            let message = "--sql takes a range A:B, where A is what the database has: head:base";
            return Err(Failure::Usage { reason: "BAD_RANGE", message: message.to_owned() });
        };
        return offline::print(&args.offline, config, |offline| {
            Ok(args.tag.put_on(offline.downgrade(range)?))
        });
    }
    let target = args.target.target()?;
    let mut runner = connect(config, Access::Change).await?;
    let report = runner.downgrade(target, args.from_database).instrument(args.tag.span()).await;
    close(runner, &report).await;
    Ok(Outcome::advising(report?, config.named_dir()))
}

impl Report for DowngradeReport {
    fn text(&self) -> String {
        if self.reverted.is_empty() {
            return "nothing to undo\n".to_owned();
        }
        self.reverted.iter().map(|reverted| moved(reverted, true)).collect()
    }

    fn rest(&self) -> String {
        if self.reverted.is_empty() { self.text() } else { String::new() }
    }

    fn quiet(&self) -> String {
        String::new()
    }

    fn summary(&self) -> String {
        format!("{} revisions reverted", self.reverted.len())
    }
}

use artisan_migrate::{Access, StampReport, Target};
use tracing::Instrument;

use super::{close, connect, offline};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is said to be applied, with all that it builds upon: head, heads, base, a version, the
    /// beginning of one, or a name.
    #[arg(required = true)]
    targets: Vec<Target>,
    /// Forget all that is recorded first, also what these files do not know.
    #[arg(long)]
    purge: bool,
    #[command(flatten)]
    tag: offline::Tag,
    #[command(flatten)]
    offline: offline::Offline,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    if args.offline.sql {
        return offline::print(&args.offline, config, |offline| {
            Ok(args.tag.put_on(offline.stamp(&args.targets, args.purge)?))
        });
    }
    let mut runner = connect(config, Access::Change).await?;
    let report = runner.stamp(&args.targets, args.purge).instrument(args.tag.span()).await;
    close(runner, &report).await;
    Ok(Outcome::new(report?))
}

impl Report for StampReport {
    fn text(&self) -> String {
        if self.added.is_empty() && self.removed.is_empty() {
            return "nothing to do\n".to_owned();
        }
        let removed = lines(self.removed.iter().map(|row| format!("removed {}", named(row))));
        removed + &lines(self.added.iter().map(|row| format!("recorded {}", named(row))))
    }

    fn quiet(&self) -> String {
        String::new()
    }

    fn summary(&self) -> String {
        format!("{} recorded, {} removed", self.added.len(), self.removed.len())
    }
}

use artisan_migrate::{Access, DowngradeReport, Target};

use super::{close, connect};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// base, -N, a version, the beginning of one, or a name.
    #[arg(allow_hyphen_values = true)]
    target: Target,
    /// Take the scripts kept in the database where there is no file; each is printed first.
    #[arg(long)]
    from_database: bool,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Write).await?;
    let report = runner.downgrade(&args.target, args.from_database).await;
    close(runner, &report).await;
    Ok(Outcome::new(report?))
}

impl Report for DowngradeReport {
    fn text(&self) -> String {
        if self.reverted.is_empty() {
            return "nothing to undo\n".to_owned();
        }
        let reverted = self.reverted.iter();
        lines(reverted.map(|r| format!("reverted {} {} ({} ms)", r.version, r.name, r.ms)))
    }

    fn summary(&self) -> String {
        format!("{} revisions reverted", self.reverted.len())
    }
}

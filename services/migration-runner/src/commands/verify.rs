use artisan_migrate::{Access, VerifyReport};

use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Compare checksums.
    #[arg(long, required = true)]
    checksums: bool,
}

pub(super) async fn run(_args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.verify_checksums().await;
    runner.close().await;
    Ok(Outcome::new(report?))
}

impl Report for VerifyReport {
    fn text(&self) -> String {
        format!("{} applied files are as they were applied\n", self.checked)
    }

    fn summary(&self) -> String {
        format!("{} files are as they were applied", self.checked)
    }
}

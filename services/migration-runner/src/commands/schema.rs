use artisan_migrate::{Access, History, SchemaReport};

use super::{close, connect_with};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(super) async fn run(_args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect_with(config, History::default(), Access::Read).await?;
    let report = runner.schema().await;
    close(runner, &report).await;
    Ok(Outcome::new(report?))
}

impl Report for SchemaReport {
    fn text(&self) -> String {
        self.for_client()
    }

    fn summary(&self) -> String {
        format!("{} objects", self.objects.len())
    }
}

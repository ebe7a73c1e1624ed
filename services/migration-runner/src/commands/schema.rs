use artisan_migrate::{Access, History, SchemaReport};

use super::{close, connect_with};
use crate::config::Config;
use crate::failure::Failure;
use crate::notice;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(super) async fn run(_args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect_with(config, History::default(), Access::Read).await?;
    let report = runner.schema().await;
    close(runner, &report).await;
    let report = report?;
    for what in &report.unmanaged {
        notice::line(&format!("not in the text: {what}"));
    }
    Ok(Outcome::new(report))
}

impl Report for SchemaReport {
    fn text(&self) -> String {
        self.for_client()
    }

    fn summary(&self) -> String {
        format!("{} objects", self.objects.len())
    }
}

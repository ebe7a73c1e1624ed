use artisan_migrate::{Access, CheckReport};

use super::connect;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(super) async fn run(_args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.check_pending().await;
    runner.close().await;
    Ok(Outcome::new(report?))
}

impl Report for CheckReport {
    fn text(&self) -> String {
        if self.heads.len() > 1 {
            let heads: Vec<String> = self.heads.iter().map(named).collect();
            let heads = heads.join(", ");
            return format!("several heads: {heads}; next: migrate merge heads\n") + &told(self);
        }
        if self.differences.is_empty() { "nothing is pending\n".to_owned() } else { told(self) }
    }

    fn summary(&self) -> String {
        match (self.heads.len(), self.differences.len()) {
            (0 | 1, 0) => "nothing is pending".to_owned(),
            (0 | 1, count) => format!("{count} revisions are not applied"),
            (heads, _) => format!("there are {heads} heads"),
        }
    }

    fn exit_code(&self) -> u8 {
        let is_half = self.differences.iter().any(|found| found.kind == "interrupted");
        match self.differences.len() {
            _ if self.heads.len() > 1 || is_half => 7,
            0 => 0,
            _ => 9,
        }
    }
}

fn told(report: &CheckReport) -> String {
    let list = lines(report.differences.iter().map(|f| format!("{}: {}", f.kind, f.object)));
    let is_empty = report.differences.is_empty();
    if is_empty { list } else { list + "next: migrate upgrade head\n" }
}

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
        let mut text = String::new();
        if self.heads.len() > 1 {
            let heads: Vec<String> = self.heads.iter().map(named).collect();
            text = format!("several heads: {}\n", heads.join(", "));
        }
        text += &lines(self.differences.iter().map(|found| match found.kind {
            "unknown" => format!("no file here: {}", found.object),
            kind => format!("{kind}: {}", found.object),
        }));
        match &self.next {
            None => "nothing is pending\n".to_owned(),
            Some(next) => text + "next: " + next + "\n",
        }
    }

    fn summary(&self) -> String {
        match (self.heads.len(), self.differences.len()) {
            (0 | 1, 0) => "nothing is pending".to_owned(),
            (0 | 1, count) => format!("{count} revisions are not as they should be"),
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

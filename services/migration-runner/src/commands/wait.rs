#![expect(clippy::doc_markdown, reason = "these comments are the help text, shown as they stand")]

use artisan_migrate::{Runner, WaitReport};
use artisan_runtime::env::HumanDuration;

use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long [env: WAIT_TIMEOUT, else 10m].
    #[arg(long, value_name = "DURATION")]
    timeout: Option<HumanDuration>,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let timeout = args.timeout.map_or(config.wait_timeout, |timeout| timeout.0);
    let (url, history) = (config.url()?, config.history()?);
    let report = Runner::wait(url, &history, &config.options, timeout).await?;
    Ok(Outcome::advising(report, config.named_dir()))
}

impl Report for WaitReport {
    fn text(&self) -> String {
        match &self.head {
            Some(head) => format!("ready at {} after {} ms\n", named(head), self.waited_ms),
            None => "ready: there are no revisions\n".to_owned(),
        }
    }

    fn quiet(&self) -> String {
        String::new()
    }

    fn summary(&self) -> String {
        "the schema is ready".to_owned()
    }
}

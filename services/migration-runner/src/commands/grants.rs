use artisan_migrate::{Access, GrantsReport, History};

use super::connect_with;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The role that serves: its name, or `user@host` on MySQL and MariaDB.
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    role: String,
}

/// Prints and grants nothing: who administers the database runs it.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let mut runner = connect_with(config, History::default(), Access::Read).await?;
    let report = runner.grants(&args.role).await;
    runner.close().await;
    Ok(Outcome::new(report?))
}

impl Report for GrantsReport {
    fn text(&self) -> String {
        if self.grants.is_empty() {
            return "-- there is nothing to grant: SQLite has no roles, and an empty database no \
                    tables\n"
                .to_owned();
        }
        lines(self.grants.iter().cloned())
    }
}

use artisan_migrate::VersionName;
use serde::Serialize;

use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines, named};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Tell all about each.
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Serialize)]
struct Heads {
    heads: Vec<VersionName>,
}

/// Needs no database: the files alone tell.
pub(super) fn run(_args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let history = config.history()?;
    let heads = history.heads().into_iter().map(Into::into).collect();
    Ok(Outcome::new(Heads { heads }))
}

impl Report for Heads {
    fn text(&self) -> String {
        lines(self.heads.iter().map(|head| format!("{} (head)", named(head))))
    }
}

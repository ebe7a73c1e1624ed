use artisan_migrate::Access;
use serde::Serialize;

use super::{close, connect, offline};
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    offline: offline::Offline,
}

#[derive(Serialize)]
struct Ensured {}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    if args.offline.sql {
        return offline::print(&args.offline, config, |offline| Ok(offline.ensure_version()));
    }
    let mut runner = connect(config, Access::Write).await?;
    let made = runner.ensure_version().await;
    close(runner, &made).await;
    made?;
    Ok(Outcome::new(Ensured {}))
}

impl Report for Ensured {
    fn text(&self) -> String {
        "the runner's tables are there\n".to_owned()
    }

    fn quiet(&self) -> String {
        String::new()
    }
}

use artisan_migrate::{Access, TargetRange};

use super::{Outcome, connect};
use crate::config::Config;
use crate::failure::Failure;

pub(super) async fn run(
    config: &Config,
    range: Option<&TargetRange>,
    is_verbose: bool,
    marks_current: bool,
) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.history_report(range).await;
    runner.close().await;
    Ok(Outcome::History { report: report?, is_verbose, marks_current })
}

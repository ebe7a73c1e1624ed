use artisan_migrate::Access;

use super::{Outcome, connect};
use crate::config::Config;
use crate::failure::Failure;

pub(super) async fn run(
    config: &Config,
    is_verbose: bool,
    checks_heads: bool,
) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Read).await?;
    let report = runner.current().await;
    runner.close().await;
    let report = report?;
    let is_behind = checks_heads && (report.pending > 0 || !report.interrupted.is_empty());
    let database = is_verbose.then(|| config.url().map(ToString::to_string)).transpose()?;
    Ok(Outcome::Current { report, database, is_behind })
}

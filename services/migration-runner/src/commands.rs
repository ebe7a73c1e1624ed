mod current;
mod history;
mod show;

use artisan_migrate::{
    Access, CurrentReport, DowngradeReport, Error, HistoryReport, Phases, Runner, Target,
    UpgradeReport, VerifyReport, VersionName, WaitReport,
};
use serde::Serialize;

use crate::cli::{Command, PhaseArg};
use crate::config::Config;
use crate::failure::Failure;

pub(crate) use show::Shown;

/// What a command has to tell.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Outcome {
    Upgrade(UpgradeReport),
    Downgrade(DowngradeReport),
    Current {
        #[serde(flatten)]
        report: CurrentReport,
        #[serde(skip)]
        database: Option<String>,
        /// Not at the heads, though that was asked for.
        #[serde(skip)]
        is_behind: bool,
    },
    History {
        #[serde(flatten)]
        report: HistoryReport,
        #[serde(skip)]
        is_verbose: bool,
        #[serde(skip)]
        marks_current: bool,
    },
    Heads {
        heads: Vec<VersionName>,
    },
    Show(Shown),
    Wait(WaitReport),
    Verify(VerifyReport),
}

impl Outcome {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Current { is_behind: true, .. } => 9,
            _ => 0,
        }
    }

    /// One line for those who see nothing else.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Upgrade(report) if report.applied.is_empty() => "nothing to do".to_owned(),
            Self::Upgrade(report) => format!("{} revisions applied", report.applied.len()),
            Self::Downgrade(report) => format!("{} revisions reverted", report.reverted.len()),
            Self::Current { report, .. } => format!("{} revisions pending", report.pending),
            Self::Wait(_) => "the schema is ready".to_owned(),
            Self::Verify(report) => format!("{} files are as they were applied", report.checked),
            Self::History { .. } | Self::Heads { .. } | Self::Show(_) => "done".to_owned(),
        }
    }
}

/// Runs the command.
pub(crate) async fn run(command: &Command, config: Config) -> Result<Outcome, Failure> {
    match command {
        Command::Upgrade { target, phase } => upgrade(&config, target, *phase).await,
        Command::Downgrade { target, from_database } => {
            downgrade(&config, target, *from_database).await
        }
        Command::Current { verbose, check_heads } => {
            current::run(&config, *verbose, *check_heads).await
        }
        Command::History { rev_range, verbose, indicate_current } => {
            history::run(&config, rev_range.as_ref(), *verbose, *indicate_current).await
        }
        Command::Heads { .. } => {
            let history = config.history()?;
            Ok(Outcome::Heads { heads: history.heads().into_iter().map(Into::into).collect() })
        }
        Command::Show { target } => show::run(&config, target),
        Command::Wait { timeout } => {
            let timeout = timeout.map_or(config.wait_timeout, |timeout| timeout.0);
            let (url, history) = (config.url()?, config.history()?);
            let report = Runner::wait(url, &history, &config.options, timeout).await?;
            Ok(Outcome::Wait(report))
        }
        Command::Verify { .. } => {
            let mut runner = connect(&config, Access::Read).await?;
            let report = runner.verify_checksums().await;
            runner.close().await;
            Ok(Outcome::Verify(report?))
        }
    }
}

async fn connect(config: &Config, access: Access) -> Result<Runner, Failure> {
    let url = config.url()?;
    let history = config.history()?;
    Ok(Runner::connect(url, access, history, config.options.clone()).await?)
}

async fn upgrade(
    config: &Config,
    target: &Target,
    phase: Option<PhaseArg>,
) -> Result<Outcome, Failure> {
    let phases = match phase {
        None => Phases::Auto,
        Some(PhaseArg::Expand) => Phases::Expand,
        Some(PhaseArg::Contract) => Phases::Contract,
        Some(PhaseArg::All) => Phases::All,
    };
    let mut runner = connect(config, Access::Write).await?;
    let report = runner.upgrade(target, phases).await;
    close(runner, &report).await;
    Ok(Outcome::Upgrade(report?))
}

async fn downgrade(
    config: &Config,
    target: &Target,
    from_database: bool,
) -> Result<Outcome, Failure> {
    let mut runner = connect(config, Access::Write).await?;
    let report = runner.downgrade(target, from_database).await;
    close(runner, &report).await;
    Ok(Outcome::Downgrade(report?))
}

/// Ends the connection in good order, unless it is gone already.
async fn close<T>(runner: Runner, report: &Result<T, Error>) {
    if !matches!(report, Err(Error::ConnectionLost { .. })) {
        runner.close().await;
    }
}

use artisan_migrate::{Access, Error, History, Problem, author};
use serde::Serialize;

use super::connect_with;
use crate::config::{Config, now};
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revision that gets a new version; it must not be applied anywhere. Where two files have
    /// one version, the file's name without its suffix, as in `7_add_users`.
    #[arg(value_name = "REV")]
    revision: String,
}

#[derive(Serialize)]
struct Rebased {
    from: String,
    to: String,
    name: String,
    files: Vec<String>,
}

/// Looks into the database first, if one is configured: an applied revision keeps its version.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let (folder, source) = config.folder_files()?;
    let rebased = match History::build(source.clone()) {
        Err(Error::History(problem)) if is_mended(&problem) => {
            let stray = author::Stray::find(source, &args.revision)?;
            if config.url().is_ok() {
                let history = stray.rest().clone();
                let mut runner = connect_with(config, history, Access::Read).await?;
                let refused = runner.refuse_recorded(stray.version(), stray.name()).await;
                runner.close().await;
                refused?;
            }
            stray.rebase(&folder, Some(now()))?
        }
        Err(error) => return Err(error.into()),
        Ok(history) => {
            if config.url().is_ok() {
                let mut runner = connect_with(config, history.clone(), Access::Read).await?;
                let refused = runner.refuse_applied(&args.revision, "rebased").await;
                runner.close().await;
                refused?;
            }
            author::rebase(&folder, &history, &args.revision, Some(now()))?
        }
    };
    Ok(Outcome::new(Rebased {
        from: rebased.from.to_string(),
        to: rebased.to.to_string(),
        name: rebased.name,
        files: rebased.files.iter().map(|path| path.display().to_string()).collect(),
    }))
}

/// Whether another version for one of the files mends it.
fn is_mended(problem: &Problem) -> bool {
    matches!(problem, Problem::DuplicateVersion { .. } | Problem::ParentNotOlder { .. })
}

impl Report for Rebased {
    fn text(&self) -> String {
        let head = format!("{} {} is now {}\n", self.from, self.name, self.to);
        head + &lines(self.files.iter().map(|file| format!("made {file}")))
    }
}

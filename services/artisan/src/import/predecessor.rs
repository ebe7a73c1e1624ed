//! The accounts of the predecessor, from its database.

use std::path::Path;
use std::time::Duration;

use artisan_migrate::DatabaseUrl;
use artisan_runtime::env::{ConfigError, Env};
use artisan_runtime::secret::Secret;
use artisan_user_service::clock::Sources;
use artisan_user_service::import::{
    Decisions, Import, ImportSettings, Predecessor, Progress, Report,
};

use super::{CONNECT_TIMEOUT, ImportArgs, write};
use crate::config::Config;
use crate::failure::Failure;
use crate::folder_lock::FolderLock;
use crate::tell::{Teller, say};
use crate::{platform, private_file};

/// The variable that the source's URL may stand in instead.
const SOURCE: &str = "IMPORT_FROM_URL";

/// Imports; what was found and done.
pub(super) async fn run(args: &ImportArgs) -> Result<Report, Failure> {
    let env = Env::from_process()?;
    let source = source(args, &env)?;
    let (decisions, is_new) = decisions(args.decisions.as_deref())?;
    // Nothing else runs here that a core would have to be left to.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let env = env.or("HASH_THREADS", cores.to_string());
    let config = Config::from_env(&env)?;
    let predecessor = Predecessor::open(&source, CONNECT_TIMEOUT).await?;
    Import::check_target(&config.users.database_url, CONNECT_TIMEOUT).await?;
    if !args.dry_run {
        let lock = FolderLock::take(config.place.folder()).await?;
        platform::prepare(&Config::from_env(&env)?, &lock).await?.close().await;
    }
    let settings = ImportSettings {
        dry_run: args.dry_run,
        decisions,
        checked_passwords: args.verify_passwords.0,
    };
    let import = Import::connect(&config.users, Sources::system())?;
    let teller = Teller::default();
    let report = import.run(predecessor, &settings, &|progress| tell(&teller, progress)).await;
    import.close().await;
    let report = report?;
    if let Some(path) = args.decisions.as_deref().filter(|_| is_new && report.undecided() > 0) {
        write(path, &report.template())?;
        say(&format!("{}: a template, to be filled in", path.display()));
    }
    Ok(report)
}

/// The source's URL, from the command line or the environment.
fn source(args: &ImportArgs, env: &Env) -> Result<Secret, Failure> {
    if let Some(text) = &args.from_url {
        if DatabaseUrl::parse(text).is_ok_and(|url| url.has_password()) {
            say(&format!(
                "warning: other users of this machine can read a password on the command line: set \
                 {SOURCE} or {SOURCE}_FILE instead"
            ));
        }
        return Ok(Secret::new(text.clone()));
    }
    let missing = || ConfigError::new(SOURCE, "must be set, or FILE or --from-url must be given");
    Ok(Secret::new(env.get(SOURCE)?.ok_or_else(missing)?))
}

/// The decisions of a file, and whether the file is still to be written.
fn decisions(path: Option<&Path>) -> Result<(Decisions, bool), Failure> {
    let Some(path) = path else { return Ok((Decisions::default(), false)) };
    let found = private_file::find(path)
        .map_err(|source| Failure::Unreadable { path: path.display().to_string(), source })?;
    let Some(text) = found else { return Ok((Decisions::default(), true)) };
    let decisions = Decisions::parse(&text)
        .map_err(|source| Failure::Decisions { path: path.display().to_string(), source })?;
    Ok((decisions, false))
}

fn tell(teller: &Teller, progress: Progress) {
    match progress {
        Progress::Examining { users } => say(&format!("examining {users} users")),
        Progress::Hashing { passwords, threads, expected } => say(&format!(
            "hashing {passwords} passwords, {threads} at a time: about {}",
            rounded(expected)
        )),
        Progress::Copied { done, total } => {
            teller.now_and_then(done == total, &format!("{done} of {total} users are here"));
        }
        Progress::Verified { done, total } => {
            teller.now_and_then(done == total, &format!("{done} of {total} users are compared"));
        }
    }
}

fn rounded(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{} s", seconds.max(1)),
        seconds @ 120..7200 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_unit() {
        let told = |seconds| rounded(Duration::from_secs(seconds));
        assert_eq!([told(0), told(119), told(150), told(7201)], ["1 s", "119 s", "3 min", "3 h"]);
    }
}

//! `artisan import`: the accounts of the predecessor, from its database.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use artisan_migrate::DatabaseUrl;
use artisan_runtime::env::{ConfigError, Env};
use artisan_runtime::secret::Secret;
use artisan_user_service::clock::Sources;
use artisan_user_service::import::{
    Decisions, Import, ImportSettings, Predecessor, Progress, Report,
};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::config::Config;
use crate::failure::Failure;
use crate::{platform, private_file};

/// The variable that the source's URL may stand in instead.
const SOURCE: &str = "IMPORT_FROM_URL";
/// How long a database may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often is told how far it is.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// What to import.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The predecessor's database, which is only read; `IMPORT_FROM_URL` or `IMPORT_FROM_URL_FILE`
    /// keep its password off the command line.
    #[arg(long, value_name = "URL")]
    from_url: Option<String>,
    /// Examine everything and write nothing to the platform's database.
    #[arg(long)]
    dry_run: bool,
    /// What to do about rows that cannot be taken as they are; where the file is not there and
    /// something has to be decided, a template is written to it.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// Write the report as JSON to this file as well.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How the report is written to standard output.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) output: Output,
    /// How many passwords are compared at the end with what was made of them: a number, or `all`.
    #[arg(long, value_name = "N", default_value = "100")]
    verify_passwords: Sample,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    #[default]
    Text,
    Json,
}

/// A number, or all.
#[derive(Clone, Copy, Debug)]
struct Sample(Option<u64>);

impl std::str::FromStr for Sample {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" {
            return Ok(Self(None));
        }
        text.parse().map(|number| Self(Some(number))).map_err(|_| "must be a number, or all")
    }
}

/// Imports; what was found and done.
pub(crate) async fn run(args: &ImportArgs) -> Result<Report, Failure> {
    let env = Env::from_process()?;
    let source = source(args, &env)?;
    let (decisions, is_new) = decisions(args.decisions.as_deref())?;
    // Nothing else runs here that a core would have to be left to.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let config = Config::from_env(&env.or("HASH_THREADS", cores.to_string()))?;
    let predecessor = Predecessor::open(&source, CONNECT_TIMEOUT).await?;
    Import::check_target(&config.users.database_url, CONNECT_TIMEOUT).await?;
    if !args.dry_run {
        platform::prepare(&config).await?.close().await;
    }
    let settings = ImportSettings {
        dry_run: args.dry_run,
        decisions,
        checked_passwords: args.verify_passwords.0,
    };
    let import = Import::connect(&config.users, Sources::system())?;
    let teller = Teller::default();
    let report = import.run(predecessor, &settings, &|progress| teller.tell(progress)).await;
    import.close().await;
    let report = report?;
    if let Some(path) = &args.report {
        write(path, &format!("{:#}\n", report.to_json()))?;
    }
    if let Some(path) = args.decisions.as_deref().filter(|_| is_new && report.undecided() > 0) {
        write(path, &report.template())?;
        say(&format!("{}: a template, to be filled in", path.display()));
    }
    Ok(report)
}

/// Shows the report, or why there is none, on standard output.
pub(crate) fn show(ended: &Result<Report, Failure>, output: Output) -> io::Result<()> {
    use std::io::Write as _;
    let text = match (ended, output) {
        (Ok(report), Output::Text) => report.to_string(),
        (Ok(report), Output::Json) => format!("{}\n", report.to_json()),
        (Err(_), Output::Text) => return Ok(()),
        (Err(failure), Output::Json) => {
            let error = json!({"exit": failure.exit_code(), "message": failure.lines().join("; ")});
            format!("{}\n", json!({"format": 1, "command": "import", "error": error}))
        }
    };
    io::stdout().write_all(text.as_bytes())
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
    let missing = || ConfigError::new(SOURCE, "must be set, or --from-url must be given");
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

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: path.display().to_string(), source };
    private_file::write(path, text).map_err(failed)
}

/// Tells on standard error how far it is, now and then.
#[derive(Default)]
struct Teller {
    last: Mutex<Option<Instant>>,
}

impl Teller {
    fn tell(&self, progress: Progress) {
        match progress {
            Progress::Examining { users } => say(&format!("examining {users} users")),
            Progress::Hashing { passwords, threads, expected } => say(&format!(
                "hashing {passwords} passwords, {threads} at a time: about {}",
                rounded(expected)
            )),
            Progress::Copied { done, total } => {
                self.now_and_then(done == total, &format!("{done} of {total} users are here"));
            }
            Progress::Verified { done, total } => {
                self.now_and_then(done == total, &format!("{done} of {total} users are compared"));
            }
        }
    }

    fn now_and_then(&self, is_last: bool, text: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last.elapsed() >= TELL_EVERY);
        if is_last || is_due || io::stderr().is_terminal() {
            *last = Some(Instant::now());
            say(text);
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

#[expect(clippy::print_stderr, reason = "what is told beside the answer")]
fn say(text: &str) {
    eprintln!("artisan: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_unit() {
        let told = |seconds| rounded(Duration::from_secs(seconds));
        assert_eq!([told(0), told(119), told(150), told(7201)], ["1 s", "119 s", "3 min", "3 h"]);
    }

    #[test]
    fn a_sample_is_a_number_or_all() {
        let sample = |text: &str| text.parse::<Sample>().map(|sample| sample.0);
        assert_eq!(sample("all"), Ok(None));
        assert_eq!(sample("7"), Ok(Some(7)));
        assert!(sample("-1").is_err());
    }
}

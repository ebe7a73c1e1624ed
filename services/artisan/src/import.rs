//! `artisan import`: a file that `artisan export` wrote, or the accounts of the predecessor.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use artisan_user_service::import::Report;
use artisan_user_service::transfer;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::new_file::names_a_file;
use crate::private_file;

mod file;
mod predecessor;
mod sample;

use file::FileReport;
use sample::Sample;

/// How long a database may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const EXAMPLES: &str = "\
Examples:
  artisan import accounts.jsonl                 into the database of DATABASE_URL
  artisan import accounts.jsonl --dry-run       check the file and that database, write nothing
  artisan import --from-url mysql://reader@old-db/artisans --decisions decisions.json";

/// What to import: FILE, or the predecessor's database.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ImportArgs {
    /// A file that `artisan export` wrote. The database has to be migrated, and holds nothing else than
    /// rows of this file.
    #[arg(value_name = "FILE", conflicts_with_all = ["from_url", "decisions", "verify_passwords"])]
    file: Option<PathBuf>,
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

/// What was found and done.
#[derive(Debug)]
pub(crate) enum Done {
    File(FileReport),
    Predecessor(Report),
}

impl Done {
    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::File(report) => transfer::imported_exit_code(&report.imported),
            Self::Predecessor(report) => report.exit_code(),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::File(report) => report.to_json(),
            Self::Predecessor(report) => report.to_json(),
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::File(report) => report.to_string(),
            Self::Predecessor(report) => report.to_string(),
        }
    }
}

/// Imports; what was found and done.
pub(crate) async fn run(args: &ImportArgs) -> Result<Done, Failure> {
    if let (Some(file), Some(report)) = (&args.file, &args.report)
        && is_same(file, report)
    {
        return Err(Failure::Report { path: report.display().to_string() });
    }
    if let Some(report) = &args.report {
        check_place(report)?;
    }
    let done = match &args.file {
        Some(path) => Done::File(file::run(path, args.dry_run).await?),
        None => Done::Predecessor(Box::pin(predecessor::run(args)).await?),
    };
    if let Some(path) = &args.report {
        write(path, &format!("{:#}\n", done.to_json()))?;
    }
    Ok(done)
}

/// Refuses a place where no file can be made, before the work whose report it is begins.
fn check_place(path: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::NotCreated { path: path.display().to_string(), source };
    if path.is_dir() || !names_a_file(path) {
        let why = io::Error::new(io::ErrorKind::InvalidInput, "it names no file but a folder");
        return Err(failed(why));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if folder.is_dir() {
        Ok(())
    } else {
        Err(failed(io::Error::new(io::ErrorKind::NotFound, "its folder is not there")))
    }
}

/// Whether both lead to one file, by whatever way.
fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Shows the report, or why there is none, on standard output.
pub(crate) fn show(ended: &Result<Done, Failure>, output: Output) -> io::Result<()> {
    use std::io::Write as _;
    let text = match (ended, output) {
        (Ok(done), Output::Text) => done.to_text(),
        (Ok(done), Output::Json) => format!("{}\n", done.to_json()),
        (Err(_), Output::Text) => return Ok(()),
        (Err(failure), Output::Json) => error_document("import", failure),
    };
    io::stdout().write_all(text.as_bytes())
}

/// Why a command failed, as the JSON document that it answers with.
pub(crate) fn error_document(command: &str, failure: &Failure) -> String {
    let error = json!({"exit": failure.exit_code(), "message": failure.lines().join("; ")});
    format!("{}\n", json!({"format": 1, "command": command, "error": error}))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: path.display().to_string(), source };
    private_file::write(path, text).map_err(failed)
}

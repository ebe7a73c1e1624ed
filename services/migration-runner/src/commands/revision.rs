use artisan_migrate::Phase;
use artisan_migrate::author::{self, Draft, Drafted};
use clap::ValueEnum;
use serde::Serialize;

use crate::config::{Config, now};
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// What it does; becomes the name of its files.
    #[arg(short, long)]
    message: String,
    /// The revision that it builds upon, if there is more than one head; `base` begins anew.
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// Allow a --head that others build upon already: a branch begins there.
    #[arg(long)]
    splice: bool,
    /// The label of the branch that begins here.
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// A revision that has to be applied before, without being its parent; may be repeated.
    #[arg(long, value_name = "REV")]
    depends_on: Vec<String>,
    /// Its version, instead of the next one.
    #[arg(long, value_name = "VERSION")]
    rev_id: Option<i64>,
    /// Print the files instead of writing them.
    #[arg(long)]
    sql: bool,
    /// One file without a way back.
    #[arg(long)]
    simple: bool,
    /// Run its statements outside a transaction.
    #[arg(long)]
    no_transaction: bool,
    /// Whether it may run before the program's rollout (expand) or only after it (contract).
    #[arg(long, value_enum, default_value_t = PhaseArg::Expand)]
    phase: PhaseArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PhaseArg {
    Expand,
    Contract,
}

/// A new revision, as `revision` and `merge` tell it.
#[derive(Serialize)]
pub(super) struct Made {
    version: String,
    name: String,
    revises: Vec<String>,
    /// The paths that were written; with `--sql` nothing is.
    files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let draft = Draft {
        message: args.message.clone(),
        heads: args.head.iter().cloned().collect(),
        splice: args.splice,
        branch: args.branch_label.clone(),
        depends_on: args.depends_on.clone(),
        version: args.rev_id,
        simple: args.simple || config.settings.simple == Some(true),
        no_transaction: args.no_transaction,
        phase: match args.phase {
            PhaseArg::Expand => Phase::Expand,
            PhaseArg::Contract => Phase::Contract,
        },
        now: Some(now()),
    };
    make(&draft, args.sql, config)
}

/// Writes the revision, or prints it.
pub(super) fn make(draft: &Draft, prints: bool, config: &Config) -> Result<Outcome, Failure> {
    let (folder, history) = config.folder()?;
    if prints {
        let drafted = author::draft(&history, draft)?;
        let sql = drafted
            .files
            .iter()
            .fold(String::new(), |text, (file, body)| text + "-- " + file + "\n" + body + "\n");
        return Ok(Outcome::new(Made::new(drafted, Vec::new(), Some(sql))));
    }
    let written = author::write(&folder, &history, draft)?;
    let files = written.paths.iter().map(|path| path.display().to_string()).collect();
    Ok(Outcome::new(Made::new(written.drafted, files, None)))
}

impl Made {
    fn new(drafted: Drafted, files: Vec<String>, sql: Option<String>) -> Self {
        let revises = drafted.revises.iter().map(ToString::to_string).collect();
        Self { version: drafted.version.to_string(), name: drafted.name, revises, files, sql }
    }
}

impl Report for Made {
    fn text(&self) -> String {
        match &self.sql {
            Some(sql) => sql.clone(),
            None => lines(self.files.iter().map(|file| format!("made {file}"))),
        }
    }

    fn summary(&self) -> String {
        format!("made revision {}", self.version)
    }
}

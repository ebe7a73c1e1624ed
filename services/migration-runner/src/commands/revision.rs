pub(super) mod autogenerate;
mod hooks;

use std::path::{Path, PathBuf};

use artisan_migrate::author::{self, Draft, Drafted, Style, Versioning};
use artisan_migrate::{Folder, History, MigrationType, Phase, RevisionSettings, parse_offset};
use clap::ValueEnum;
use serde::Serialize;
use time::UtcOffset;

use super::choices::version;
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
    #[arg(long, value_name = "VERSION", value_parser = version, allow_negative_numbers = true)]
    rev_id: Option<i64>,
    /// Make its version of the time, as YYYYMMDDHHMMSS, whatever those of the folder are.
    #[arg(long, conflicts_with_all = ["sequential", "rev_id"])]
    timestamp: bool,
    /// Make its version one more than the newest, whatever those of the folder are.
    #[arg(long, conflicts_with = "rev_id")]
    sequential: bool,
    /// What the version's time is told in: UTC, or an offset like +02:00 on which all agree who make
    /// revisions [default: that of migrate.toml, else UTC].
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true, value_parser = parse_offset)]
    timezone: Option<UtcOffset>,
    /// Alembic's: there is one folder, as sqlx has it.
    #[arg(long, value_name = "DIR", hide = true)]
    version_path: Option<PathBuf>,
    /// Print the files instead of writing them.
    #[arg(long)]
    sql: bool,
    /// One file without a way back.
    #[arg(long)]
    simple: bool,
    /// An up and a down file, whatever migrate.toml and sqlx.toml say.
    #[arg(long, conflicts_with = "simple")]
    reversible: bool,
    /// Run its statements outside a transaction.
    #[arg(long)]
    no_transaction: bool,
    /// Whether it may run before the program's rollout (expand) or only after it (contract).
    #[arg(long, value_enum, default_value_t = PhaseArg::Expand)]
    phase: PhaseArg,
    #[command(flatten)]
    autogenerate: autogenerate::Args,
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
    /// The hooks of migrate.toml that ran.
    hooks: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
}

pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    let (folder, history) = config.folder()?;
    refuse_other_folder(args.version_path.as_deref(), folder.root())?;
    let settings = RevisionSettings::load()?;
    let mut style = settings.style(folder.root())?;
    style.offset = args.timezone.unwrap_or(style.offset);
    style.versioning = args.versioning().or(config.settings.versioning);
    let draft = Draft {
        message: args.message.clone(),
        heads: args.head.iter().cloned().collect(),
        splice: args.splice,
        branch: args.branch_label.clone(),
        depends_on: args.depends_on.clone(),
        version: args.rev_id,
        simple: args.is_simple(&settings, config, &history),
        no_transaction: args.no_transaction,
        phase: match args.phase {
            PhaseArg::Expand => Phase::Expand,
            PhaseArg::Contract => Phase::Contract,
        },
        now: Some(now()),
        style,
        body: None,
    };
    if args.autogenerate.autogenerate {
        return autogenerate::run(&args.autogenerate, &draft, args.sql, &settings, config).await;
    }
    if args.sql {
        let drafted = author::draft(&history, &draft)?;
        let sql = printed(&drafted);
        return Ok(Outcome::new(Made { sql: Some(sql), ..Made::new(drafted) }));
    }
    write(&folder, &history, &draft, &settings)
}

/// The files, one after the other.
fn printed(drafted: &Drafted) -> String {
    let files = drafted.files.iter();
    files.fold(String::new(), |text, (file, body)| text + "-- " + file + "\n" + body + "\n")
}

/// What lies elsewhere would be seen neither by `migrate` nor by sqlx.
fn refuse_other_folder(named: Option<&Path>, root: &Path) -> Result<(), Failure> {
    let Some(named) = named else { return Ok(()) };
    if named.canonicalize().ok() == root.canonicalize().ok() {
        return Ok(());
    }
    let message = format!(
        "--version-path {} is not {}, and all migrations lie in one folder, as sqlx has it: leave it \
         out, or name the folder by --dir",
        named.display(),
        root.display()
    );
    Err(Failure::Usage { reason: "ONE_FOLDER", message })
}

impl Args {
    fn versioning(&self) -> Option<Versioning> {
        match (self.timestamp, self.sequential) {
            (true, _) => Some(Versioning::Timestamp),
            (_, true) => Some(Versioning::Sequential),
            (false, false) => None,
        }
    }

    /// The command line before `migrate.toml`, that before `sqlx.toml`; else there is a way back.
    fn is_simple(&self, settings: &RevisionSettings, config: &Config, history: &History) -> bool {
        if self.simple || self.reversible {
            return self.simple;
        }
        if let Some(reversible) = settings.reversible() {
            return !reversible;
        }
        match config.settings.migration_type {
            Some(MigrationType::Simple) => true,
            Some(MigrationType::Reversible) | None => false,
            Some(MigrationType::Inferred) => {
                history.revisions().last().is_none_or(|newest| newest.down.is_none())
            }
        }
    }
}

/// How the files of merges and rebased revisions are called: as those of new ones.
pub(super) fn naming(settings: &RevisionSettings, config: &Config) -> Result<Style, Failure> {
    let style = settings.style(&config.dir())?;
    let versioning = config.settings.versioning;
    Ok(Style { versioning, up: None, down: None, ..style })
}

/// Writes the revision, then runs the hooks on its files.
pub(super) fn write(
    folder: &Folder,
    history: &History,
    draft: &Draft,
    settings: &RevisionSettings,
) -> Result<Outcome, Failure> {
    let written = author::write(folder, history, draft)?;
    let hooks = hooks::run(settings.hooks(), &written.paths)?;
    let files = written.paths.iter().map(|path| path.display().to_string()).collect();
    Ok(Outcome::new(Made { files, hooks, ..Made::new(written.drafted) }))
}

impl Made {
    fn new(drafted: Drafted) -> Self {
        Self {
            version: drafted.version.to_string(),
            name: drafted.name,
            revises: drafted.revises.iter().map(ToString::to_string).collect(),
            files: Vec::new(),
            hooks: Vec::new(),
            sql: None,
        }
    }
}

impl Report for Made {
    fn text(&self) -> String {
        if let Some(sql) = &self.sql {
            return sql.clone();
        }
        let files = self.files.iter().map(|file| format!("made {file}"));
        lines(files.chain(self.hooks.iter().map(|hook| format!("ran {hook}"))))
    }

    fn quiet(&self) -> String {
        self.sql.clone().unwrap_or_default()
    }

    fn summary(&self) -> String {
        format!("made revision {}", self.version)
    }
}

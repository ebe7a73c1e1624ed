mod base;
mod folders;
mod github;
mod sarif;
mod selection;
mod told;

use artisan_migrate::lint::{self, Finding, Request, Rule, Severity};
use artisan_migrate::{Access, ServerVersion};
use clap::ValueEnum;
use serde::Serialize;

use super::choices::EngineArg;
use super::connect_with;
use crate::cli::Format;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report, lines};
use folders::Folder;
use selection::Selection;
use told::Told;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these: revisions (version, beginning of one, name, head), ranges A:B, or files; all if absent.
    #[arg(value_name = "REV|A:B|FILE")]
    what: Vec<String>,
    /// By the rules of this engine; without it, those of the folder's name or of the database's URL.
    /// A folder `mysql` is looked at as MySQL and as MariaDB.
    #[arg(long, value_enum)]
    engine: Option<EngineArg>,
    /// The server's version, as 15 or 8.0.36, where behaviour depends on it; PostgreSQL 14,
    /// MySQL 8.0.36 and MariaDB 10.6 if absent.
    #[arg(long, value_name = "VERSION")]
    server_version: Option<ServerVersion>,
    /// The least severity that is shown and makes the exit code 10.
    #[arg(long, value_enum, default_value_t = SeverityArg::Warning)]
    severity: SeverityArg,
    /// What is released already: a git revision or a folder. Revisions that it lacks must be newer than
    /// all that it has; without other choice, only those are looked at.
    #[arg(long, value_name = "REF|DIR")]
    base: Option<String>,
    /// Only the revisions that the database does not have yet; needs a database, and only reads it.
    #[arg(long)]
    pending: bool,
    /// How findings are written: for people, as the JSON document, as SARIF 2.1.0, or as annotations
    /// for GitHub Actions.
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    /// List the rules instead: code, severity, engines and name.
    #[arg(long)]
    list_rules: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SeverityArg {
    Error,
    Warning,
    Info,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Self {
        match severity {
            SeverityArg::Error => Self::Error,
            SeverityArg::Warning => Self::Warning,
            SeverityArg::Info => Self::Info,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Text,
    Json,
    Sarif,
    Github,
}

#[derive(Serialize)]
struct Rules {
    rules: Vec<&'static Rule>,
}

impl Report for Rules {
    fn text(&self) -> String {
        lines(self.rules.iter().map(|rule| {
            let engines: Vec<&str> = rule.engines.iter().map(|engine| engine.name()).collect();
            let severity = rule.severity.name();
            format!("{} {severity:<7} {} ({})", rule.code, rule.name, engines.join(", "))
        }))
    }
}

/// Needs no database, unless it is asked what is pending.
pub(super) async fn run(args: &Args, config: &Config) -> Result<Outcome, Failure> {
    if args.list_rules {
        return Ok(Outcome::new(Rules { rules: lint::rules() }));
    }
    if config.output == Format::Json && matches!(args.format, FormatArg::Sarif | FormatArg::Github)
    {
        let message = "--output json is a document of its own: leave it out, or leave --format out";
        return Err(Failure::Usage { reason: "TWO_FORMATS", message: message.to_owned() });
    }
    let folders = folders::find(args.engine.map(Into::into), config)?;
    let pending = if args.pending { Some(pending(&folders, config).await?) } else { None };
    let selection = Selection::new(&args.what);
    let mut findings: Vec<Finding> = Vec::new();
    let histories = folders.iter().map(Folder::history).collect::<Result<Vec<_>, _>>()?;
    for (folder, history) in folders.iter().zip(&histories) {
        let base = args.base.as_deref().map(|base| base::versions(base, folder)).transpose()?;
        let only = selection.versions(folder, history)?;
        let only = narrowed(only, pending.as_deref(), base.as_deref(), history);
        let others =
            folders.iter().zip(&histories).filter(|(other, _)| other.name() != folder.name());
        let others = others.map(|(other, history)| (other.name(), history.versions_known()));
        let others: Vec<_> = others.collect();
        for engine in &folder.engines {
            let request = Request {
                engine: *engine,
                version: args.server_version,
                only: only.clone(),
                base: base.clone(),
                names: folder.names()?,
                others: others.clone(),
            };
            let found = lint::lint(&request, history);
            add(&mut findings, folder, found);
        }
    }
    selection.check()?;
    let engines = folders.iter().flat_map(|folder| &folder.engines).map(|engine| engine.name());
    Ok(Outcome::new(Told::new(engines.collect(), findings, args.severity.into(), args.format)))
}

/// The choice of the command line, else what the base lacks; of that, what is pending.
fn narrowed(
    only: Option<Vec<i64>>,
    pending: Option<&[i64]>,
    base: Option<&[i64]>,
    history: &artisan_migrate::History,
) -> Option<Vec<i64>> {
    let all = || history.revisions().iter().map(|revision| revision.version);
    let added = || base.map(|base| all().filter(|version| !base.contains(version)).collect());
    let only = only.or_else(added);
    match (only, pending) {
        (only, None) => only,
        (None, Some(pending)) => Some(pending.to_vec()),
        (Some(only), Some(pending)) => {
            Some(only.into_iter().filter(|version| pending.contains(version)).collect())
        }
    }
}

/// A folder that serves MySQL and MariaDB has most findings twice.
fn add(findings: &mut Vec<Finding>, folder: &Folder, found: Vec<Finding>) {
    for mut finding in found {
        finding.file = folder.path_of(&finding.file);
        let is_there = findings.iter().any(|known| {
            known.code == finding.code
                && known.file == finding.file
                && known.place == finding.place
                && known.message == finding.message
        });
        if !is_there {
            findings.push(finding);
        }
    }
}

/// What the database lacks of the files that are looked at.
async fn pending(folders: &[Folder], config: &Config) -> Result<Vec<i64>, Failure> {
    let engine = config.url()?.engine();
    let own = folders.iter().find(|folder| folder.name() == engine.folder()).or(folders.first());
    let history = own.map(Folder::history).transpose()?.unwrap_or_default();
    let mut runner = connect_with(config, history, Access::Read).await?;
    let report = runner.history_report(None).await;
    runner.close().await;
    let revisions = report?.revisions.into_iter().filter(|revision| !revision.applied);
    Ok(revisions.filter_map(|revision| revision.facts.version.parse().ok()).collect())
}

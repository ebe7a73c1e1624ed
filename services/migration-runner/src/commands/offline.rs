use std::str::FromStr;

use artisan_migrate::{Engine, History, Offline as Script, Target, TargetRange};
use serde::Serialize;

use super::choices::EngineArg;
use crate::config::Config;
use crate::failure::Failure;
use crate::outcome::{Outcome, Report};

/// The options of commands that can print what they would run.
#[derive(Debug, clap::Args)]
pub(super) struct Offline {
    /// Print the SQL for the engine's own client instead of running it; no database is asked.
    #[arg(long)]
    pub(super) sql: bool,
    /// The engine to print for, where no database URL tells it.
    #[arg(long, value_enum, requires = "sql")]
    engine: Option<EngineArg>,
}

/// Alembic's `--tag`.
#[derive(Debug, clap::Args)]
pub(super) struct Tag {
    /// A text for whoever reads it later: with --sql a comment at the script's head, else a field of the
    /// run's trace and of its JSON log.
    #[arg(long = "tag", value_name = "TEXT")]
    text: Option<String>,
}

impl Tag {
    /// What the run belongs to, in traces and logs.
    pub(super) fn span(&self) -> tracing::Span {
        match &self.text {
            Some(tag) => tracing::info_span!("migrate.tagged", migrate.tag = %tag),
            None => tracing::Span::none(),
        }
    }

    /// The script with the tag at its head.
    pub(super) fn put_on(&self, sql: String) -> String {
        match &self.text {
            // A comment is one line.
            Some(tag) => format!("-- tag: {}\n{sql}", tag.replace(|c: char| c.is_control(), " ")),
            None => sql,
        }
    }
}

/// A target or, with `--sql`, a range whose first end is where the database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Target(Target),
    Range(TargetRange),
}

impl FromStr for Goal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.contains(':') {
            return Ok(Self::Range(text.parse()?));
        }
        Ok(Self::Target(text.parse()?))
    }
}

impl Goal {
    /// The target, for a command that asks the database where it stands.
    pub(super) fn target(&self) -> Result<&Target, Failure> {
        match self {
            Self::Target(target) => Ok(target),
            Self::Range(_) => {
                let message =
                    "a range A:B is for --sql: the database tells where it stands".to_owned();
                Err(Failure::Usage { reason: "BAD_RANGE", message })
            }
        }
    }
}

#[derive(Serialize)]
struct Printed {
    engine: &'static str,
    sql: String,
}

/// Prints what `write` makes of the files.
pub(super) fn print(
    args: &Offline,
    config: &Config,
    write: impl FnOnce(&Script<'_>) -> Result<String, artisan_migrate::Error>,
) -> Result<Outcome, Failure> {
    let from_url = config.url().ok().map(artisan_migrate::DatabaseUrl::engine);
    let engine = args.engine.map(Engine::from).or(from_url).ok_or_else(|| {
        let message = "--sql must know the engine: write --engine, or set DATABASE_URL".to_owned();
        Failure::Usage { reason: "NO_ENGINE", message }
    })?;
    config.options.check(engine)?;
    let history: History = config.history_for(engine)?;
    let script = Script::new(engine, &history, &config.options.table_name);
    let sql = write(&script.creating(&config.options.create_schemas))?;
    Ok(Outcome::new(Printed { engine: engine.name(), sql }))
}

impl Report for Printed {
    fn text(&self) -> String {
        self.sql.clone()
    }
}

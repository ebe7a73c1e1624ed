#![expect(clippy::doc_markdown, reason = "these comments are the help text, shown as they stand")]

use std::ffi::OsString;
use std::path::PathBuf;

use artisan_runtime::env::HumanDuration;
use clap::{Args, CommandFactory as _, Parser, ValueEnum};

use crate::commands::Command;

/// Moves a database along its migrations; one runner at a time, resumable at any instant.
#[derive(Debug, Parser)]
#[command(name = "migrate", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) place: Place,
    /// How results are written to standard output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
    /// Say nothing but what was asked for, and what goes wrong: not what was done, nor what goes on.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

impl Cli {
    /// The command that arguments name, for those that cannot be parsed; empty when there is none.
    pub(crate) fn command_in(arguments: &[OsString]) -> String {
        let all = Self::command();
        let is_named = |name: &&str| arguments.iter().skip(1).any(|argument| argument == *name);
        let mut names = all.get_subcommands().map(clap::Command::get_name);
        names.find(is_named).unwrap_or_default().to_owned()
    }
}

/// Where the files and the database are.
#[derive(Args, Debug)]
pub(crate) struct Place {
    /// The database [env: MIGRATION_DATABASE_URL, else DATABASE_URL].
    #[arg(long, global = true, value_name = "URL", hide_env = true)]
    pub(crate) database_url: Option<String>,
    /// A folder of migrations instead of the embedded ones [env: MIGRATIONS_DIR].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// sqlx's configuration; without it `sqlx.toml` in the working directory, if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How long to wait for another runner [env: LOCK_TIMEOUT, else 5m].
    #[arg(long, global = true, value_name = "DURATION")]
    pub(crate) lock_timeout: Option<HumanDuration>,
    /// How long to try to connect [env: CONNECT_TIMEOUT, else 60s].
    #[arg(long, global = true, value_name = "DURATION")]
    pub(crate) connect_timeout: Option<HumanDuration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn relative_targets_need_no_separator() {
        let cli = Cli::try_parse_from(["migrate", "downgrade", "-1"]).unwrap();
        assert_eq!(cli.command.name(), "downgrade");
        let cli = Cli::try_parse_from(["migrate", "upgrade", "+2"]).unwrap();
        assert_eq!(cli.command.name(), "upgrade");
    }
}

#![expect(clippy::doc_markdown, reason = "these comments are the help text, shown as they stand")]

use std::ffi::OsString;
use std::path::PathBuf;

use artisan_migrate::{Target, TargetRange};
use artisan_runtime::env::HumanDuration;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

/// Moves a database along its migrations; one runner at a time, resumable at any instant.
#[derive(Debug, Parser)]
#[command(name = "migrate", version, about, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) place: Place,
    /// How results are written to standard output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
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
    /// How long to wait for another runner [env: LOCK_TIMEOUT, else 5m].
    #[arg(long, global = true, value_name = "DURATION")]
    pub(crate) lock_timeout: Option<HumanDuration>,
    /// How long to try to connect [env: CONNECT_TIMEOUT, else 60s].
    #[arg(long, global = true, value_name = "DURATION")]
    pub(crate) connect_timeout: Option<HumanDuration>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Apply pending revisions up to TARGET.
    Upgrade {
        /// head, heads, +N, a version, the beginning of one, or a name.
        #[arg(default_value = "head")]
        target: Target,
        /// Which revisions: expand before the program's rollout, contract after it, or all.
        #[arg(long, value_enum)]
        phase: Option<PhaseArg>,
    },
    /// Undo applied revisions down to TARGET.
    Downgrade {
        /// base, -N, a version, the beginning of one, or a name.
        #[arg(allow_hyphen_values = true)]
        target: Target,
        /// Take the scripts kept in the database where there is no file; each is printed first.
        #[arg(long)]
        from_database: bool,
    },
    /// Show where the database stands.
    Current {
        /// Tell the database and what is pending.
        #[arg(short, long)]
        verbose: bool,
        /// Exit with 9 unless the database is at all heads.
        #[arg(short = 'c', long)]
        check_heads: bool,
    },
    /// List revisions, newest first.
    History {
        /// Only those from A to B, as A:B; either may be empty.
        #[arg(short, long, value_name = "A:B")]
        rev_range: Option<TargetRange>,
        /// Tell all about each.
        #[arg(short, long)]
        verbose: bool,
        /// Mark where the database stands.
        #[arg(short, long)]
        indicate_current: bool,
    },
    /// List the revisions that no other one builds upon.
    Heads {
        /// Tell all about each.
        #[arg(short, long)]
        verbose: bool,
    },
    /// Show a revision and its file.
    Show {
        /// head, a version, the beginning of one, or a name.
        target: Target,
    },
    /// Wait until the database has every expand revision of these files.
    Wait {
        /// How long [env: WAIT_TIMEOUT, else 10m].
        #[arg(long, value_name = "DURATION")]
        timeout: Option<HumanDuration>,
    },
    /// Compare the files of applied revisions with what was applied.
    Verify {
        /// Compare checksums.
        #[arg(long, required = true)]
        checksums: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PhaseArg {
    Expand,
    Contract,
    All,
}

impl Command {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Upgrade { .. } => "upgrade",
            Self::Downgrade { .. } => "downgrade",
            Self::Current { .. } => "current",
            Self::History { .. } => "history",
            Self::Heads { .. } => "heads",
            Self::Show { .. } => "show",
            Self::Wait { .. } => "wait",
            Self::Verify { .. } => "verify",
        }
    }
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
        assert!(matches!(cli.command, Command::Downgrade { target: Target::Relative(-1), .. }));
        let cli = Cli::try_parse_from(["migrate", "upgrade", "+2"]).unwrap();
        assert!(matches!(cli.command, Command::Upgrade { target: Target::Relative(2), .. }));
    }
}

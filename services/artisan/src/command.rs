//! The command line.

use clap::{Parser, Subcommand};

use crate::export::ExportArgs;
use crate::import::ImportArgs;

/// The whole platform in one process on an embedded `SQLite` file.
#[derive(Debug, Parser)]
#[command(name = "artisan", version, after_help = "Without a command: migrate and serve.")]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead of serving.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Migrate the database and serve gRPC and HTTP (the default).
    Serve,
    /// Give the administrator a new password, written to the password file and shown on a terminal; sessions are
    /// revoked.
    ResetAdmin,
    /// Write everything that the database holds to one file, from which `import` fills another one, of
    /// whatever engine.
    Export(ExportArgs),
    /// Import a file that `export` wrote, or the accounts of the predecessor from its own database; run
    /// again, it goes on.
    Import(ImportArgs),
}

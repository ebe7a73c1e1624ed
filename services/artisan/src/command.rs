//! The command line.

use clap::{Parser, Subcommand};

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
    /// Give the administrator a new password, written to the password file; sessions are revoked.
    ResetAdmin,
    /// Import the accounts of the predecessor from its own database; run again, it goes on.
    Import(ImportArgs),
}

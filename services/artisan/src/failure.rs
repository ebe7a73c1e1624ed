//! Why the program ends other than by a signal, and with which exit code.

use std::error::Error as _;
use std::io;

use artisan_migrate::Error as MigrateError;
use artisan_runtime::env::ConfigError;
use artisan_runtime::exit::Exit;
use artisan_runtime::http::BindError;
use artisan_user_service::import::{DecisionsError, ImportError};
use artisan_user_service::{BuildError, ServeError};

use crate::administrator;

/// What went wrong, by what can be done about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A port cannot be had.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A file of our own cannot be written.
    #[error("{path} cannot be written; make its folder writable for this user")]
    File {
        /// Where it should lie.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the user's cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// Where it lies.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file of decisions is none.
    #[error("{path} cannot be used")]
    Decisions {
        /// Where it lies.
        path: String,
        /// What is wrong with it.
        source: DecisionsError,
    },
    /// The import ended.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The database cannot be migrated.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The user service cannot be assembled.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// There is no administrator.
    #[error(transparent)]
    Administrator(#[from] administrator::Error),
    /// A server stopped by itself.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Signals cannot be listened to.
    #[error("signals cannot be listened to")]
    Signals(#[source] io::Error),
    /// A task of ours panicked.
    #[error("a part of the program stopped unexpectedly")]
    Task(#[from] tokio::task::JoinError),
}

impl Failure {
    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Unreadable { .. }
            | Self::Decisions { .. }
            | Self::Build(BuildError::Database(_) | BuildError::Replica(_))
            | Self::Serve(ServeError::Tls(_)) => Exit::Config.code(),
            Self::Bind(error) => error.exit().code(),
            Self::Migrate(error) => error.exit_code(),
            Self::Import(error) => error.exit_code(),
            Self::File { .. }
            | Self::Build(BuildError::Hashing(_) | BuildError::Contract(_))
            | Self::Administrator(_)
            | Self::Signals(_)
            | Self::Task(_) => Exit::Failed.code(),
        }
    }

    /// One line for each thing that is wrong.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(error) = source {
            let more = error.to_string();
            if !text.contains(&more) {
                text = format!("{text}: {more}");
            }
            source = error.source();
        }
        let next = match self {
            Self::Migrate(error) => error.next(),
            _ => None,
        };
        text.lines().map(str::to_owned).chain(next).collect()
    }
}

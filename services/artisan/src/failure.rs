//! Why the program ends other than by a signal, and with which exit code.

use std::error::Error as _;
use std::io;

use artisan_migrate::Error as MigrateError;
use artisan_runtime::env::ConfigError;
use artisan_runtime::exit::Exit;
use artisan_runtime::http::BindError;
use artisan_user_service::import::{DecisionsError, ImportError as TakeoverError};
use artisan_user_service::transfer::{self, DatabaseError, ExportError, ImportError};
use artisan_user_service::{BuildError, ServeError};

use crate::administrator;

const BUILT_IN: &str = "artisan's migrations are built in: if the database is another program's, name another one \
     in DATABASE_URL; if its schema was changed by hand, undo that or restore a backup";
const DAMAGED: &str = "a database that is damaged has to be restored from a backup";

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
    /// Something else is where the folder of our files should be.
    #[error(
        "{path} is no folder, where artisan keeps its files; move it away, or name another place in DATABASE_URL"
    )]
    NoFolder {
        /// Where the folder should be.
        path: String,
    },
    /// Another one makes what lies in the folder.
    #[error(
        "another artisan has been starting, or resetting a password, in {path} for ten minutes; wait for it, or end it"
    )]
    Busy {
        /// The folder.
        path: String,
    },
    /// There is nothing to reset.
    #[error(
        "there is no database at {path}, and so no administrator; start artisan first, which makes both, or name the right one in DATABASE_URL"
    )]
    NoDatabase {
        /// Where it should lie.
        path: String,
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
    /// The takeover of the predecessor's accounts ended.
    #[error(transparent)]
    Takeover(#[from] TakeoverError),
    /// A file that shall be made is there already.
    #[error("{path} is there already; name another file, or move it away")]
    Exists {
        /// Where it lies.
        path: String,
    },
    /// A file of the user's cannot be made where it shall be.
    #[error("{path} cannot be made")]
    NotCreated {
        /// Where it should lie.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The report would take the place of the file that is imported.
    #[error("--report {path} is FILE itself; name another file")]
    Report {
        /// Where it lies.
        path: String,
    },
    /// The database cannot be exported, or imported into.
    #[error("DATABASE_URL: {0}")]
    Database(#[from] DatabaseError),
    /// The export ended.
    #[error(transparent)]
    Export(ExportError),
    /// The import of a file ended because of the file.
    #[error("{path}: {source}")]
    Import {
        /// Where it lies.
        path: String,
        /// What is wrong with it.
        source: ImportError,
    },
    /// The import of a file ended because of what the database holds.
    #[error("DATABASE_URL: {0}")]
    Target(#[source] ImportError),
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

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Database(error) => Self::Database(error),
            ExportError::Value { .. } | ExportError::Output(_) => Self::Export(error),
        }
    }
}

impl Failure {
    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_)
            | Self::Unreadable { .. }
            | Self::Decisions { .. }
            | Self::Exists { .. }
            | Self::NoFolder { .. }
            | Self::NoDatabase { .. }
            | Self::NotCreated { .. }
            | Self::Report { .. }
            | Self::Build(BuildError::Database(_) | BuildError::Replica(_))
            | Self::Serve(ServeError::Tls(_)) => Exit::Config.code(),
            Self::Bind(error) => error.exit().code(),
            Self::Migrate(error) => error.exit_code(),
            Self::Takeover(error) => error.exit_code(),
            Self::Database(error) => transfer::database_exit_code(error),
            Self::Export(error) => transfer::export_exit_code(error),
            Self::Import { source: error, .. } | Self::Target(error) => {
                transfer::import_exit_code(error)
            }
            Self::File { .. }
            | Self::Busy { .. }
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
        let more = match self {
            Self::Migrate(MigrateError::MigrationFailed(_)) => Some(BUILT_IN.to_owned()),
            Self::Migrate(MigrateError::Refused { database, .. })
                if database.starts_with("sqlite:") =>
            {
                Some(DAMAGED.to_owned())
            }
            _ => None,
        };
        text.lines().map(str::to_owned).chain(next).chain(more).collect()
    }
}

//! The import of the predecessor's accounts from its own database, which is only read.
//!
//! Everything is examined first, and nothing is written while anything waits for a decision. Then the
//! users who are not here yet are written, a page of them in a transaction; so an import that was cut
//! off goes on when it is begun again, and two at once do no harm. At last every row is read again on
//! both sides and compared.

mod convert;
mod copy;
mod decisions;
mod examine;
mod page;
mod password;
mod report;
mod stamp;
mod verify;

use std::path::PathBuf;
use std::time::Duration;

use artisan_runtime::exit::Exit;
use artisan_runtime::secret::Secret;
use artisan_store::{
    Author, ConnectError, LegacyCounts, LegacyError, LegacySource, Store, StoreError, StoreOptions,
};
use thiserror::Error;

use crate::app::BuildError;
use crate::clock::Sources;
use crate::config::Config;
use crate::hash::{HashError, HashPool, HashPoolSettings};
use crate::schema::known_versions;

pub use decisions::{Decisions, DecisionsError};
pub use report::Report;

/// What the events of imported users name as their request.
const REQUEST_ID: &str = "import";
/// The exit code for what somebody has to decide or to look at.
const EXIT_FINDINGS: u8 = 9;
/// The exit code for a schema that does not fit.
const EXIT_SCHEMA: u8 = 7;

/// What is imported, and how.
#[derive(Debug)]
pub struct ImportSettings {
    /// Write nothing.
    pub dry_run: bool,
    /// What to do about rows that cannot be taken as they are.
    pub decisions: Decisions,
    /// How many passwords are compared at the end with what was made of them; all if absent.
    pub checked_passwords: Option<u64>,
}

/// The predecessor's database, opened: what is written there from now on is not seen.
#[derive(Debug)]
pub struct Predecessor {
    source: LegacySource,
    counts: LegacyCounts,
}

impl Predecessor {
    /// Connects and looks whether it has the tables. It is only read.
    pub async fn open(url: &Secret, timeout: Duration) -> Result<Self, ImportError> {
        let mut source = LegacySource::open(url.expose(), timeout).await?;
        let counts = source.counts().await.map_err(ImportError::source)?;
        source.page(None, 1).await.map_err(ImportError::source)?;
        Ok(Self { source, counts })
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many users are looked at.
    Examining {
        /// How many.
        users: u64,
    },
    /// So many passwords are to be hashed.
    Hashing {
        /// How many.
        passwords: u64,
        /// How many at a time.
        threads: usize,
        /// How long it will take.
        expected: Duration,
    },
    /// So many of the users are here.
    Copied {
        /// How many.
        done: u64,
        /// Of how many.
        total: u64,
    },
    /// So many of the users were compared.
    Verified {
        /// How many.
        done: u64,
        /// Of how many.
        total: u64,
    },
}

/// Who is told how far it is.
pub type Observer<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Why an import ended. What was written before stays; the same command goes on from there.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The source's URL can never work.
    #[error("the source cannot be used")]
    Url(#[source] ConnectError),
    /// The source is a file of `SQLite` that is not there.
    #[error("the source: there is no file {}: look whether the path is right", .0.display())]
    NoFile(PathBuf),
    /// The source does not answer: try again.
    #[error("the source does not answer; run the same command again, it goes on from there")]
    SourceUnavailable(#[source] StoreError),
    /// The source lets nobody in with these credentials, or has no such database.
    #[error(
        "the source refuses the connection; check the user, the password and the database name"
    )]
    SourceRefused(#[source] StoreError),
    /// The source has other tables.
    #[error(
        "the tables users, artisans, buyers and addresses of the predecessor cannot be read in the \
         source; check that it is its database"
    )]
    NotPredecessor(#[source] StoreError),
    /// The platform's database did not do its part.
    #[error(
        "DATABASE_URL: the database did not do its part; run the same command again, it goes on from there"
    )]
    Target(#[source] StoreError),
    /// The platform's database is of an older release.
    #[error(
        "DATABASE_URL: the database is not migrated to this release; run `migrate upgrade` first"
    )]
    Unmigrated,
    /// The platform's database is the predecessor's.
    #[error(
        "DATABASE_URL: there are the tables of the predecessor; name a database of the platform's own, \
         since the predecessor's is only read"
    )]
    SameDatabase,
    /// Decisions name users who are not in the source.
    #[error("the decisions name users who are not in the source: {0}")]
    Unknown(String),
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hashing(#[from] HashError),
}

impl ImportError {
    /// The process's exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::SourceUnavailable(_)
            | Self::Target(StoreError::Unavailable(_) | StoreError::Contended(_)) => {
                Exit::Unreachable.code()
            }
            Self::Url(_)
            | Self::NoFile(_)
            | Self::SourceRefused(_)
            | Self::NotPredecessor(_)
            | Self::SameDatabase
            | Self::Unknown(_)
            | Self::Target(StoreError::Refused(_)) => Exit::Config.code(),
            Self::Unmigrated => EXIT_SCHEMA,
            Self::Target(StoreError::Internal(_)) | Self::Hashing(_) => Exit::Failed.code(),
        }
    }

    fn source(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Contended(_) => Self::SourceUnavailable(error),
            StoreError::Refused(_) => Self::SourceRefused(error),
            StoreError::Internal(_) => Self::NotPredecessor(error),
        }
    }
}

impl From<LegacyError> for ImportError {
    fn from(error: LegacyError) -> Self {
        match error {
            LegacyError::Url(error) => Self::Url(error),
            LegacyError::NoFile(path) => Self::NoFile(path),
            LegacyError::Store(error) => Self::source(error),
        }
    }
}

/// The platform's side of an import.
#[derive(Clone, Debug)]
pub struct Import {
    store: Store,
    hashing: HashPool,
    threads: usize,
    sources: Sources,
}

impl Import {
    /// On the database that the settings name, with a pool of its own for the passwords. Connects
    /// when it is first used.
    pub fn connect(config: &Config, sources: Sources) -> Result<Self, BuildError> {
        let options = StoreOptions {
            max_connections: config.database_max_connections,
            acquire_timeout: config.database_acquire_timeout,
        };
        let store = Store::connect(config.database_url.expose(), options)?;
        let store = store.by(Author { user: None, request_id: REQUEST_ID.to_owned() });
        let HashPoolSettings { threads, argon2, .. } = config.service.hashing;
        // As many wait as work, and a thread that has answered still counts for a moment.
        let settings = HashPoolSettings { threads, queue: threads.saturating_mul(2), argon2 };
        let hashing = HashPool::start(settings).map_err(BuildError::Hashing)?;
        Ok(Self { store, hashing, threads, sources })
    }

    /// Fails where the database that shall be written is the predecessor's: under whatever name it was
    /// given, nothing must be migrated there.
    pub async fn check_target(url: &Secret, timeout: Duration) -> Result<(), ImportError> {
        match Predecessor::open(url, timeout).await {
            Ok(_) => Err(ImportError::SameDatabase),
            // What it is cannot be told yet; an SQLite file may be one that is not made yet.
            Err(ImportError::SourceUnavailable(error)) if !url.expose().starts_with("sqlite:") => {
                Err(ImportError::Target(error))
            }
            Err(_) => Ok(()),
        }
    }

    /// Imports, or tells what stands against it.
    pub async fn run(
        &self,
        predecessor: Predecessor,
        settings: &ImportSettings,
        observer: Observer<'_>,
    ) -> Result<Report, ImportError> {
        let Predecessor { mut source, counts } = predecessor;
        let is_empty = self.is_empty(settings.dry_run).await?;
        observer(Progress::Examining { users: counts.users });
        let decisions = &settings.decisions;
        let mut report = self.examine(&mut source, decisions, counts, is_empty).await?;
        report.dry_run = settings.dry_run;
        if settings.dry_run || report.undecided() > 0 {
            return Ok(report);
        }
        self.copy(&mut source, decisions, &mut report, observer).await?;
        self.verify(&mut source, decisions, settings.checked_passwords, &mut report, observer)
            .await?;
        Ok(report)
    }

    /// Whether nobody has migrated the platform's database yet, which a dry run leaves as it is.
    async fn is_empty(&self, dry_run: bool) -> Result<bool, ImportError> {
        let required = known_versions();
        let missing = match self.store.missing_versions(&required).await {
            // An SQLite file that the first start will make.
            Err(StoreError::Unavailable(_)) if dry_run && self.store.system() == "sqlite" => {
                return Ok(true);
            }
            result => result.map_err(ImportError::Target)?,
        };
        match missing.len() {
            0 => Ok(false),
            all if dry_run && all == required.len() => Ok(true),
            _ => Err(ImportError::Unmigrated),
        }
    }

    /// Returns the connections.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

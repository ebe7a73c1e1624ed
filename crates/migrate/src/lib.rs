//! The migration runner as a library: sqlx's files, one runner at a time, resumable at any instant.
//!
//! A [`Source`] is a set of sqlx migration files; [`History`] is that set validated as a graph. A
//! [`Runner`] is one connection to one database which can tell where the database stands and move
//! it. The outcome of everything is a report that serialises, or an [`Error`] that knows the exit code
//! of the process and the next thing to do.
//!
//! ```no_run
//! # async fn example() -> Result<(), artisan_migrate::Error> {
//! let files = [("1_users.up.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);")];
//! let report = artisan_migrate::upgrade_to_head("sqlite://app.db", files).await?;
//! assert!(report.applied.len() <= 1);
//! # Ok(())
//! # }
//! ```
//!
//! The table `_sqlx_migrations` is written exactly as sqlx 0.9 writes it, so that `sqlx migrate` and
//! this crate can take over from each other whenever no file is half-applied. What goes beyond sqlx
//! stands in tables whose names begin with `_migrate_`.

pub mod author;
pub mod autogenerate;
mod backend;
mod clock;
mod ddl;
mod dump;
mod engine;
mod error;
mod executor;
mod folder;
mod history;
mod impact;
mod journal;
mod ledger;
pub mod lint;
mod observer;
mod offline;
mod owner;
mod plan;
mod report;
mod retry;
mod runner;
mod scratch;
mod settings;
mod source;
pub mod split;
mod statement;
mod stop;
mod target;
mod url;

pub use artisan_schema::Scope as SchemaScope;
pub use artisan_schema::ddl::Style as DdlStyle;
pub use artisan_schema::difference::Lookalike;
pub use artisan_schema::model;
pub use dump::{Drift, SchemaObject, SchemaReport};
pub use engine::Engine;
pub use error::{Applied, Error, FailedStatement, Link, Problem, SquashProblem, Stamp, WayOut};
pub use folder::Folder;
pub use history::{Directives, History, Phase, Revision, Script, Squashed};
pub use impact::{Blocks, Impact, ServerVersion};
pub use observer::{Event, Observer};
pub use offline::Offline;
pub use plan::Phases;
pub use report::{
    AdoptReport, CheckError, CheckReport, CurrentReport, Difference, DowngradeReport, Finding,
    GrantsReport, HeldBack, HistoryReport, Moved, RepairReport, RevisionFacts, RevisionReport,
    StampReport, UpgradeReport, VerifyReport, VersionName, WaitReport,
};
pub use runner::{
    Access, Options, PlanReport, PlannedRevision, PlannedStatement, Repair, Runner, TableSize,
};
pub use scratch::{Confines, ScratchPlace};
pub use settings::{Hook, MigrationType, RevisionSettings, Settings, parse_offset};
pub use source::Source;
pub use stop::{Stop, Stopper};
pub use target::{Target, TargetRange};
pub use url::{DatabaseUrl, UrlError};

/// Applies every pending migration, contract revisions included, and closes the connection.
///
/// `files` are `(name, text)` pairs named as sqlx names them. For programs that own their database
/// (an embedded file, a test); a deployment runs the `migrate` program, which knows phases.
pub async fn upgrade_to_head(
    url: &str,
    files: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> Result<UpgradeReport, Error> {
    let url = DatabaseUrl::parse(url)?;
    let history = History::build(Source::embedded(files))?;
    let mut runner = Runner::connect(&url, Access::Write, history, Options::default()).await?;
    let report = runner.upgrade(&Target::Heads, Phases::All).await;
    runner.close().await;
    report
}

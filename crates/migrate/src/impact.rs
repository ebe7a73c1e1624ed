//! What a statement does to those who use the tables meanwhile: locks, rewrites and scans.

mod mysql;
pub(crate) mod postgres;
mod sqlite;
mod version;

use std::collections::BTreeSet;

use serde::Serialize;

pub use version::ServerVersion;

use crate::Engine;
use crate::ddl::{Name, Schema, What};

/// What a statement does to one table and those who use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// The table as the statement names it.
    pub table: String,
    /// The lock by the server's own name: `ACCESS EXCLUSIVE` (`PostgreSQL`), `LOCK=SHARED` (`MySQL`,
    /// `MariaDB`), `RESERVED` (`SQLite`, whole database), or `UNKNOWN`.
    pub lock: &'static str,
    /// `INSTANT`, `INPLACE` or `COPY`, where the engine has these; `UNKNOWN` where the statement is not understood.
    pub algorithm: Option<&'static str>,
    /// Whether every row is written again; true as well where that is not known.
    pub rewrites: bool,
    /// Whether every row is read while the lock is held; true as well where that is not known.
    pub scans: bool,
    /// Who waits until it is done.
    pub blocks: Blocks,
}

/// Who waits while a statement holds its lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocks {
    /// Nobody but other changes of the schema.
    Nothing,
    /// Those who write.
    Writes,
    /// Everybody.
    ReadsAndWrites,
    /// The statement is not understood: perhaps everybody.
    Unknown,
}

impl Blocks {
    /// The word in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Writes => "writes",
            Self::ReadsAndWrites => "reads-and-writes",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a statement would run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'s> {
    pub(crate) engine: Engine,
    pub(crate) version: ServerVersion,
    /// What the files before it have made.
    pub(crate) schema: &'s Schema,
    /// Tables that nobody uses yet, by their keys.
    pub(crate) fresh: &'s BTreeSet<String>,
}

impl Place<'_> {
    pub(crate) fn is_fresh(&self, table: &Name) -> bool {
        self.fresh.contains(table.key())
    }
}

/// What the statement does to tables that somebody may use.
pub(crate) fn of(place: Place<'_>, what: &What) -> Vec<Impact> {
    let all = match place.engine {
        Engine::Sqlite => sqlite::of(place, what),
        Engine::MySql | Engine::MariaDb => mysql::of(place, what),
        Engine::Postgres => postgres::of(place, what),
    };
    let used = all.into_iter().filter(|(table, _)| !place.is_fresh(table));
    used.map(|(_, impact)| impact).collect()
}

/// The tables that statements make, so that nobody uses them yet.
pub(crate) fn note_fresh(fresh: &mut BTreeSet<String>, what: &What) {
    match what {
        What::CreateTable(table) if table.partition_of.is_none() => {
            fresh.insert(table.name.key().to_owned());
        }
        What::AlterTable(alter) => {
            for action in &alter.actions {
                if let crate::ddl::Action::RenameTo(to) = action
                    && fresh.contains(alter.table.key())
                {
                    fresh.insert(to.key().to_owned());
                }
            }
        }
        _ => {}
    }
}

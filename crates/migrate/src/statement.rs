mod cursor;
mod group;
mod memory;
mod mysql;
mod postgres;
mod prepared;
mod refused;
mod session;
mod sqlite;
mod steps;
mod touched;
mod variables;

pub(crate) use memory::{Lost, in_temp, lost, miscounting, temporary};
pub(crate) use prepared::{Source, source};
pub(crate) use refused::refused;
pub(crate) use session::{assigned, chooses_database};
pub(crate) use steps::{Layout, Step, StepKind, begun, layout, stepwise};
pub(crate) use touched::{touched, written};
pub(crate) use variables::variables;

use crate::Engine;
use crate::split::split;

/// One statement of a file, with what the executor has to know about it.
#[derive(Clone, Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) sql: &'a str,
    pub(crate) line: usize,
    pub(crate) class: Class,
    /// What is sent in its place: without what would be in the runner's way.
    instead: Option<String>,
}

/// How a statement takes part in transactions, and what an interruption leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Rolled back with its transaction; can share one with its journal row.
    Transactional,
    /// Commits by itself, or refuses to run in a transaction.
    Autonomous(Effect),
    /// Changes nothing but this session, which forgets it: repeated after an interruption.
    Session,
    /// Opens a transaction of the file's own.
    Begin,
    /// Commits it.
    Commit,
    /// Undoes it.
    Rollback,
    /// What would only be in the runner's way: table locks of a dump, which would lock the journal
    /// out, autocommit, and the end of a prepared statement.
    Skipped,
}

/// How to tell, after an interruption, whether an autonomous statement has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It has run if the catalog's picture of these objects differs from the one taken before.
    Catalog(Vec<Object>),
    /// A second run does no harm.
    Repeatable,
    /// A second run does no harm once what a broken first one left of these objects is removed.
    Rebuild(Vec<Object>),
    /// Nothing tells, but where it failed it has not run.
    Unknown,
    /// It runs code that may commit in between, so that not even a failure says that nothing has run;
    /// unless the routine is named here and is not there.
    Routine(Vec<Object>),
}

impl Effect {
    /// Whether nothing tells, after an interruption, that it has run or has not.
    pub(crate) fn is_undecidable(&self) -> bool {
        matches!(self, Self::Unknown | Self::Routine(_))
    }

    /// The objects of which a picture is taken before.
    pub(crate) fn objects(&self) -> &[Object] {
        match self {
            Self::Catalog(objects) | Self::Rebuild(objects) | Self::Routine(objects) => objects,
            Self::Repeatable | Self::Unknown => &[],
        }
    }
}

/// An object of the catalog, named as the statement names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) kind: ObjectKind,
    pub(crate) name: String,
}

impl ObjectKind {
    /// Whether it is worked upon beside the traffic, where a statement that waits hinders nobody and
    /// one that gives up leaves something half-made.
    pub(crate) fn is_concurrent(self) -> bool {
        matches!(self, Self::IndexesOf | Self::Index | Self::Rebuilt | Self::Partition)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Table,
    /// Which of several equal tables it is (`MySQL`, where names are exchanged).
    Identity,
    /// The indexes of a table (PostgreSQL, `CONCURRENTLY`).
    IndexesOf,
    Index,
    /// The only one of those indexes that matters, if the statement names it.
    Named,
    /// The half-built indexes of `REINDEX … CONCURRENTLY`, on this table or anywhere if it is empty.
    Rebuilt,
    /// A partition that is detached `CONCURRENTLY`, and behind it the table that it leaves.
    Partition,
    PartitionOf,
    Trigger,
    Procedure,
    Function,
    Event,
    Database,
}

/// All statements of a file.
pub(crate) fn statements(engine: Engine, text: &str) -> Vec<Statement<'_>> {
    split(engine, text)
        .into_iter()
        .filter(|piece| !piece.statement.is_empty())
        .map(|piece| Statement {
            sql: piece.statement,
            line: piece.line,
            class: classify(engine, piece.statement),
            instead: instead(engine, piece.statement),
        })
        .collect()
}

fn classify(engine: Engine, sql: &str) -> Class {
    match engine {
        Engine::Sqlite => sqlite::classify(sql),
        Engine::MySql | Engine::MariaDb => mysql::classify(engine, sql),
        Engine::Postgres => postgres::classify(sql),
    }
}

fn instead(engine: Engine, sql: &str) -> Option<String> {
    match engine {
        Engine::Sqlite | Engine::Postgres => None,
        Engine::MySql | Engine::MariaDb => mysql::without_autocommit(engine, sql),
    }
}

/// Whether the engine ignores the statement within a transaction, though the file relies on it.
pub(crate) fn is_ignored_in_transaction(engine: Engine, sql: &str) -> bool {
    match engine {
        Engine::Sqlite => sqlite::is_ignored_in_transaction(sql),
        Engine::MySql | Engine::MariaDb | Engine::Postgres => false,
    }
}

impl Statement<'_> {
    /// Whether it runs code of which a failure leaves open how far it has come.
    pub(crate) fn may_commit(engine: Engine, sql: &str) -> bool {
        matches!(classify(engine, sql.trim_start()), Class::Autonomous(Effect::Routine(_)))
    }

    /// What is sent to the server.
    pub(crate) fn sent(&self) -> &str {
        self.instead.as_deref().unwrap_or(self.sql)
    }

    /// Whether even its failure leaves open what of it has run.
    pub(crate) fn is_routine(&self) -> bool {
        matches!(self.class, Class::Autonomous(Effect::Routine(_)))
    }

    /// Its first words, on one line.
    pub(crate) fn summary(&self) -> String {
        summary(self.sql)
    }
}

/// The first words of a statement, on one line.
pub(crate) fn summary(sql: &str) -> String {
    let mut words: String = sql.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
    let is_cut = sql.split_whitespace().nth(6).is_some();
    if let Some((at, _)) = words.char_indices().nth(60) {
        words.truncate(at);
        words.push('…');
    } else if is_cut {
        words.push_str(" …");
    }
    words
}

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Sqlite as Driver, SqliteConnection, SqlitePool};
use time::OffsetDateTime;

use crate::engine::{Engine, Fault, driver};
use crate::sql::Statement;
use crate::{ConnectError, StoreOptions};

/// How long a writer waits for another one before the transaction is tried again.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Sqlite;

impl Engine for Sqlite {
    driver!(Driver);

    const SYSTEM: &'static str = "sqlite";
    const SESSION: Option<&'static str> = None;
    /// A transaction that begins as a reader could not become a writer beside another one.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const NUMBERED: bool = false;
    const BY_CODE_POINT: &'static str = "";
    const PADS: bool = false;
    const EXPLAIN: (&'static str, usize) = ("EXPLAIN QUERY PLAN ", 3);
    const COUNT_LEDGERS: &'static str = "SELECT COUNT(*) FROM sqlite_master \
         WHERE type = 'table' AND name IN ('_sqlx_migrations', '_migrate_revisions')";

    async fn cancel(_: &mut SqliteConnection, _: &str) -> Result<(), sqlx::Error> {
        Ok(())
    }

    /// A writer has the whole database to itself, so rows need no lock.
    fn sql(statement: &'static Statement) -> &'static str {
        statement.unlocked()
    }

    /// <https://www.sqlite.org/rescode.html>
    fn fault(error: &dyn DatabaseError) -> Fault {
        let code = error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default();
        // The low byte is the kind of which the whole is a case.
        match (code, code & 0xff) {
            // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
            (1555 | 2067, _) => Fault::Duplicate,
            // SQLITE_BUSY, SQLITE_LOCKED
            (_, 5 | 6) => Fault::Conflict,
            // SQLITE_NOMEM, SQLITE_READONLY, SQLITE_INTERRUPT, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN
            (_, 7 | 8 | 9 | 10 | 13 | 14) => Fault::Unavailable,
            _ => Fault::Other,
        }
    }
}

/// What a URL says of a file.
pub(crate) fn place(url: &str) -> Result<SqliteConnectOptions, ConnectError> {
    let connect: SqliteConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let (path, parameters) = path.split_once('?').unwrap_or((path, ""));
    let is_in_memory = matches!(path.trim_start_matches('/'), "" | ":memory:")
        || parameters.split('&').any(|parameter| parameter == "mode=memory");
    if is_in_memory {
        return Err(ConnectError::InMemory);
    }
    Ok(connect)
}

/// A pool on a file, which must exist when it is first used: `migrate` makes it.
pub(crate) fn pool(url: &str, options: StoreOptions) -> Result<SqlitePool, ConnectError> {
    let connect = place(url)?
        .create_if_missing(false)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(BUSY_TIMEOUT);
    let pool: SqlitePoolOptions = options.pool();
    Ok(pool.connect_lazy_with(connect))
}

/// Microseconds since 1970.
fn stored_time(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1000)).unwrap_or(i64::MAX)
}

fn time_stored(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()
}

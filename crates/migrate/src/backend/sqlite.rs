mod changes;
mod parts;
mod settings;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use artisan_schema::Scope;
use artisan_schema::model::Schema;
use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row as _, SqliteConnection};

use super::file_lock::FileLock;
use super::value::{bind, cells, counted, millis};
use super::{
    Answer, Backend, Canceller, Dialect, Failure, FailureKind, Halted, Kind, Leftovers, Lock, Row,
    Seen, SessionId, Value,
};
use crate::statement::Object;
use crate::{Access, DatabaseUrl, Engine, Stop};

/// How many steps of `SQLite`'s virtual machine pass between two looks at the stop sign.
const STEPS_PER_LOOK: i32 = 1000;

/// How long the first look at a file waits for a lock before it is tried anew.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How long all others wait, as sqlx has it.
const USUAL_WAIT: Duration = Duration::from_secs(5);

/// As sqlx sets its connections, and with the defaults of what clients set otherwise.
pub(super) const SESSION: [&str; 12] = [
    "PRAGMA automatic_index = ON",
    "PRAGMA cache_size = -2000",
    "PRAGMA case_sensitive_like = OFF",
    "PRAGMA cell_size_check = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA ignore_check_constraints = OFF",
    "PRAGMA legacy_alter_table = OFF",
    "PRAGMA query_only = OFF",
    "PRAGMA read_uncommitted = OFF",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA reverse_unordered_selects = OFF",
    "PRAGMA trusted_schema = ON",
];

struct Sqlite {
    connection: SqliteConnection,
    dialect: Dialect,
    lock: Option<FileLock>,
    /// The file, where there is none.
    missing: Option<PathBuf>,
    /// What the connection was set to before a file that changes it.
    settings: Option<settings::Settings>,
}

pub(super) async fn open(
    url: &DatabaseUrl,
    applied: &str,
    access: Access,
    stop: &Stop,
) -> Result<Box<dyn Backend>, Failure> {
    let options = SqliteConnectOptions::from_str(url.expose())
        .map_err(|error| failure(&error))?
        .disable_statement_logging();
    let path = options.get_filename().to_owned();
    let is_file = !url.expose().contains(":memory:") && !url.expose().contains("mode=memory");
    let options = match access {
        _ if !is_file => options,
        Access::Change if path.exists() => options,
        Access::Change => {
            let message = format!("there is no file {}: check the path in the URL", path.display());
            return Err(Failure::new(FailureKind::Refused, message));
        }
        Access::Write => {
            require_parent(&path)?;
            options.create_if_missing(true)
        }
        // Reading must not create the file, and a missing one is a database with nothing in it.
        Access::Read if path.exists() => options.read_only(true),
        Access::Read => SqliteConnectOptions::new().in_memory(true),
    };
    let mut connection = match look(&options).await {
        Err(error) if is_interrupted(&error) && !url.expose().contains("mode=ro") => {
            recover(&options).await?;
            look(&options).await
        }
        looked => looked,
    }
    .map_err(|error| unopened(failure(&error)))?;
    let missing = (is_file && !path.exists()).then(|| path.clone());
    let stop = stop.clone();
    let mut handle = connection.lock_handle().await.map_err(|error| failure(&error))?;
    handle.set_progress_handler(STEPS_PER_LOOK, move || !stop.is_requested());
    drop(handle);
    // A link and its target are one database, so they must have one lock.
    let path = std::fs::canonicalize(&path).unwrap_or(path);
    let lock = is_file.then(|| FileLock::beside(&path));
    let dialect = Dialect::new(Engine::Sqlite, applied);
    Ok(Box::new(Sqlite { connection, dialect, lock, missing, settings: None }))
}

/// The file is first looked at here: what is no database must be refused, not found out later.
async fn look(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    // Whoever waits for a lock is to be told soon.
    let mut connection = options.clone().busy_timeout(FIRST_WAIT).connect().await?;
    sqlx::raw_sql("SELECT 1 FROM sqlite_schema LIMIT 1").fetch_all(&mut connection).await?;
    let sql = format!("PRAGMA busy_timeout = {}", millis(USUAL_WAIT));
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(connection)
}

/// What keeps a file from being looked at, which says of a lock only that there is one.
fn unopened(failure: Failure) -> Failure {
    if failure.kind == FailureKind::Busy { locked(&failure.message) } else { failure }
}

/// Somebody else keeps the file locked.
pub(super) fn locked(words: &str) -> Failure {
    let message = format!("another process keeps the file locked ({words})");
    Failure::new(FailureKind::Busy, message)
}

/// A program was killed in a transaction, and whoever may only read cannot roll it back.
fn is_interrupted(error: &sqlx::Error) -> bool {
    failure(error).kind == FailureKind::NotReady
}

/// Rolls back what a killed program left, as every reader of the file has to.
async fn recover(options: &SqliteConnectOptions) -> Result<(), Failure> {
    let writing = options.clone().read_only(false);
    let connection = look(&writing).await.map_err(|error| Failure {
        message: format!(
            "a program was killed while it wrote, and its transaction can only be rolled back by a \
             user who may write the file ({error})"
        ),
        ..Failure::new(FailureKind::NotReady, String::new())
    })?;
    connection.close().await.map_err(|error| failure(&error))
}

/// A folder that is not there is rather a slip of the pen, or a volume that was not mounted.
fn require_parent(path: &Path) -> Result<(), Failure> {
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) if !parent.is_dir() => {
            let message = format!("there is no folder {}: make it first", parent.display());
            Err(Failure::new(FailureKind::Refused, message))
        }
        Some(_) | None => Ok(()),
    }
}

/// Result codes: <https://www.sqlite.org/rescode.html>. The low byte is the primary one.
fn failure(error: &sqlx::Error) -> Failure {
    Failure::from_driver(error, |code| match code.parse::<u32>().unwrap_or_default() {
        // SQLITE_READONLY_RECOVERY, _ROLLBACK: a killed program's transaction stands in the way.
        264 | 776 => FailureKind::NotReady,
        code => match code & 0xff {
            5 | 6 => FailureKind::Busy,
            8 => FailureKind::ReadOnly,
            9 => FailureKind::Cancelled,
            14 | 23 | 26 => FailureKind::Refused,
            _ => FailureKind::Statement,
        },
    })
}

impl Sqlite {
    async fn run_parts(&mut self, sql: &str, mut seen: Seen<'_>) -> Result<(), Halted> {
        let mut before = 0;
        for part in parts::of(sql) {
            let mut ran = 0;
            let count = || {
                ran += 1;
                seen();
            };
            let run: Result<(), Halted> = counted!(&mut self.connection, part, count);
            run.map_err(|halted| Halted { done: before + halted.done, ..halted })?;
            before += ran;
        }
        Ok(())
    }

    async fn run_statement(&mut self, sql: &str) -> Result<(), Failure> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut self.connection)
            .await
            .map_err(|error| failure(&error))?;
        // SQLite reports broken references as rows, which everybody else ignores.
        let checks =
            sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("pragma"))
                && sql.to_ascii_lowercase().contains("foreign_key_check");
        match rows.first().filter(|_| checks) {
            None => Ok(()),
            Some(row) => {
                let table: String = row.try_get(0).unwrap_or_default();
                let message = format!("{} rows break a foreign key, first in {table}", rows.len());
                Err(Failure::new(FailureKind::Statement, message))
            }
        }
    }
}

impl Backend for Sqlite {
    fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    fn missing_file(&self) -> Option<&Path> {
        self.missing.as_deref()
    }

    fn run<'a>(&'a mut self, sql: &'a str) -> Answer<'a, ()> {
        Box::pin(self.run_statement(sql))
    }

    fn tells_each_end(&self) -> bool {
        true
    }

    fn run_script_seen<'a>(
        &'a mut self,
        sql: &'a str,
        seen: Seen<'a>,
    ) -> BoxFuture<'a, Result<(), Halted>> {
        Box::pin(self.run_parts(sql, seen))
    }

    fn write<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Answer<'a, ()> {
        Box::pin(async move {
            let query = bind!(sql.to_owned(), values).persistent(false);
            query.execute(&mut self.connection).await.map_err(|error| failure(&error))?;
            Ok(())
        })
    }

    fn read<'a>(
        &'a mut self,
        sql: &'a str,
        values: &'a [Value<'a>],
        kinds: &'a [Kind],
    ) -> Answer<'a, Vec<Row>> {
        Box::pin(async move {
            let query = bind!(sql.to_owned(), values).persistent(false);
            let rows =
                query.fetch_all(&mut self.connection).await.map_err(|error| failure(&error))?;
            let rows = rows.iter().map(|row| cells!(row, kinds)).collect::<Result<_, _>>();
            rows.map_err(|error| failure(&error))
        })
    }

    fn has_table<'a>(&'a mut self, name: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
            Ok(!self.read(sql, &[Value::Text(name)], &[Kind::Int]).await?.is_empty())
        })
    }

    fn is_bare(&mut self) -> Answer<'_, bool> {
        Box::pin(async move {
            let sql = "SELECT 1 FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                       AND tbl_name NOT LIKE '\\_migrate\\_%' ESCAPE '\\' AND tbl_name <> ? LIMIT 1";
            let applied = self.dialect.applied.clone();
            Ok(self.read(sql, &[Value::Text(&applied)], &[Kind::Int]).await?.is_empty())
        })
    }

    fn begin(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    fn prepare_session(&mut self, longest: Duration) -> Answer<'_, ()> {
        Box::pin(async move {
            let sql = format!("PRAGMA busy_timeout = {}", millis(longest));
            self.run_statement(&sql).await
        })
    }

    fn wait_for_locks(&mut self, _lock_wait: Duration) -> Answer<'_, ()> {
        // Nobody queues behind a writer that waits, so it waits as long as it may from the start.
        Box::pin(async { Ok(()) })
    }

    fn remember_session(&mut self) -> Answer<'_, ()> {
        Box::pin(settings::remember(self))
    }

    fn restore_session<'a>(&'a mut self, _left: &'a Leftovers) -> Answer<'a, ()> {
        Box::pin(settings::restore(self))
    }

    fn last_change(&mut self) -> Answer<'_, String> {
        Box::pin(changes::restoring(self))
    }

    fn try_lock(&mut self) -> Answer<'_, Lock> {
        Box::pin(async move {
            let Some(lock) = &mut self.lock else { return Ok(Lock::Taken) };
            match lock.try_lock() {
                Ok(None) => Ok(Lock::Taken),
                Ok(Some(holder)) => Ok(Lock::Held(holder)),
                Err(error) => {
                    let message = format!("cannot lock {}: {error}", lock.path().display());
                    Err(Failure::new(FailureKind::Unlockable, message))
                }
            }
        })
    }

    fn unlock(&mut self) -> Answer<'_, ()> {
        if let Some(lock) = &mut self.lock {
            lock.unlock();
        }
        Box::pin(async { Ok(()) })
    }

    fn session(&mut self) -> Answer<'_, SessionId> {
        let id = i64::from(std::process::id());
        Box::pin(async move { Ok(SessionId { id, since: String::new() }) })
    }

    fn has_session<'a>(&'a mut self, _session: &'a SessionId) -> Answer<'a, bool> {
        // The session is the process; the lock on the file tells that it has ended.
        Box::pin(async { Ok(false) })
    }

    fn end_session<'a>(&'a mut self, _session: &'a SessionId) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn picture<'a>(&'a mut self, _objects: &'a [Object]) -> Answer<'a, String> {
        // All DDL is transactional here, so nobody needs one.
        Box::pin(async { Ok(String::new()) })
    }

    fn tidy<'a>(&'a mut self, _objects: &'a [Object], _before: &'a str) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn blockers<'a>(&'a mut self, _objects: &'a [Object]) -> Answer<'a, Option<String>> {
        Box::pin(async { Ok(Some("another connection that writes to the file".to_owned())) })
    }

    fn model<'a>(&'a mut self, scope: &'a Scope) -> Answer<'a, Schema> {
        Box::pin(async move {
            let schema = artisan_schema::catalog::sqlite::read(&mut self.connection, scope).await;
            schema.map_err(|error| Failure::from_schema(error, failure))
        })
    }

    fn canceller(&self) -> Canceller {
        // The progress handler interrupts the statement by itself.
        Box::new(|| Box::pin(async {}))
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // There is nobody to tell if closing fails, and nothing depends on it.
            let _ = self.connection.close().await;
        })
    }
}

pub(super) const TABLES: [(&str, &str); 3] = [
    (
        "{applied}",
        "CREATE TABLE IF NOT EXISTS {applied} (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
)",
    ),
    (
        "_migrate_revisions",
        "CREATE TABLE IF NOT EXISTS _migrate_revisions (
    version BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    phase TEXT NOT NULL,
    floor BIGINT NOT NULL,
    outline BLOB NOT NULL,
    down_file TEXT,
    down_script TEXT
)",
    ),
    (
        "_migrate_journal",
        "CREATE TABLE IF NOT EXISTS _migrate_journal (
    version BIGINT NOT NULL,
    direction TEXT NOT NULL,
    step BIGINT NOT NULL,
    state TEXT NOT NULL,
    digest TEXT NOT NULL,
    picture TEXT,
    session_id BIGINT NOT NULL,
    session_since TEXT NOT NULL,
    runner TEXT NOT NULL,
    started_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (version, direction, step)
)",
    ),
];

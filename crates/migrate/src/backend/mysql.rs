mod group;
mod lease;
mod locks;
mod nodes;
mod picture;
mod progress;
mod settings;
mod tables;
mod transactions;

pub(crate) use settings::{MOVING, emptied};
pub(super) use tables::TABLES;

use std::time::Duration;

use artisan_schema::Scope;
use artisan_schema::model::Schema;
use futures_util::future::BoxFuture;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection, Row as _};

use super::value::{cells, counted};
use super::write::question;
use super::{
    Answer, Backend, Canceller, Dialect, Failure, FailureKind, Halted, Kind, Leftovers, Lock, Row,
    Seen, SessionId, Teller, Value,
};
use crate::retry::FIRST_LOCK_WAIT;
use crate::statement::Object;
use crate::{DatabaseUrl, Engine};

/// What the runner's own statements need, whatever the server's settings are: all rows of what it asks for,
/// commits that neither end the session nor begin another transaction, and no end before the end.
const SETTLED: &str = "SET autocommit = 1, completion_type = 0, sql_big_selects = 1, \
    sql_select_limit = 18446744073709551615 /*M!100101 , max_statement_time = 0 */ \
    /*!80000 , max_execution_time = 0 */";

/// As sqlx opens and sets its sessions (`IGNORE_SPACE` it asks for when it connects), and with the server's defaults
/// for what clients set otherwise: `DEFAULT` would turn both checks off on `MySQL` 9.
pub(super) const SESSION: [&str; 3] = [
    "SET foreign_key_checks = @@GLOBAL.foreign_key_checks, unique_checks = @@GLOBAL.unique_checks, \
     sql_safe_updates = DEFAULT, max_join_size = DEFAULT",
    SETTLED,
    "SET sql_mode = CONCAT(@@GLOBAL.sql_mode, ',PIPES_AS_CONCAT,IGNORE_SPACE,NO_ENGINE_SUBSTITUTION'), \
     time_zone = '+00:00', NAMES utf8mb4",
];

/// What the driver reads of a URL's parameters.
const PARAMETERS: [&str; 14] = [
    "charset",
    "collation",
    "socket",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "sslca",
    "sslcert",
    "sslkey",
    "sslmode",
    "statement-cache-capacity",
    "time-zone",
    "timezone",
];

/// A year, the most that `lock_wait_timeout` takes.
const LONGEST_LOCK_WAIT: u64 = 31_536_000;

struct MySql {
    connection: MySqlConnection,
    options: MySqlConnectOptions,
    dialect: Dialect,
    session: SessionId,
    /// The database that the URL names, or nothing.
    home: String,
    /// The name of sqlx's own lock, once it was asked for.
    lock_name: Option<String>,
    /// What the session was set to before a file that changes it.
    settings: Option<settings::Settings>,
    /// How many seconds one waits for a lock otherwise, while this one may wait longer.
    usual_wait: Option<i64>,
    /// Whether transactions take back the rows of all tables of this database, once that was asked.
    is_pure: Option<bool>,
    /// Whether this is a node of a Galera cluster, once that was asked.
    is_cluster: Option<bool>,
    /// What holds there, where the server's lock does not.
    lease: Option<lease::Lease>,
}

pub(super) fn warn_of_unknown(url: &DatabaseUrl) {
    super::parameters::warn_of_unknown(url.expose(), |key| PARAMETERS.contains(&key));
}

pub(super) async fn open(url: &DatabaseUrl, applied: &str) -> Result<Box<dyn Backend>, Failure> {
    let options = artisan_schema::catalog::mysql_options(url.expose())
        .map_err(|error| failure(&error))?
        .disable_statement_logging();
    let mut connection = connected(&options).await?;
    let sql = "SELECT VERSION(), CONNECTION_ID(), DATABASE()";
    let row = sqlx::raw_sql(sql).fetch_one(&mut connection).await;
    let row = row.map_err(|error| failure(&error))?;
    let version: String = row.try_get(0).map_err(|error| failure(&error))?;
    let id: u64 = row.try_get(1).map_err(|error| failure(&error))?;
    let engine = if version.contains("MariaDB") { Engine::MariaDb } else { Engine::MySql };
    let session = SessionId { id: i64::try_from(id).unwrap_or(i64::MAX), since: String::new() };
    let home: Option<String> = row.try_get(2).map_err(|error| failure(&error))?;
    let mut dialect = Dialect::new(engine, applied);
    // A file may say USE, and the runner's tables are to be found nevertheless.
    dialect.home = home.as_ref().map(|home| quoted_name(home) + ".").unwrap_or_default();
    Ok(Box::new(MySql {
        connection,
        options,
        dialect,
        session,
        home: home.unwrap_or_default(),
        lock_name: None,
        settings: None,
        usual_wait: None,
        is_pure: None,
        is_cluster: None,
        lease: None,
    }))
}

/// A connection whose commits are commits, whatever the server is set to.
async fn connected(options: &MySqlConnectOptions) -> Result<MySqlConnection, Failure> {
    let mut connection = options.connect().await.map_err(|error| failure(&error))?;
    settle(&mut connection).await?;
    Ok(connection)
}

async fn settle(connection: &mut MySqlConnection) -> Result<(), Failure> {
    let settled = sqlx::raw_sql(SETTLED).execute(connection).await;
    settled.map(|_| ()).map_err(|error| failure(&error))
}

/// A name as `MySQL` and `MariaDB` read it, whatever the session's SQL mode.
pub(crate) fn quoted_name(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Error numbers: <https://dev.mysql.com/doc/mysql-errors/9.0/en/server-error-reference.html>
fn failure(error: &sqlx::Error) -> Failure {
    let failure = Failure::from_driver(error, |code| {
        kind(code.parse().unwrap_or_default(), &error.to_string())
    });
    lease::explained(failure)
}

fn kind(code: u16, message: &str) -> FailureKind {
    match code {
        1205 | 1213 => FailureKind::Busy,
        1317 | 1969 | 3024 => FailureKind::Cancelled,
        1146 | 1360 | 1305 | 1539 | 1176 | 4091 => FailureKind::Missing,
        1044 | 1045 | 1049 | 1130 | 1698 | 1251 => FailureKind::Refused,
        1142 | 1143 | 1227 | 1370 => FailureKind::Forbidden,
        // The server's option that forbids it, which only the words name: `--super-read-only`,
        // `--secure-file-priv`.
        1290 if !names_read_only(message) => FailureKind::Statement,
        1290 | 1792 | 1836 => FailureKind::ReadOnly,
        1040 | 1203 | 1047 => FailureKind::NotReady,
        1053 | 1927 | 1180 => FailureKind::Lost,
        _ => FailureKind::Statement,
    }
}

fn names_read_only(message: &str) -> bool {
    ["read-only", "read_only"].iter().any(|option| message.contains(option))
}

impl Backend for MySql {
    fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    fn run<'a>(&'a mut self, sql: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            lease::hold(self).await?;
            let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
            transactions::forget(self, sql);
            query.execute(&mut self.connection).await.map_err(|error| failure(&error))?;
            if settings::sets_characters(sql) {
                // Nobody but the runner reads results, and it reads them so.
                let query = sqlx::raw_sql("SET character_set_results = utf8mb4");
                query.execute(&mut self.connection).await.map_err(|error| failure(&error))?;
            }
            Ok(())
        })
    }

    fn run_script_seen<'a>(
        &'a mut self,
        sql: &'a str,
        seen: Seen<'a>,
    ) -> BoxFuture<'a, Result<(), Halted>> {
        Box::pin(async move {
            lease::hold(self).await?;
            counted!(&mut self.connection, sql, seen)
        })
    }

    fn write<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Answer<'a, ()> {
        Box::pin(async move {
            let sql = question(self.dialect.engine, sql, values);
            self.run(&sql).await
        })
    }

    fn read<'a>(
        &'a mut self,
        sql: &'a str,
        values: &'a [Value<'a>],
        kinds: &'a [Kind],
    ) -> Answer<'a, Vec<Row>> {
        Box::pin(async move {
            // As text: prepared statements that are not kept are closed by a message of their own,
            // and without TCP_NODELAY the next one would wait 40 ms for the server's delayed
            // acknowledgement of it.
            let sql = question(self.dialect.engine, sql, values);
            let query = sqlx::raw_sql(AssertSqlSafe(sql));
            let rows =
                query.fetch_all(&mut self.connection).await.map_err(|error| failure(&error))?;
            let rows = rows.iter().map(|row| cells!(row, kinds)).collect::<Result<_, _>>();
            rows.map_err(|error| failure(&error))
        })
    }

    fn has_table<'a>(&'a mut self, name: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let home = self.home.clone();
            let sql = "SELECT CAST(COUNT(*) AS SIGNED) FROM information_schema.tables \
                       WHERE table_schema = ? AND table_name = ?";
            let values = [Value::Text(&home), Value::Text(name)];
            let rows = self.read(sql, &values, &[Kind::Int]).await?;
            Ok(rows.first().map(|row| row.int(0)).transpose()?.unwrap_or_default() > 0)
        })
    }

    fn is_bare(&mut self) -> Answer<'_, bool> {
        Box::pin(async move {
            let sql = "SELECT CAST(COUNT(*) AS SIGNED) FROM information_schema.tables \
                       WHERE table_schema = ? AND table_name NOT LIKE '|_migrate|_%' ESCAPE '|' \
                       AND table_name <> ?";
            let (home, applied) = (self.home.clone(), self.dialect.applied.clone());
            let values = [Value::Text(&home), Value::Text(&applied)];
            let rows = self.read(sql, &values, &[Kind::Int]).await?;
            Ok(rows.first().map(|row| row.int(0)).transpose()? == Some(0))
        })
    }

    fn begin(&self) -> &'static str {
        "START TRANSACTION"
    }

    fn prepare_session(&mut self, longest: Duration) -> Answer<'_, ()> {
        self.wait_for_locks(longest.min(FIRST_LOCK_WAIT))
    }

    fn wait_for_locks(&mut self, lock_wait: Duration) -> Answer<'_, ()> {
        Box::pin(async move {
            // Whole seconds, and for MySQL at least one.
            let seconds = lock_wait.as_secs().clamp(1, LONGEST_LOCK_WAIT);
            self.run(&format!("SET SESSION lock_wait_timeout = {seconds}")).await
        })
    }

    fn be_patient(&mut self, limit: Duration) -> Answer<'_, ()> {
        Box::pin(async move {
            let sql = "SELECT CAST(@@lock_wait_timeout AS SIGNED)";
            let rows = self.read(sql, &[], &[Kind::Int]).await?;
            self.usual_wait = rows.first().map(|row| row.int(0)).transpose()?;
            self.wait_for_locks(limit).await
        })
    }

    fn hurry(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            let Some(seconds) = self.usual_wait.take() else { return Ok(()) };
            self.run(&format!("SET SESSION lock_wait_timeout = {seconds}")).await
        })
    }

    fn remember_session(&mut self) -> Answer<'_, ()> {
        Box::pin(settings::remember(self))
    }

    fn restore_session<'a>(&'a mut self, left: &'a Leftovers) -> Answer<'a, ()> {
        Box::pin(settings::restore(self, left))
    }

    fn find_untransactional<'a>(&'a mut self, tables: &'a [String]) -> Answer<'a, Option<String>> {
        Box::pin(transactions::find(self, tables))
    }

    fn longest_statement(&mut self) -> Answer<'_, Option<usize>> {
        Box::pin(async move {
            let sql = "SELECT CAST(@@max_allowed_packet AS SIGNED)";
            let rows = self.read(sql, &[], &[Kind::Int]).await?;
            let bytes = rows.first().map(|row| row.int(0)).transpose()?;
            Ok(bytes.and_then(|bytes| usize::try_from(bytes).ok()))
        })
    }

    fn has_several_primaries(&mut self) -> Answer<'_, bool> {
        Box::pin(group::has_several_primaries(self))
    }

    fn try_lock(&mut self) -> Answer<'_, Lock> {
        Box::pin(locks::try_lock(self))
    }

    fn unlock(&mut self) -> Answer<'_, ()> {
        Box::pin(locks::unlock(self))
    }

    fn session(&mut self) -> Answer<'_, SessionId> {
        Box::pin(locks::session(self))
    }

    fn has_session<'a>(&'a mut self, session: &'a SessionId) -> Answer<'a, bool> {
        Box::pin(locks::has_session(self, session))
    }

    fn end_session<'a>(&'a mut self, session: &'a SessionId) -> Answer<'a, ()> {
        Box::pin(async move {
            if locks::is_cluster(self).await? {
                return nodes::end(self, session).await;
            }
            // It may have ended by itself in the meantime.
            match self.run(&format!("KILL {}", session.id)).await {
                Err(error) if error.kind == FailureKind::Lost => Err(error),
                _ => Ok(()),
            }
        })
    }

    fn picture<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, String> {
        Box::pin(picture::take(self, objects))
    }

    fn tidy<'a>(&'a mut self, _objects: &'a [Object], _before: &'a str) -> Answer<'a, ()> {
        // Each DDL statement is atomic here.
        Box::pin(async { Ok(()) })
    }

    fn blockers<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, Option<String>> {
        Box::pin(locks::blockers(self, objects))
    }

    fn model<'a>(&'a mut self, scope: &'a Scope) -> Answer<'a, Schema> {
        Box::pin(async move {
            let schema = artisan_schema::catalog::mysql::read(&mut self.connection, scope).await;
            schema.map_err(|error| Failure::from_schema(error, failure))
        })
    }

    fn canceller(&self) -> Canceller {
        let options = self.options.clone();
        let session = self.session.id;
        Box::new(move || {
            let options = options.clone();
            Box::pin(async move {
                // Who cannot cancel waits for the statement instead.
                let Ok(mut connection) = options.connect().await else { return };
                let sql = AssertSqlSafe(format!("KILL QUERY {session}"));
                let _ = sqlx::raw_sql(sql).execute(&mut connection).await;
                let _ = connection.close().await;
            })
        })
    }

    fn watch(&self, tell: Teller) -> BoxFuture<'static, ()> {
        let engine = self.dialect.engine;
        Box::pin(progress::watch(self.options.clone(), engine, self.session.id, tell))
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // The server ends the session in any case.
            let _ = self.connection.close().await;
        })
    }
}

#[cfg(test)]
mod tests {
    use artisan_testkit::TestDatabase;

    use super::*;

    artisan_testkit::on_engine!(mariadb, MariaDb, servers_settings_do_not_reach_the_runner);
    artisan_testkit::on_engine!(mysql, MySql, servers_settings_do_not_reach_the_runner);

    async fn servers_settings_do_not_reach_the_runner(database: TestDatabase) {
        let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
        // As if they were the server's.
        let set =
            "SET sql_select_limit = 1, completion_type = 2, max_join_size = 1, autocommit = 0";
        sqlx::raw_sql(set).execute(&mut connection).await.unwrap();
        settle(&mut connection).await.unwrap();
        let sql = "SELECT 1 UNION ALL SELECT 2";
        assert_eq!(sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap().len(), 2);
        let sql = "SELECT CAST(@@autocommit AS SIGNED), CAST(@@sql_big_selects AS SIGNED), \
                   CAST(@@completion_type AS CHAR)";
        let row = sqlx::raw_sql(sql).fetch_one(&mut connection).await.unwrap();
        let texts: (i64, i64, String) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(texts, (1, 1, "NO_CHAIN".to_owned()));
        connection.close().await.unwrap();
    }

    #[test]
    fn options_that_forbid_something_are_told_from_each_other() {
        let running = |option: &str| {
            format!(
                "The MySQL server is running with the --{option} option so it cannot execute this statement"
            )
        };
        assert_eq!(kind(1290, &running("super-read-only")), FailureKind::ReadOnly);
        assert_eq!(kind(1290, &running("read-only")), FailureKind::ReadOnly);
        assert_eq!(kind(1290, &running("secure-file-priv")), FailureKind::Statement);
        assert_eq!(
            kind(1792, "Cannot execute statement in a READ ONLY transaction"),
            FailureKind::ReadOnly
        );
    }
}

mod locks;
mod objects;
mod parameters;
mod pooler;
mod progress;
mod sequences;
mod tables;

pub(crate) use parameters::known as known_parameters;
pub(super) use tables::{CLOSING, TABLES};

use std::time::Duration;

use artisan_schema::Scope;
use artisan_schema::model::Schema;
use futures_util::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row as _};
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::value::{cells, counted, millis};
use super::write::question;
use super::{
    Answer, Backend, Canceller, Dialect, Failure, FailureKind, Halted, Kind, Leftovers, Lock, Row,
    Seen, SessionId, Teller, Value,
};
use crate::retry::FIRST_LOCK_WAIT;
use crate::statement::Object;
use crate::{DatabaseUrl, Engine};

/// As sqlx sets its sessions, and what the cutting of files into statements relies on.
pub(super) const SESSION: [&str; 4] = [
    "SET client_encoding = 'UTF8'",
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, MDY'",
    "SET standard_conforming_strings = on",
];

/// As the driver reads bytes, for the message that it begins; files see what the role or the database is
/// set to.
const AS_HEX: &str = "SET LOCAL bytea_output = 'hex';\n";

/// `DISCARD ALL`, but for the lock and temporary tables.
pub(crate) const FORGET: [&str; 7] = [
    "RESET SESSION AUTHORIZATION",
    "RESET ROLE",
    "RESET ALL",
    "CLOSE ALL",
    "UNLISTEN *",
    "DEALLOCATE ALL",
    "DISCARD SEQUENCES",
];

struct Postgres {
    connection: PgConnection,
    options: PgConnectOptions,
    dialect: Dialect,
    session: Option<SessionId>,
    /// How long a statement waits for a lock, once the session was prepared.
    lock_wait: Option<Duration>,
    /// How long one waits otherwise, while this one may wait longer.
    usual_wait: Option<String>,
}

pub(super) fn warn_of_unknown(url: &DatabaseUrl) {
    super::parameters::warn_of_unknown(url.expose(), parameters::is_known);
}

pub(super) async fn open(url: &DatabaseUrl, applied: &str) -> Result<Box<dyn Backend>, Failure> {
    let options = artisan_schema::catalog::postgres_options(&parameters::known(url.expose()))
        .map_err(|error| failure(&error))?
        .application_name("migrate")
        // Poolers refuse parameters that they do not know, and no number is read here.
        .extra_float_digits(None)
        .disable_statement_logging();
    let connection = options.connect().await.map_err(|error| failure(&error))?;
    let dialect = Dialect::new(Engine::Postgres, applied);
    Ok(Box::new(Postgres {
        connection,
        options,
        dialect,
        session: None,
        lock_wait: None,
        usual_wait: None,
    }))
}

/// A time as the server prints it; the driver reads none without a fraction of a second, and `infinity`, years before
/// Christ and beyond 9999 are none to Rust.
fn time(row: &PgRow, column: usize) -> Option<OffsetDateTime> {
    let text: String = row.try_get_unchecked(column).ok()?;
    let format = format_description!(
        version = 2,
        "[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]"
    );
    let time = PrimitiveDateTime::parse(text.trim_end_matches("+00"), format);
    time.ok().map(PrimitiveDateTime::assume_utc)
}

/// SQLSTATE: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn failure(error: &sqlx::Error) -> Failure {
    Failure::from_driver(error, |code| match code {
        "55P03" | "40P01" | "40001" => FailureKind::Busy,
        "57014" => FailureKind::Cancelled,
        "42P01" | "42704" | "3F000" => FailureKind::Missing,
        "57P01" | "57P02" => FailureKind::Lost,
        "57P03" | "53300" => FailureKind::NotReady,
        "42501" => FailureKind::Forbidden,
        "25006" => FailureKind::ReadOnly,
        "3D000" => FailureKind::Refused,
        _ if code.starts_with("08") => FailureKind::Lost,
        _ if code.starts_with("28") => FailureKind::Refused,
        _ => FailureKind::Statement,
    })
}

impl Postgres {
    async fn set_waits(&mut self, lock_wait: Duration) -> Result<(), Failure> {
        let sql = format!("SET lock_timeout = {}", millis(lock_wait).max(1));
        self.run(&sql).await?;
        // From version 14 on the server notices by itself that its client has died.
        let sql = "SELECT set_config(name, '2s', false) FROM pg_settings \
                   WHERE name = 'client_connection_check_interval'";
        match self.run(sql).await {
            Err(error) if error.kind == FailureKind::Lost => Err(error),
            _ => Ok(()),
        }
    }
}

impl Backend for Postgres {
    fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    fn run<'a>(&'a mut self, sql: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
            query.execute(&mut self.connection).await.map_err(|error| failure(&error))?;
            Ok(())
        })
    }

    fn run_script_seen<'a>(
        &'a mut self,
        sql: &'a str,
        seen: Seen<'a>,
    ) -> BoxFuture<'a, Result<(), Halted>> {
        Box::pin(async move { counted!(&mut self.connection, sql, seen) })
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
            // As text: one message, where a prepared statement takes two, which a transaction pooler
            // may send to different servers.
            let before =
                if kinds.iter().any(|kind| matches!(kind, Kind::Bytes)) { AS_HEX } else { "" };
            let sql = format!("{before}{}", question(self.dialect.engine, sql, values));
            let query = sqlx::raw_sql(AssertSqlSafe(sql));
            let rows =
                query.fetch_all(&mut self.connection).await.map_err(|error| failure(&error))?;
            let rows = rows.iter().map(|row| cells!(row, kinds, |at| time(row, at)));
            let rows = rows.collect::<Result<_, _>>();
            rows.map_err(|error| failure(&error))
        })
    }

    fn has_table<'a>(&'a mut self, name: &'a str) -> Answer<'a, bool> {
        Box::pin(async move {
            let sql = "SELECT to_regclass(?) IS NOT NULL";
            let rows = self.read(sql, &[Value::Text(name)], &[Kind::Bool]).await?;
            rows.first().map_or(Ok(false), |row| row.bool(0))
        })
    }

    fn is_bare(&mut self) -> Answer<'_, bool> {
        Box::pin(async move {
            let sql = "SELECT NOT EXISTS (SELECT FROM pg_class c \
                       JOIN pg_namespace n ON n.oid = c.relnamespace \
                       WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname <> 'pg_catalog' \
                       AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_toast' \
                       AND c.relname !~ '^_migrate_' AND c.oid <> to_regclass(?))";
            let applied = self.dialect.applied.clone();
            let rows = self.read(sql, &[Value::Text(&applied)], &[Kind::Bool]).await?;
            rows.first().map_or(Ok(false), |row| row.bool(0))
        })
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    fn prepare_session(&mut self, longest: Duration) -> Answer<'_, ()> {
        Box::pin(async move {
            let sql =
                "SELECT current_setting('search_path'), quote_literal(current_setting('role'))";
            let rows = self.read(sql, &[], &[Kind::Text, Kind::Text]).await?;
            let text = |at| rows.first().and_then(|row| row.find_text(at)).unwrap_or_default();
            let path = if text(0).is_empty() { "''" } else { text(0) };
            // A dump begins with setting the path to nothing, and other files with SET ROLE: the
            // ledger would not be found any more, or be forbidden.
            self.dialect.path = format!(
                "SET LOCAL search_path = {path};\nSET LOCAL session_authorization = DEFAULT;\n\
                 SET LOCAL role = {};\n",
                text(1)
            );
            let lock_wait = longest.min(FIRST_LOCK_WAIT);
            self.lock_wait = Some(lock_wait);
            self.set_waits(lock_wait).await
        })
    }

    fn be_patient(&mut self, limit: Duration) -> Answer<'_, ()> {
        Box::pin(async move {
            let sql = "SELECT quote_literal(current_setting('lock_timeout'))";
            let rows = self.read(sql, &[], &[Kind::Text]).await?;
            self.usual_wait = rows.first().and_then(|row| row.find_text(0)).map(str::to_owned);
            self.run(&format!("SET lock_timeout = {}", millis(limit).max(1))).await
        })
    }

    fn hurry(&mut self) -> Answer<'_, ()> {
        Box::pin(async move {
            let Some(usual) = self.usual_wait.take() else { return Ok(()) };
            self.run(&format!("SET lock_timeout = {usual}")).await
        })
    }

    fn wait_for_locks(&mut self, lock_wait: Duration) -> Answer<'_, ()> {
        Box::pin(async move {
            self.lock_wait = Some(lock_wait);
            self.run(&format!("SET lock_timeout = {}", millis(lock_wait).max(1))).await
        })
    }

    fn remember_session(&mut self) -> Answer<'_, ()> {
        // The server knows what the session began with.
        Box::pin(async { Ok(()) })
    }

    fn restore_session<'a>(&'a mut self, _left: &'a Leftovers) -> Answer<'a, ()> {
        Box::pin(async move {
            self.run(&format!("{}; DISCARD TEMP", FORGET.join("; "))).await?;
            match self.lock_wait {
                Some(lock_wait) => self.set_waits(lock_wait).await,
                None => Ok(()),
            }
        })
    }

    fn is_pooled(&mut self) -> Answer<'_, bool> {
        Box::pin(pooler::stands_before(self))
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
            let sql = "SELECT pg_terminate_backend(?::int)";
            self.write(sql, &[Value::Int(session.id)]).await
        })
    }

    fn picture<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, String> {
        Box::pin(objects::picture(self, objects))
    }

    fn tidy<'a>(&'a mut self, objects: &'a [Object], before: &'a str) -> Answer<'a, ()> {
        Box::pin(objects::tidy(self, objects, before))
    }

    fn check_made<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, ()> {
        Box::pin(objects::check_made(self, objects))
    }

    fn sequences(&mut self) -> Answer<'_, String> {
        Box::pin(sequences::restoring(self))
    }

    fn blockers<'a>(&'a mut self, objects: &'a [Object]) -> Answer<'a, Option<String>> {
        Box::pin(locks::blockers(self, objects))
    }

    fn model<'a>(&'a mut self, scope: &'a Scope) -> Answer<'a, Schema> {
        Box::pin(async move {
            // A file may have had the server forget them, and each file's settings are forgotten so.
            let cleared = self.connection.clear_cached_statements().await;
            cleared.map_err(|error| failure(&error))?;
            let schema = artisan_schema::catalog::postgres::read(&mut self.connection, scope).await;
            schema.map_err(|error| Failure::from_schema(error, failure))
        })
    }

    fn settled(&mut self, from: Schema, to: Schema) -> Answer<'_, (Schema, Schema)> {
        Box::pin(async move {
            let connection = &mut self.connection;
            let settled = artisan_schema::catalog::postgres::settled(connection, from, to).await;
            settled.map_err(|error| Failure::from_schema(error, failure))
        })
    }

    fn canceller(&self) -> Canceller {
        let options = self.options.clone();
        let session = self.session.as_ref().map_or(0, |session| session.id);
        Box::new(move || {
            let options = options.clone();
            Box::pin(async move {
                // Who cannot cancel waits for the statement instead.
                let Ok(mut connection) = options.connect().await else { return };
                let query = sqlx::query("SELECT pg_cancel_backend($1::int)").bind(session);
                let _ = query.execute(&mut connection).await;
                let _ = connection.close().await;
            })
        })
    }

    fn watch(&self, tell: Teller) -> BoxFuture<'static, ()> {
        let session = self.session.as_ref().map_or(0, |session| session.id);
        Box::pin(progress::watch(self.options.clone(), session, tell))
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // The server ends the session in any case.
            let _ = self.connection.close().await;
        })
    }
}

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Postgres as Driver};
use time::OffsetDateTime;

use crate::engine::{BoxError, Engine, Fault, Value, driver, to_micros};
use crate::sql::Statement;
use crate::url::bare_address;
use crate::{ConnectError, StoreOptions};

mod micros;
mod pooler;
mod rows;

pub(crate) use micros::raw_micros;

#[derive(Debug)]
pub(crate) struct Postgres;

impl Engine for Postgres {
    driver!(Driver);

    const SYSTEM: &'static str = "postgresql";
    /// The number of a process is given again, but not at the same time.
    const SESSION: Option<&'static str> = Some(
        "SELECT pid || ' ' || extract(epoch FROM backend_start) FROM pg_stat_activity \
         WHERE pid = pg_backend_pid()",
    );
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED";
    const NUMBERED: bool = true;
    const BY_CODE_POINT: &'static str = " COLLATE \"C\"";
    const PADS: bool = false;
    const EXPLAIN: (&'static str, usize) = ("EXPLAIN ", 0);
    const COUNT_LEDGERS: &'static str = "SELECT COUNT(*) FROM (VALUES ('_sqlx_migrations'), ('_migrate_revisions')) ledger (name) \
         WHERE to_regclass(name) IS NOT NULL";

    async fn cancel(connection: &mut PgConnection, session: &str) -> Result<(), sqlx::Error> {
        let sql = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
                   WHERE pid || ' ' || extract(epoch FROM backend_start) = $1";
        sqlx::query(sql).bind(session).execute(connection).await.map(drop)
    }

    fn insert<'a, R: AsRef<[Value<'a>]>>(
        head: &'static str,
        values: &[R],
    ) -> Result<(String, PgArguments), BoxError> {
        rows::insert(head, values)
    }

    fn sql(statement: &'static Statement) -> &'static str {
        statement.numbered()
    }

    async fn is_pooled(pool: &PgPool) -> Result<bool, sqlx::Error> {
        pooler::stands_before(&pool.connect_options()).await
    }

    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    fn fault(error: &dyn DatabaseError) -> Fault {
        match error.code().as_deref() {
            // serialization_failure, deadlock_detected; lock_not_available, where a lock_timeout is set
            Some("40001" | "40P01" | "55P03") => Fault::Conflict,
            // unique_violation
            Some("23505") => Fault::Duplicate,
            // admin_shutdown, crash_shutdown, database_dropped, idle_session_timeout,
            // idle_in_transaction_session_timeout, transaction_timeout, statement_completion_unknown
            Some("57P01" | "57P02" | "57P04" | "57P05" | "25P03" | "25P04" | "40003") => {
                Fault::Lost
            }
            // read_only_sql_transaction: a standby, or a server that became one
            Some("25006") => Fault::ReadOnly,
            // cannot_connect_now, query_canceled (statement_timeout), system_error, io_error;
            // object_not_in_prerequisite_state: a database that takes no connections
            Some("57P03" | "57014" | "58000" | "58030" | "55000") => Fault::Unavailable,
            // invalid_authorization_specification, invalid_password, invalid_catalog_name
            Some("28000" | "28P01" | "3D000") => Fault::Refused,
            Some(code) => match code.get(..2) {
                // connection_exception, of poolers too
                Some("08") => Fault::Lost,
                // insufficient_resources: too many connections, disk full, out of memory
                Some("53") => Fault::Unavailable,
                _ => Fault::Other,
            },
            None => Fault::Other,
        }
    }
}

/// What a URL says of a server.
pub(crate) fn place(url: &str) -> Result<PgConnectOptions, ConnectError> {
    let connect: PgConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
    let address = bare_address(connect.get_host());
    Ok(if let Some(address) = address { connect.host(&address) } else { connect })
}

/// A pool that connects when it is first used.
pub(crate) fn pool(url: &str, options: StoreOptions) -> Result<PgPool, ConnectError> {
    // A start-up parameter that poolers refuse and that no value here needs.
    let connect = place(url)?.extra_float_digits(None);
    let pool: PgPoolOptions = options.pool();
    Ok(pool.connect_lazy_with(connect))
}

fn stored_time(time: OffsetDateTime) -> OffsetDateTime {
    to_micros(time)
}

#[expect(clippy::unnecessary_wraps, reason = "not every number is a time on the other engines")]
fn time_stored(time: OffsetDateTime) -> Option<OffsetDateTime> {
    Some(time)
}

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres as Driver};
use time::OffsetDateTime;

use crate::engine::{Engine, Fault, driver, to_micros};
use crate::sql::Statement;
use crate::{ConnectError, StoreOptions};

#[derive(Debug)]
pub(crate) struct Postgres;

impl Engine for Postgres {
    driver!(Driver);

    const SYSTEM: &'static str = "postgresql";
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED";
    const NUMBERED: bool = true;
    const BY_CODE_POINT: &'static str = " COLLATE \"C\"";
    const PADS: bool = false;
    const EXPLAIN: (&'static str, usize) = ("EXPLAIN ", 0);
    const COUNT_LEDGERS: &'static str = "SELECT COUNT(*) FROM (VALUES ('_sqlx_migrations'), ('_migrate_revisions')) ledger (name) \
         WHERE to_regclass(name) IS NOT NULL";

    fn sql(statement: &'static Statement) -> &'static str {
        statement.numbered()
    }

    /// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
    fn fault(error: &dyn DatabaseError) -> Fault {
        match error.code().as_deref() {
            // serialization_failure, deadlock_detected
            Some("40001" | "40P01") => Fault::Conflict,
            // unique_violation
            Some("23505") => Fault::Duplicate,
            // admin_shutdown, crash_shutdown, idle_session_timeout
            Some("57P01" | "57P02" | "57P05") => Fault::Lost,
            // cannot_connect_now, too_many_connections, disk_full, read_only_sql_transaction
            Some("57P03" | "53300" | "53100" | "25006") => Fault::Unavailable,
            // invalid_authorization_specification, invalid_password, invalid_catalog_name
            Some("28000" | "28P01" | "3D000") => Fault::Refused,
            _ => Fault::Other,
        }
    }
}

/// A pool that connects when it is first used.
pub(crate) fn pool(url: &str, options: StoreOptions) -> Result<PgPool, ConnectError> {
    let connect: PgConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
    // A start-up parameter that poolers refuse and that no value here needs.
    let connect = connect.extra_float_digits(None);
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

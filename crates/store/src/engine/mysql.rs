use sqlx::error::DatabaseError;
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlPoolOptions};
use sqlx::{Executor as _, MySql as Driver, MySqlConnection, MySqlPool};
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::engine::{Engine, Fault, driver, to_micros};
use crate::sql::Statement;
use crate::url::bare_address;
use crate::{ConnectError, StoreOptions};

/// `MySQL` and `MariaDB`.
#[derive(Debug)]
pub(crate) struct MySql;

impl Engine for MySql {
    driver!(Driver);

    const SYSTEM: &'static str = "mysql";
    /// The number alone could be that of somebody else on another node of a cluster.
    const SESSION: Option<&'static str> =
        Some("SELECT CONCAT(@@hostname, ':', @@port, ' ', CONNECTION_ID())");
    const BEGIN: &'static str = "BEGIN";
    const NUMBERED: bool = false;
    const BY_CODE_POINT: &'static str = "";
    /// `utf8mb4_bin` compares as if the shorter text went on with spaces.
    const PADS: bool = true;
    const EXPLAIN: (&'static str, usize) = ("EXPLAIN FORMAT=JSON ", 0);
    const COUNT_LEDGERS: &'static str = "SELECT COUNT(*) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name IN ('_sqlx_migrations', '_migrate_revisions')";

    async fn cancel(connection: &mut MySqlConnection, session: &str) -> Result<(), sqlx::Error> {
        let sql = "SELECT CONCAT(@@hostname, ':', @@port, ' ')";
        let server: String = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
        let number = session.strip_prefix(&server).and_then(|number| number.parse::<u64>().ok());
        let Some(number) = number else { return Err(sqlx::Error::RowNotFound) };
        let kill = sqlx::AssertSqlSafe(format!("KILL QUERY {number}"));
        sqlx::raw_sql(kill).execute(connection).await.map(drop)
    }

    fn sql(statement: &'static Statement) -> &'static str {
        statement.as_written()
    }

    /// <https://dev.mysql.com/doc/mysql-errors/9.0/en/server-error-reference.html>,
    /// <https://mariadb.com/docs/server/reference/error-codes>
    fn fault(error: &dyn DatabaseError) -> Fault {
        match error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number) {
            // ER_LOCK_DEADLOCK (of Galera too), ER_LOCK_WAIT_TIMEOUT, ER_CHECKREAD, ER_XA_RBDEADLOCK,
            // ER_TRANSACTION_ROLLBACK_DURING_COMMIT; write conflicts of TiDB
            Some(1213 | 1205 | 1020 | 1614 | 3101 | 8002 | 8022 | 9007) => Fault::Conflict,
            // ER_DUP_ENTRY, ER_DUP_ENTRY_WITH_KEY_NAME
            Some(1062 | 1586) => Fault::Duplicate,
            // ER_SERVER_SHUTDOWN, ER_NEW_ABORTING_CONNECTION, ER_CONNECTION_KILLED,
            // ER_CLIENT_INTERACTION_TIMEOUT; Galera outside its primary component:
            // ER_UNKNOWN_COM_ERROR, ER_ERROR_DURING_COMMIT
            Some(1053 | 1184 | 1927 | 4031 | 1047 | 1180) => Fault::Lost,
            // ER_OPTION_PREVENTS_STATEMENT (read_only), ER_READ_ONLY_MODE
            Some(1290 | 1836) => Fault::ReadOnly,
            // ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED,
            // ER_HOST_IS_BLOCKED; EE_WRITE, ER_DISK_FULL, ER_ERROR_ON_WRITE, ER_GET_ERRNO,
            // ER_RECORD_FILE_FULL; ER_OUTOFMEMORY, ER_OUT_OF_SORTMEMORY, ER_OUT_OF_RESOURCES;
            // ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT, ER_QUERY_TIMEOUT; TiDB without its store
            Some(
                1040 | 1203 | 1226 | 1129 | 3 | 1021 | 1026 | 1030 | 1114 | 1037 | 1038 | 1041
                | 1317 | 1969 | 3024 | 9001 | 9002 | 9005,
            ) => Fault::Unavailable,
            // ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_BAD_DB_ERROR, ER_HOST_NOT_PRIVILEGED;
            // ER_MUST_CHANGE_PASSWORD, ER_MUST_CHANGE_PASSWORD_LOGIN, ER_ACCOUNT_HAS_BEEN_LOCKED of both
            Some(1044 | 1045 | 1049 | 1130 | 1820 | 1862 | 3118 | 4151) => Fault::Refused,
            _ => Fault::Other,
        }
    }
}

/// What a URL says of a server.
pub(crate) fn place(url: &str) -> Result<MySqlConnectOptions, ConnectError> {
    let connect: MySqlConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
    let address = bare_address(connect.get_host());
    Ok(if let Some(address) = address { connect.host(&address) } else { connect })
}

/// A pool that connects when it is first used.
///
/// Transactions read what is committed, as on `PostgreSQL`: each statement sees what the lock before
/// it has waited for, and inserts lock no gaps.
pub(crate) fn pool(url: &str, options: StoreOptions) -> Result<MySqlPool, ConnectError> {
    let connect = place(url)?;
    let pool: MySqlPoolOptions = options.pool();
    let pool = pool.after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
            Ok(())
        })
    });
    Ok(pool.connect_lazy_with(connect))
}

/// As a DATETIME, which the columns are. The driver sends a time with an offset as a TIMESTAMP, and
/// `MariaDB` takes one beyond 2038 for none.
fn stored_time(time: OffsetDateTime) -> PrimitiveDateTime {
    let time = to_micros(time);
    PrimitiveDateTime::new(time.date(), time.time())
}

#[expect(clippy::unnecessary_wraps, reason = "not every number is a time on the other engines")]
fn time_stored(time: OffsetDateTime) -> Option<OffsetDateTime> {
    Some(time)
}

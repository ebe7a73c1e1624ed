//! A database to be read as it stands: a transaction that writes nothing and sees one state.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::ConnectError;
use crate::engine::{Connection, Engine, MySql, Postgres, Sqlite};
use crate::error::{Cause, StoreError};
use crate::fault::store_error;

/// An engine as something to read from.
pub(crate) trait Source: Engine {
    /// The type of any text.
    const TEXT: &'static str;

    /// Begins a transaction that writes nothing and sees one state.
    const BEGIN_READING: &'static str;

    /// Whether a table that is written anew looks empty to a transaction that began before, unless it
    /// was locked.
    const LOCKS_BEFORE_READING: bool;

    fn connect(
        url: &str,
    ) -> impl Future<Output = Result<Result<Connection<Self>, sqlx::Error>, ConnectError>> + Send;
}

/// Connects and begins the transaction, which ends with the connection.
pub(crate) async fn open<E: Source, R>(url: &str, timeout: Duration) -> Result<Connection<E>, R>
where
    R: From<ConnectError> + From<StoreError>,
{
    let opened = tokio::time::timeout(timeout, async {
        let mut connection = connect::<E, R>(url).await?;
        E::command(&mut connection, E::BEGIN_READING).await.map_err(store_error::<E>)?;
        Ok(connection)
    });
    let late = |_| R::from(StoreError::Unavailable(Cause::new("it does not answer")));
    opened.await.map_err(late)?
}

/// Connects, and begins nothing.
pub(crate) async fn connect<E: Source, R>(url: &str) -> Result<Connection<E>, R>
where
    R: From<ConnectError> + From<StoreError>,
{
    Ok(E::connect(url).await?.map_err(store_error::<E>)?)
}

/// The file that a URL of `SQLite` names.
pub(crate) fn sqlite_file(url: &str) -> Result<PathBuf, ConnectError> {
    let options: SqliteConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
    let path: &Path = options.get_filename();
    Ok(path.to_owned())
}

impl Source for MySql {
    const TEXT: &'static str = "CHAR";
    /// The level that a snapshot needs, whatever the server's default is, and no end while what was read
    /// is written elsewhere. What stands in `/*M!` only `MariaDB` reads.
    const BEGIN_READING: &'static str = "SET SESSION wait_timeout = 28800 \
         /*M!100300 , SESSION idle_transaction_timeout = 0, \
         SESSION idle_readonly_transaction_timeout = 0 */; \
         SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
         START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    /// It tells: `ER_TABLE_DEF_CHANGED`.
    const LOCKS_BEFORE_READING: bool = false;

    async fn connect(url: &str) -> Result<Result<MySqlConnection, sqlx::Error>, ConnectError> {
        let options: MySqlConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
        Ok(MySqlConnection::connect_with(&options).await)
    }
}

impl Source for Postgres {
    const TEXT: &'static str = "TEXT";
    /// It does not end while what was read is written elsewhere; and a policy that would hide rows is an
    /// error.
    const BEGIN_READING: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; \
         SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL row_security = off";
    const LOCKS_BEFORE_READING: bool = true;

    async fn connect(url: &str) -> Result<Result<PgConnection, sqlx::Error>, ConnectError> {
        let options: PgConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
        Ok(PgConnection::connect_with(&options.extra_float_digits(None)).await)
    }
}

impl Source for Sqlite {
    const TEXT: &'static str = "TEXT";
    const BEGIN_READING: &'static str = "BEGIN";
    const LOCKS_BEFORE_READING: bool = false;

    async fn connect(url: &str) -> Result<Result<SqliteConnection, sqlx::Error>, ConnectError> {
        let options: SqliteConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
        let options = options.create_if_missing(false).read_only(true);
        Ok(SqliteConnection::connect_with(&options).await)
    }
}

//! How each engine is opened to be read as it stands.

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::LegacyError;
use crate::ConnectError;
use crate::engine::{Connection, Engine, MySql, Postgres, Sqlite};
use crate::error::{Cause, StoreError};
use crate::fault::store_error;

/// An engine as something to read from.
pub(super) trait Source: Engine {
    /// The type of any text.
    const TEXT: &'static str;

    /// Begins a transaction that writes nothing and sees one state.
    const BEGIN_READING: &'static str;

    fn connect(
        url: &str,
    ) -> impl Future<Output = Result<Result<Connection<Self>, sqlx::Error>, ConnectError>> + Send;
}

pub(super) async fn open<E: Source>(
    url: &str,
    timeout: Duration,
) -> Result<Connection<E>, LegacyError> {
    let opened = tokio::time::timeout(timeout, async {
        let mut connection = E::connect(url).await?.map_err(store_error::<E>)?;
        E::command(&mut connection, E::BEGIN_READING).await.map_err(store_error::<E>)?;
        Ok(connection)
    });
    let late = |_| LegacyError::Store(StoreError::Unavailable(Cause::new("it does not answer")));
    opened.await.map_err(late)?
}

impl Source for MySql {
    const TEXT: &'static str = "CHAR";
    /// The level that a snapshot needs, whatever the server's default is.
    const BEGIN_READING: &'static str = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; \
         START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

    async fn connect(url: &str) -> Result<Result<MySqlConnection, sqlx::Error>, ConnectError> {
        let options: MySqlConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
        Ok(MySqlConnection::connect_with(&options).await)
    }
}

impl Source for Postgres {
    const TEXT: &'static str = "TEXT";
    const BEGIN_READING: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

    async fn connect(url: &str) -> Result<Result<PgConnection, sqlx::Error>, ConnectError> {
        let options: PgConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
        Ok(PgConnection::connect_with(&options.extra_float_digits(None)).await)
    }
}

impl Source for Sqlite {
    const TEXT: &'static str = "TEXT";
    const BEGIN_READING: &'static str = "BEGIN";

    async fn connect(url: &str) -> Result<Result<SqliteConnection, sqlx::Error>, ConnectError> {
        let options: SqliteConnectOptions = url.parse().map_err(|_| ConnectError::Malformed)?;
        let options = options.create_if_missing(false).read_only(true);
        Ok(SqliteConnection::connect_with(&options).await)
    }
}

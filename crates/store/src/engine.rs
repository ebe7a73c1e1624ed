//! What differs between the engines, and the little that must be spelled for each driver's types.

use std::error::Error;

use sqlx::error::DatabaseError;
use sqlx::{Database, Pool};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::query::Query;
use crate::sql::Statement;

mod mysql;
mod postgres;
mod sqlite;

pub(crate) use mysql::{MySql, place as mysql_place, pool as mysql_pool};
pub(crate) use postgres::{Postgres, place as postgres_place, pool as postgres_pool, raw_micros};
pub(crate) use sqlite::{Sqlite, place as sqlite_place, pool as sqlite_pool};

pub(crate) type Row<E> = <<E as Engine>::Db as Database>::Row;
pub(crate) type Connection<E> = <<E as Engine>::Db as Database>::Connection;
pub(crate) type Prepared<E> = <<E as Engine>::Db as Database>::Statement;
pub(crate) type Arguments<E> = <<E as Engine>::Db as Database>::Arguments;

/// A parameter of a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Id(Uuid),
    MaybeId(Option<Uuid>),
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Flag(bool),
    Number(i64),
    MaybeNumber(Option<i64>),
    Time(OffsetDateTime),
    MaybeTime(Option<OffsetDateTime>),
    Hash(&'a [u8]),
    MaybeHash(Option<&'a [u8]>),
}

/// What an engine's error means for the transaction that met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Another transaction was in the way: the whole transaction may be tried again.
    Conflict,
    /// The connection is of no use any more, another one may be.
    Lost,
    /// The server takes no writes, since another one does by now: a new connection may lead to that.
    ReadOnly,
    /// The server takes no work now.
    Unavailable,
    /// The server lets nobody in with these credentials, or has no such database.
    Refused,
    /// A unique key has the value already.
    Duplicate,
    /// A defect.
    Other,
}

impl Fault {
    /// Whether the connection that met it is to be closed, though it may still answer.
    pub(crate) fn ends_connection(self) -> bool {
        match self {
            Self::Lost | Self::ReadOnly => true,
            Self::Conflict | Self::Unavailable | Self::Refused | Self::Duplicate | Self::Other => {
                false
            }
        }
    }
}

/// An engine: its driver, its spelling, its error codes.
pub(crate) trait Engine: Sized + Send + Sync + 'static {
    type Db: Database;

    /// `db.system.name` of OpenTelemetry's conventions.
    const SYSTEM: &'static str;

    /// Begins a transaction that will write.
    const BEGIN: &'static str;

    /// Whether parameters are `$1`, `$2` instead of `?`.
    const NUMBERED: bool;

    /// What a text is followed by to be compared by its code points.
    const BY_CODE_POINT: &'static str;

    /// Whether a comparison for equality overlooks spaces at the end.
    const PADS: bool;

    /// Asks for the plan of the query that follows, and which column of the answer tells it.
    const EXPLAIN: (&'static str, usize);

    /// Counts the tables that say what is applied where an unqualified name finds them: sqlx's own, and
    /// what `migrate` makes beside it.
    const COUNT_LEDGERS: &'static str;

    /// Asks which session of which server the connection is; none where there is no server.
    const SESSION: Option<&'static str>;

    /// Ends the statement that another session of the same server is at, if it still is.
    fn cancel(
        connection: &mut Connection<Self>,
        session: &str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// The statement as the connection keeps it, which is the same one every time.
    fn prepare(
        connection: &mut Connection<Self>,
        sql: &'static str,
    ) -> impl Future<Output = Result<Prepared<Self>, sqlx::Error>> + Send;

    /// The statement as this engine takes it.
    fn sql(statement: &'static Statement) -> &'static str;

    /// What the code of an error means; its text decides nothing.
    fn fault(error: &dyn DatabaseError) -> Fault;

    fn bind(arguments: &mut Arguments<Self>, value: Value<'_>) -> Result<(), BoxError>;

    /// A statement that inserts these rows, all of the same columns, and its parameters; `head` is `INSERT INTO table (columns) `.
    fn insert<'a, R: AsRef<[Value<'a>]>>(
        head: &'static str,
        rows: &[R],
    ) -> Result<(String, Arguments<Self>), BoxError> {
        let mut query = Query::new::<Self>(head);
        query.push("VALUES ");
        for (number, row) in rows.iter().enumerate() {
            query.push(if number == 0 { "" } else { ", " }).bind_row(row.as_ref().iter().copied());
        }
        let mut arguments = Arguments::<Self>::default();
        for value in query.values() {
            Self::bind(&mut arguments, *value)?;
        }
        Ok((query.text().to_owned(), arguments))
    }

    /// Whether sessions of the server change from one transaction to the next, as behind a pooler.
    fn is_pooled(_pool: &Pool<Self::Db>) -> impl Future<Output = Result<bool, sqlx::Error>> + Send {
        std::future::ready(Ok(false))
    }

    /// Runs a statement without parameters and rows, as text.
    fn command(
        connection: &mut Connection<Self>,
        sql: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Runs a statement; the number of rows that it matched.
    fn execute(
        connection: &mut Connection<Self>,
        sql: &'static str,
        arguments: Arguments<Self>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Runs a query; all its rows.
    fn fetch(
        connection: &mut Connection<Self>,
        sql: &'static str,
        arguments: Arguments<Self>,
    ) -> impl Future<Output = Result<Vec<Row<Self>>, sqlx::Error>> + Send;

    /// [`Self::execute`] for SQL that was put together: of literals only, see [`crate::query::Query`].
    fn execute_built(
        connection: &mut Connection<Self>,
        sql: String,
        arguments: Arguments<Self>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// [`Self::fetch`] for SQL that was put together.
    fn fetch_built(
        connection: &mut Connection<Self>,
        sql: String,
        arguments: Arguments<Self>,
    ) -> impl Future<Output = Result<Vec<Row<Self>>, sqlx::Error>> + Send;

    fn id(row: &Row<Self>, at: usize) -> Result<Option<Uuid>, sqlx::Error>;
    fn text(row: &Row<Self>, at: usize) -> Result<Option<String>, sqlx::Error>;
    fn flag(row: &Row<Self>, at: usize) -> Result<Option<bool>, sqlx::Error>;
    fn number(row: &Row<Self>, at: usize) -> Result<Option<i64>, sqlx::Error>;
    fn time(row: &Row<Self>, at: usize) -> Result<Option<OffsetDateTime>, sqlx::Error>;
    fn hash(row: &Row<Self>, at: usize) -> Result<Option<Vec<u8>>, sqlx::Error>;
}

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// The items of [`Engine`] whose text is the same for every driver and whose types are not.
macro_rules! driver {
    ($db:ty) => {
        type Db = $db;

        fn bind(
            arguments: &mut crate::engine::Arguments<Self>,
            value: crate::engine::Value<'_>,
        ) -> Result<(), crate::engine::BoxError> {
            use sqlx::Arguments as _;
            match value {
                crate::engine::Value::Id(id) => arguments.add(id),
                crate::engine::Value::MaybeId(id) => arguments.add(id),
                crate::engine::Value::Text(text) => arguments.add(text),
                crate::engine::Value::MaybeText(text) => arguments.add(text),
                crate::engine::Value::Flag(flag) => arguments.add(flag),
                crate::engine::Value::Number(number) => arguments.add(number),
                crate::engine::Value::MaybeNumber(number) => arguments.add(number),
                crate::engine::Value::Time(time) => arguments.add(stored_time(time)),
                crate::engine::Value::MaybeTime(time) => arguments.add(time.map(stored_time)),
                crate::engine::Value::Hash(hash) => arguments.add(hash),
                crate::engine::Value::MaybeHash(hash) => arguments.add(hash),
            }
        }

        async fn command(
            connection: &mut crate::engine::Connection<Self>,
            sql: &'static str,
        ) -> Result<(), sqlx::Error> {
            sqlx::raw_sql(sql).execute(connection).await.map(drop)
        }

        async fn prepare(
            connection: &mut crate::engine::Connection<Self>,
            sql: &'static str,
        ) -> Result<crate::engine::Prepared<Self>, sqlx::Error> {
            use sqlx::{Executor as _, SqlSafeStr as _};
            connection.prepare(sql.into_sql_str()).await
        }

        async fn execute(
            connection: &mut crate::engine::Connection<Self>,
            sql: &'static str,
            arguments: crate::engine::Arguments<Self>,
        ) -> Result<u64, sqlx::Error> {
            let done = sqlx::query_with::<$db, _>(sql, arguments).execute(connection).await?;
            Ok(done.rows_affected())
        }

        async fn fetch(
            connection: &mut crate::engine::Connection<Self>,
            sql: &'static str,
            arguments: crate::engine::Arguments<Self>,
        ) -> Result<Vec<crate::engine::Row<Self>>, sqlx::Error> {
            sqlx::query_with::<$db, _>(sql, arguments).fetch_all(connection).await
        }

        async fn execute_built(
            connection: &mut crate::engine::Connection<Self>,
            sql: String,
            arguments: crate::engine::Arguments<Self>,
        ) -> Result<u64, sqlx::Error> {
            let sql = sqlx::AssertSqlSafe(sql);
            let done = sqlx::query_with::<$db, _>(sql, arguments).execute(connection).await?;
            Ok(done.rows_affected())
        }

        async fn fetch_built(
            connection: &mut crate::engine::Connection<Self>,
            sql: String,
            arguments: crate::engine::Arguments<Self>,
        ) -> Result<Vec<crate::engine::Row<Self>>, sqlx::Error> {
            let sql = sqlx::AssertSqlSafe(sql);
            sqlx::query_with::<$db, _>(sql, arguments).fetch_all(connection).await
        }

        crate::engine::driver!(@column id: uuid::Uuid);
        crate::engine::driver!(@column text: String);
        crate::engine::driver!(@column flag: bool);
        crate::engine::driver!(@column number: i64);
        crate::engine::driver!(@column hash: Vec<u8>);

        fn time(
            row: &crate::engine::Row<Self>,
            at: usize,
        ) -> Result<Option<time::OffsetDateTime>, sqlx::Error> {
            sqlx::Row::try_get(row, at).map(|time: Option<_>| time.and_then(time_stored))
        }
    };
    (@column $name:ident: $type:ty) => {
        fn $name(
            row: &crate::engine::Row<Self>,
            at: usize,
        ) -> Result<Option<$type>, sqlx::Error> {
            sqlx::Row::try_get(row, at)
        }
    };
}
use driver;

/// The time without what is below a microsecond, which no engine keeps.
pub(crate) fn to_micros(time: OffsetDateTime) -> OffsetDateTime {
    let micros = time.microsecond();
    time.replace_microsecond(micros).unwrap_or(time).to_offset(time::UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_cut_to_microseconds_of_utc() {
        let time = datetime!(2026-11-23 09:30:00.123_456_789 -3);
        assert_eq!(to_micros(time), datetime!(2026-11-23 12:30:00.123_456 UTC));
        assert_eq!(to_micros(time).nanosecond(), 123_456_000);
    }
}

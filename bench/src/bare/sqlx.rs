//! The SQL of `GetUser` through a pool of sqlx, decoded, and dropped.

use std::str::FromStr as _;

use artisan_testkit::Engine;
use clap::Args;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, MySqlPool, PgPool, Row as _, SqlitePool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::statements::{USER, USER_AND_CALLER, numbered};
use crate::failure::Failure;
use crate::load::{CONCURRENCY, repeat};
use crate::report;

/// Which rows to read, and where.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The engine
    #[arg(long, value_parser = parse_engine)]
    engine: Engine,
    /// The database
    #[arg(long)]
    url: String,
    /// The user's id
    #[arg(long)]
    user: Uuid,
    /// The session's id, to find the caller with the user as the service does
    #[arg(long)]
    session: Option<Uuid>,
}

/// For the command line: an engine by the name that the test kit gives it.
pub(crate) fn parse_engine(name: &str) -> Result<Engine, String> {
    Engine::ALL
        .into_iter()
        .find(|engine| engine.name() == name)
        .ok_or_else(|| format!("one of {}", Engine::ALL.map(Engine::name).join(", ")))
}

/// Reads numbers from standard input, and for each makes that many calls and says `done`.
pub(crate) async fn work(options: &Options) -> Result<(), Failure> {
    let pool = Pool::connect(options).await?;
    let call = || async {
        match options.session {
            Some(session) => pool.find_user_and_caller(options.user, session).await,
            None => pool.find_user(options.user).await,
        }
    };
    report::line("ready");
    // The pool's tasks go on beside this thread, which has nothing else to do.
    for order in std::io::stdin().lines() {
        let calls = order.map_err(Failure::system("reading orders"))?.parse();
        repeat(calls.map_err(Failure::call)?, call).await?;
        report::line("done");
    }
    Ok(())
}

enum Pool {
    Sqlite(SqlitePool),
    MySql(MySqlPool),
    Postgres { pool: PgPool, both: String, user: String },
}

/// Decodes every column of [`USER`], times as this engine gives them.
macro_rules! decode_user {
    ($row:expr, $time:ty) => {{
        let row = &$row;
        let _: Uuid = row.try_get(0)?;
        let _: String = row.try_get(1)?;
        let _: bool = row.try_get(2)?;
        let _: String = row.try_get(3)?;
        let _: i64 = row.try_get(4)?;
        let _: [$time; 2] = [row.try_get(5)?, row.try_get(6)?];
        let _: [Option<$time>; 2] = [row.try_get(7)?, row.try_get(8)?];
        for column in 9..24 {
            let _: Option<String> = row.try_get(column)?;
        }
        Ok::<_, Failure>(())
    }};
}

/// Decodes every column of [`USER_AND_CALLER`], times as this engine gives them.
macro_rules! decode_both {
    ($row:expr, $time:ty) => {{
        let row = &$row;
        decode_user!(row, $time)?;
        let _: [Uuid; 2] = [row.try_get(24)?, row.try_get(25)?];
        let _: [$time; 3] = [row.try_get(26)?, row.try_get(27)?, row.try_get(28)?];
        let _: Option<$time> = row.try_get(29)?;
        let _: String = row.try_get(30)?;
        let _: Option<$time> = row.try_get(31)?;
        let _: Option<String> = row.try_get(32)?;
        Ok::<_, Failure>(())
    }};
}

/// Runs a statement and decodes its row, on any of the engines.
macro_rules! run {
    ($pool:expr, $statement:expr, $field:ident, $decode:ident, $($id:expr),+) => {
        match $pool {
            Pool::Sqlite(pool) => {
                let query = sqlx::query($statement)$(.bind($id))+;
                $decode!(query.fetch_one(pool).await?, i64)
            }
            Pool::MySql(pool) => {
                let query = sqlx::query($statement)$(.bind($id))+;
                $decode!(query.fetch_one(pool).await?, OffsetDateTime)
            }
            Pool::Postgres { pool, $field: statement, .. } => {
                let query = sqlx::query(AssertSqlSafe(statement.as_str()))$(.bind($id))+;
                $decode!(query.fetch_one(pool).await?, OffsetDateTime)
            }
        }
    };
}

impl Pool {
    /// No ping before each call: the comparison is with the least that sqlx can do.
    async fn connect(options: &Options) -> Result<Self, Failure> {
        let url = &options.url;
        Ok(match options.engine {
            Engine::Sqlite => {
                let options =
                    SqliteConnectOptions::from_str(url)?.journal_mode(SqliteJournalMode::Wal);
                let pool = SqlitePoolOptions::new().test_before_acquire(false);
                Self::Sqlite(pool.max_connections(CONCURRENCY).connect_with(options).await?)
            }
            Engine::MariaDb | Engine::MySql => {
                let pool = MySqlPoolOptions::new().test_before_acquire(false);
                Self::MySql(pool.max_connections(CONCURRENCY).connect(url).await?)
            }
            Engine::Postgres => {
                let pool = PgPoolOptions::new().test_before_acquire(false);
                let pool = pool.max_connections(CONCURRENCY).connect(url).await?;
                Self::Postgres { pool, both: numbered(USER_AND_CALLER), user: numbered(USER) }
            }
        })
    }

    async fn find_user_and_caller(&self, user: Uuid, session: Uuid) -> Result<(), Failure> {
        run!(self, USER_AND_CALLER, both, decode_both, user, session)
    }

    async fn find_user(&self, user: Uuid) -> Result<(), Failure> {
        run!(self, USER, user, decode_user, user)
    }
}

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

use super::statements::{CALLER, USER, numbered};
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
    /// The session's id, to find the caller before the user as the service does
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
        if let Some(session) = options.session {
            pool.find_caller(session).await?;
        }
        pool.find_user(options.user).await
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
    Postgres { pool: PgPool, caller: String, user: String },
}

/// Decodes every column of [`CALLER`], times as this engine gives them.
macro_rules! decode_caller {
    ($row:expr, $time:ty) => {{
        let row = &$row;
        let _: [Uuid; 2] = [row.try_get(0)?, row.try_get(1)?];
        let _: [$time; 3] = [row.try_get(2)?, row.try_get(3)?, row.try_get(4)?];
        let _: Option<$time> = row.try_get(5)?;
        let _: String = row.try_get(6)?;
        let _: Option<$time> = row.try_get(7)?;
        let _: Option<String> = row.try_get(8)?;
        Ok::<_, Failure>(())
    }};
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

/// Runs a statement and decodes its row, on any of the engines.
macro_rules! run {
    ($pool:expr, $id:expr, $statement:expr, $field:ident, $decode:ident) => {
        match $pool {
            Pool::Sqlite(pool) => {
                $decode!(sqlx::query($statement).bind($id).fetch_one(pool).await?, i64)
            }
            Pool::MySql(pool) => {
                $decode!(sqlx::query($statement).bind($id).fetch_one(pool).await?, OffsetDateTime)
            }
            Pool::Postgres { pool, $field: statement, .. } => {
                let query = sqlx::query(AssertSqlSafe(statement.as_str()));
                $decode!(query.bind($id).fetch_one(pool).await?, OffsetDateTime)
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
                Self::Postgres { pool, caller: numbered(CALLER), user: numbered(USER) }
            }
        })
    }

    async fn find_caller(&self, session: Uuid) -> Result<(), Failure> {
        run!(self, session, CALLER, caller, decode_caller)
    }

    async fn find_user(&self, user: Uuid) -> Result<(), Failure> {
        run!(self, user, USER, user, decode_user)
    }
}

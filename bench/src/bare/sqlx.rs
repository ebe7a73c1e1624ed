//! The SQL of `GetUser` and `ListUsers` through a pool of sqlx, decoded, and dropped.

use std::str::FromStr as _;

use artisan_testkit::Engine;
use clap::Args;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{MySqlPool, PgPool, Row as _, SqlitePool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::statements::{FILTER_VALUE, PAGE, Statements};
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
    /// The user's id; a page of users without one
    #[arg(long)]
    user: Option<Uuid>,
    /// The session's id, to find the caller as well, as the service does
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
    let bare =
        Bare { pool: Pool::connect(options).await?, statements: Statements::of(options.engine)? };
    let call = || async {
        match (options.user, options.session) {
            (Some(user), Some(session)) => bare.find_user_and_caller(user, session).await,
            (Some(user), None) => bare.find_user(user).await,
            (None, Some(session)) => {
                bare.find_caller(session).await?;
                bare.list_users().await
            }
            (None, None) => bare.list_users().await,
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

struct Bare {
    pool: Pool,
    statements: Statements,
}

enum Pool {
    Sqlite(SqlitePool),
    MySql(MySqlPool),
    Postgres(PgPool),
}

/// Decodes every column of a user, times as this engine gives them.
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

/// Decodes every column of a caller, which may stand behind those of a user.
macro_rules! decode_caller {
    ($row:expr, $time:ty) => {
        decode_caller!($row, $time, 0)
    };
    ($row:expr, $time:ty, $at:expr) => {{
        let (row, at) = (&$row, $at);
        let _: [Uuid; 2] = [row.try_get(at)?, row.try_get(at + 1)?];
        let _: [$time; 3] = [row.try_get(at + 2)?, row.try_get(at + 3)?, row.try_get(at + 4)?];
        let _: Option<$time> = row.try_get(at + 5)?;
        let _: String = row.try_get(at + 6)?;
        let _: Option<$time> = row.try_get(at + 7)?;
        let _: Option<String> = row.try_get(at + 8)?;
        Ok::<_, Failure>(())
    }};
}

/// Decodes every column of a user and of the caller behind it.
macro_rules! decode_both {
    ($row:expr, $time:ty) => {{
        let row = $row;
        decode_user!(row, $time)?;
        decode_caller!(row, $time, 24)
    }};
}

/// Decodes every user of a page, which must be a whole one.
macro_rules! decode_page {
    ($rows:expr, $time:ty) => {{
        let rows = $rows;
        for row in &rows {
            decode_user!(*row, $time)?;
        }
        whole_page(rows.len())
    }};
}

/// Runs a statement and decodes what it gives, on any of the engines.
macro_rules! run {
    ($bare:expr, $statement:ident, $fetch:ident, $decode:ident, $($value:expr),+) => {{
        let query = $bare.statements.$statement;
        match &$bare.pool {
            Pool::Sqlite(pool) => {
                let query = sqlx::query(query)$(.bind($value))+;
                $decode!(query.$fetch(pool).await?, i64)
            }
            Pool::MySql(pool) => {
                let query = sqlx::query(query)$(.bind($value))+;
                $decode!(query.$fetch(pool).await?, OffsetDateTime)
            }
            Pool::Postgres(pool) => {
                let query = sqlx::query(query)$(.bind($value))+;
                $decode!(query.$fetch(pool).await?, OffsetDateTime)
            }
        }
    }};
}

impl Bare {
    async fn find_user(&self, user: Uuid) -> Result<(), Failure> {
        run!(self, user, fetch_one, decode_user, user)
    }

    async fn find_user_and_caller(&self, user: Uuid, session: Uuid) -> Result<(), Failure> {
        run!(self, user_and_caller, fetch_one, decode_both, user, session)
    }

    async fn find_caller(&self, session: Uuid) -> Result<(), Failure> {
        run!(self, caller, fetch_one, decode_caller, session)
    }

    /// One user more than the page has, as the service asks to learn whether there is another page.
    async fn list_users(&self) -> Result<(), Failure> {
        run!(self, page, fetch_all, decode_page, FILTER_VALUE, i64::from(PAGE) + 1)
    }
}

fn whole_page(rows: usize) -> Result<(), Failure> {
    if rows == PAGE as usize + 1 {
        return Ok(());
    }
    Err(Failure::call(format!("{rows} users were listed instead of {PAGE} and one more")))
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
                Self::Postgres(pool.max_connections(CONCURRENCY).connect(url).await?)
            }
        })
    }
}

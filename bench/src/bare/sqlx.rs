//! The select of `GetUser` through a pool of sqlx, decoded, and dropped.

use std::str::FromStr as _;

use artisan_testkit::Engine;
use clap::Args;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{MySqlPool, PgPool, Row as _, SqlitePool};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::failure::Failure;
use crate::load::{CONCURRENCY, repeat};
use crate::report;

/// The statement of the store, with the parameter as MySQL and SQLite write it.
pub(crate) const SELECT: &str = "SELECT u.id, u.email, u.email_verified, u.state, u.revision, \
    u.create_time, u.update_time, u.delete_time, u.purge_time, \
    a.street, a.number, a.complement, a.neighborhood, a.city, a.state, a.zip_code, \
    a.country, s.store_name, s.bio, s.phone, s.state, b.full_name, b.phone, r.role \
    FROM users u \
    LEFT JOIN addresses a ON a.user_id = u.id \
    LEFT JOIN artisans s ON s.user_id = u.id \
    LEFT JOIN buyers b ON b.user_id = u.id \
    LEFT JOIN user_roles r ON r.user_id = u.id \
    WHERE u.id = ?";

/// The statement as PostgreSQL writes the parameter.
pub(crate) const SELECT_NUMBERED: &str = "SELECT u.id, u.email, u.email_verified, u.state, \
    u.revision, u.create_time, u.update_time, u.delete_time, u.purge_time, \
    a.street, a.number, a.complement, a.neighborhood, a.city, a.state, a.zip_code, \
    a.country, s.store_name, s.bio, s.phone, s.state, b.full_name, b.phone, r.role \
    FROM users u \
    LEFT JOIN addresses a ON a.user_id = u.id \
    LEFT JOIN artisans s ON s.user_id = u.id \
    LEFT JOIN buyers b ON b.user_id = u.id \
    LEFT JOIN user_roles r ON r.user_id = u.id \
    WHERE u.id = $1";

/// Which row to read, and where.
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
    id: Uuid,
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
    report::line("ready");
    // The pool's tasks go on beside this thread, which has nothing else to do.
    for order in std::io::stdin().lines() {
        let calls = order.map_err(Failure::system("reading orders"))?.parse();
        let calls = calls.map_err(Failure::call)?;
        repeat(calls, || pool.select(options.id)).await?;
        report::line("done");
    }
    Ok(())
}

enum Pool {
    Sqlite(SqlitePool),
    MySql(MySqlPool),
    Postgres(PgPool),
}

/// Decodes every column that the store decodes, times as this engine gives them.
macro_rules! decode {
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

    async fn select(&self, id: Uuid) -> Result<(), Failure> {
        match self {
            Self::Sqlite(pool) => {
                decode!(sqlx::query(SELECT).bind(id).fetch_one(pool).await?, i64)
            }
            Self::MySql(pool) => {
                decode!(sqlx::query(SELECT).bind(id).fetch_one(pool).await?, OffsetDateTime)
            }
            Self::Postgres(pool) => {
                let row = sqlx::query(SELECT_NUMBERED).bind(id).fetch_one(pool).await?;
                decode!(row, OffsetDateTime)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_statement() {
        assert_eq!(SELECT.replace('?', "$1"), SELECT_NUMBERED);
    }
}

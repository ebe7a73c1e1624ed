//! sqlx's library as a program: what a service does that migrates itself at its start.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use clap::Args;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::failure::Failure;

/// Where to, and which files.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The database
    #[arg(long)]
    url: String,
    /// The folder of migrations
    #[arg(long)]
    source: PathBuf,
    /// Undo all of it
    #[arg(long)]
    undo: bool,
}

/// Runs or undoes all of it on a pool of one connection.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let migrator = Migrator::new(Path::new(&options.source)).await.map_err(Failure::call)?;
    let (url, undo) = (options.url.as_str(), options.undo);
    macro_rules! migrate {
        ($pool:expr) => {{
            let pool = $pool.await?;
            let result: Result<(), MigrateError> =
                if undo { migrator.undo(&pool, 0).await } else { migrator.run(&pool).await };
            pool.close().await;
            result
        }};
    }
    let result = if url.starts_with("sqlite:") {
        let place = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
        migrate!(SqlitePoolOptions::new().max_connections(1).connect_with(place))
    } else if url.starts_with("mysql:") {
        migrate!(MySqlPoolOptions::new().max_connections(1).connect(url))
    } else {
        migrate!(PgPoolOptions::new().max_connections(1).connect(url))
    };
    result.map_err(Failure::call)
}

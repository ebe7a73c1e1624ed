//! `cargo xtask bench migrate`: the runner beside sqlx, Alembic and the engine's own client, fed the
//! same statements in one run.

mod alembic;
mod client;
mod contestant;
mod library;
mod revisions;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use artisan_testkit::{Engine, TestDatabase};
use clap::Args;

use crate::bare::sqlx::parse_engine;
use crate::failure::Failure;
use crate::report;
pub(crate) use alembic::url as alembic_url;
use contestant::{Contestant, Work};
pub(crate) use library::{Options as LibraryOptions, run as run_library};
use revisions::Revisions;
use table::{Measured, Table};

/// What to measure, and with which programs.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of this workspace's programs
    #[arg(long)]
    programs: PathBuf,
    /// sqlx's command line
    #[arg(long)]
    sqlx: PathBuf,
    /// Alembic's command line; it is left out, loudly, where there is none
    #[arg(long)]
    alembic: Option<PathBuf>,
    /// The engines to measure on, whose servers their variables name
    #[arg(long, value_parser = parse_engine, required = true)]
    engine: Vec<Engine>,
    /// How many revisions
    #[arg(long, default_value_t = 1000)]
    revisions: usize,
    /// How many rounds, of which the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures on one engine after the other.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    for engine in &options.engine {
        let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
        measure(*engine, options, folder.path()).await?;
    }
    Ok(())
}

async fn measure(engine: Engine, options: &Options, folder: &Path) -> Result<(), Failure> {
    let revisions = Revisions::write(engine, options.revisions, folder)?;
    let contestants = contestant::all(engine, options, &revisions)?;
    let mut measured: Vec<Measured> = contestants.iter().map(Measured::new).collect();
    for round in 1..=options.rounds {
        report::note(format!("{}: round {round} of {}", engine.name(), options.rounds));
        for (contestant, measured) in contestants.iter().zip(&mut measured) {
            round_of(engine, contestant, measured).await?;
        }
    }
    report::line(Table { engine, options, measured: &measured });
    Ok(())
}

/// Everything, in an empty database of its own.
async fn round_of(
    engine: Engine,
    contestant: &Contestant,
    measured: &mut Measured,
) -> Result<(), Failure> {
    let database = TestDatabase::create(engine).await;
    for work in Work::ALL {
        let Some(mut command) = contestant.command(work, database.url()) else { continue };
        let begin = Instant::now();
        let peak = contestant::run(contestant.name, &mut command)?;
        measured.add(work, begin.elapsed(), peak);
    }
    // SQLite's files are made where the test kit makes them; servers drop the database.
    drop(database);
    tokio::time::sleep(Duration::ZERO).await;
    Ok(())
}

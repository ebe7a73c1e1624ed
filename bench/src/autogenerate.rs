//! `cargo xtask bench autogenerate`: the difference between two schemas, found and proven, beside Alembic's
//! comparison of the same tables in one run.

mod alembic;
mod ours;
mod schema;
mod table;

use std::path::PathBuf;

use artisan_testkit::{Engine, TestDatabase};
use clap::Args;

use crate::bare::sqlx::parse_engine;
use crate::failure::Failure;
use crate::report;
use schema::Tables;
use table::{Measured, Table};

/// What to measure, and with which programs.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of this workspace's programs
    #[arg(long)]
    programs: PathBuf,
    /// Alembic's command line, beside which its Python is; it is left out, loudly, where there is none
    #[arg(long)]
    alembic: Option<PathBuf>,
    /// The engines to measure on, whose servers their variables name
    #[arg(long, value_parser = parse_engine, required = true)]
    engine: Vec<Engine>,
    /// How many tables
    #[arg(long, value_delimiter = ',', required = true)]
    tables: Vec<usize>,
    /// How many rounds, of which the median counts
    #[arg(long)]
    rounds: usize,
}

/// Measures on one engine after the other.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    if options.alembic.is_none() {
        report::note("Alembic is NOT measured: it could not be installed");
    }
    for engine in &options.engine {
        let mut rows = Vec::new();
        for tables in &options.tables {
            for every in [None, Some(20)] {
                report::note(format!("{}: {tables} tables", engine.name()));
                let asked = Tables { engine: *engine, count: *tables, differing_every: every };
                rows.push(measure(&asked, options).await?);
            }
        }
        report::line(Table { engine: *engine, rounds: options.rounds, rows: &rows });
    }
    Ok(())
}

async fn measure(tables: &Tables, options: &Options) -> Result<Measured, Failure> {
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let project = ours::Project::write(tables, folder.path(), &options.programs)?;
    let here = TestDatabase::create(tables.engine).await;
    let there = TestDatabase::create(tables.engine).await;
    project.upgrade(here.url())?;
    there.execute(&tables.wanted()).await;
    if tables.engine == Engine::Postgres {
        // DROP DATABASE waits until what was written before is on the disk: not the bench's own tables.
        here.execute("CHECKPOINT").await;
    }
    let mut measured = Measured::new(tables);
    for _ in 0..options.rounds {
        measured.compared.push(ours::compare(tables, here.url(), there.url()).await?);
        measured.proven.push(project.generate(here.url())?);
        if let Some(program) = &options.alembic {
            measured.alembic.push(alembic::compare(program, tables, here.url())?);
        }
    }
    Ok(measured)
}

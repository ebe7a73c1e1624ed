//! `docs/alembic-to-sqlx.py` is held against Alembic: what its files make is what Alembic makes.

use std::process::Command;

use clap::Args;

use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Origin, provide};
use crate::tools;
use crate::workspace::{cargo, root, target};

/// Which engines to compare on.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Leave an engine out, on purpose
    #[arg(long, value_name = "ENGINE")]
    without: Vec<Engine>,
}

/// Compares on one engine after the other.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let alembic = tools::alembic()?;
    let python = alembic.with_file_name("python");
    // Together with what `cargo run` builds, so that the same features are asked for.
    let packages = ["--package", "artisan", "--package", "artisan-migration-runner"];
    run_command(cargo().arg("build").args(packages))?;
    let migrate = target()?.join("debug/migrate");
    for engine in Engine::ALL {
        if options.without.contains(&engine) {
            report::line(format!("{engine}: LEFT OUT, as --without said"));
            continue;
        }
        report::step(engine);
        let missing = |reason| Failure::new(format!("{engine} DID NOT RUN: {reason}"));
        let is_server = engine != Engine::Sqlite;
        let server =
            is_server.then(|| provide(engine, &Origin::ALL).map_err(missing)).transpose()?;
        let url = server.as_ref().map_or("sqlite:", |server| &server.url);
        let mut compared = Command::new(&python);
        compared.arg(root().join("xtask/tests/alembic_agrees.py")).arg(&migrate).arg(url);
        run_command(&mut compared).doing(format!("comparing on {engine}"))?;
    }
    Ok(())
}

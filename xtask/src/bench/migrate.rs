use std::process::Command;

use clap::Args;

use super::with_servers;
use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::Care;
use crate::tools;
use crate::workspace::{cargo, target};

/// How much to measure, and on what.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The engines to measure on
    #[arg(long, value_name = "ENGINE", default_values = ["sqlite", "postgres", "mariadb", "mysql"])]
    engine: Vec<Engine>,
    /// How many revisions
    #[arg(long, default_value_t = 1000)]
    revisions: usize,
    /// How many rounds, of which the median counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures on servers that write through to the disk; slowness is told and never a failure.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    report::step("building the release binaries");
    let packages = ["--package", "artisan-bench", "--package", "artisan-migration-runner"];
    run_command(cargo().args(["build", "--release"]).args(packages))?;
    let folder = target()?.join("release");
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("migrate").arg("--programs").arg(&folder);
    command.arg("--sqlx").arg(tools::fast_sqlx()?);
    match tools::alembic() {
        Ok(alembic) => drop(command.arg("--alembic").arg(alembic)),
        Err(reason) => report::note(format!("no Alembic: {reason}")),
    }
    command.args(["--revisions", &options.revisions.to_string()]);
    command.args(["--rounds", &options.rounds.to_string()]);
    let _servers = with_servers(&mut command, &options.engine, Care::Durable)?;
    report::step("measuring");
    run_command(&mut command)
}

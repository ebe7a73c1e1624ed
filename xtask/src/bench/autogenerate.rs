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
    /// How many tables; each number is measured without and with 5 % of them differing
    #[arg(long, value_delimiter = ',', default_values_t = [50, 200, 500])]
    tables: Vec<usize>,
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
    command.arg("autogenerate").arg("--programs").arg(&folder);
    match tools::alembic() {
        Ok(alembic) => drop(command.arg("--alembic").arg(alembic)),
        Err(reason) => report::note(format!("no Alembic: {reason}")),
    }
    let tables: Vec<String> = options.tables.iter().map(ToString::to_string).collect();
    command.args(["--tables", &tables.join(",")]);
    command.args(["--rounds", &options.rounds.to_string()]);
    let _servers = with_servers(&mut command, &options.engine, Care::Durable)?;
    report::step("measuring");
    run_command(&mut command)
}

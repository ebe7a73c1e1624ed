use std::process::Command;

use clap::Args;

use crate::command::run as run_command;
use crate::failure::Failure;
use crate::report;
use crate::workspace::{cargo, target};

/// How many connections.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// How many connections are held
    #[arg(long, default_value_t = 10_000)]
    connections: u64,
}

/// Holds idle connections to the gateway and prints what it takes for them.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    report::step("building the release binaries");
    let mut build = cargo();
    build.args(["build", "--release"]);
    let packages = ["--package", "artisan-bench", "--package", "artisan-gateway"];
    run_command(build.args(packages))?;
    let folder = target()?.join("release");
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("connections").arg("--programs").arg(&folder);
    command.arg("--connections").arg(options.connections.to_string());
    report::step("measuring");
    run_command(&mut command)
}

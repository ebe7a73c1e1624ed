use std::process::Command;

use clap::Args;

use super::grpc_gateway;
use crate::command::run as run_command;
use crate::failure::Failure;
use crate::report;
use crate::workspace::{cargo, target};

/// How much to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Fewer calls and one round: to see that it works, not to compare
    #[arg(long)]
    quick: bool,
}

/// Measures the gateway before a service that answers from memory; slowness is told and never a failure.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    report::step("building the release binaries");
    let mut build = cargo();
    build.args(["build", "--release", "--package", "artisan-bench", "--package"]);
    run_command(build.arg("artisan-gateway"))?;
    let folder = target()?.join("release");
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("gateway").arg("--programs").arg(&folder);
    command.args(options.quick.then_some("--quick"));
    report::step("building grpc-gateway");
    match grpc_gateway::build() {
        Ok(program) => drop(command.arg("--grpc-gateway").arg(program)),
        Err(reason) => report::note(format!("no grpc-gateway: {reason}")),
    }
    report::step("measuring");
    run_command(&mut command)
}

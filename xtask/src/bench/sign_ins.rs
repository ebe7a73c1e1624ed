use std::process::Command;

use clap::Args;

use super::{build_service, with_servers};
use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::Care;

/// How much to measure, and on what.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The engines to measure on
    #[arg(long, value_name = "ENGINE", default_values = ["postgres"])]
    engine: Vec<Engine>,
    /// How many users are read a second
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// One short round: to see that it works, not to compare
    #[arg(long)]
    quick: bool,
}

/// Reads users alone and beside 32 sign-ins at a time; slowness is told and never a failure.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let folder = build_service()?;
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("sign-ins").arg("--programs").arg(&folder);
    command.arg("--rate").arg(options.rate.to_string());
    command.args(options.quick.then_some("--quick"));
    let _servers = with_servers(&mut command, &options.engine, Care::Unsynced)?;
    report::step("measuring");
    run_command(&mut command)
}

use std::process::Command;

use clap::Args;

use super::{build_service, with_servers};
use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::Care;

/// How many users, and on what.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The engines to measure on
    #[arg(long, value_name = "ENGINE", default_values = ["postgres"])]
    engine: Vec<Engine>,
    /// How many users are loaded
    #[arg(long, default_value_t = 1_000_000)]
    users: u64,
}

/// Loads users in batches and pages through all of them.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let folder = build_service()?;
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("lists").arg("--programs").arg(&folder);
    command.arg("--users").arg(options.users.to_string());
    let _servers = with_servers(&mut command, &options.engine, Care::Unsynced)?;
    report::step("measuring");
    run_command(&mut command)
}

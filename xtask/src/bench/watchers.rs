use std::process::Command;

use clap::Args;

use super::{build_service, with_servers};
use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::Care;

/// How many watchers, and on what.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The engines to measure on
    #[arg(long, value_name = "ENGINE", default_values = ["postgres"])]
    engine: Vec<Engine>,
    /// How many watch
    #[arg(long, default_value_t = 10_000)]
    watchers: u64,
    /// How many seconds they see nothing: after a minute, each is asked whether it still may watch
    #[arg(long, default_value_t = 70)]
    seconds: u32,
}

/// Holds idle streams of events and prints what the user service takes for them.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let folder = build_service()?;
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("watchers").arg("--programs").arg(&folder);
    command.arg("--watchers").arg(options.watchers.to_string());
    command.arg("--seconds").arg(options.seconds.to_string());
    let _servers = with_servers(&mut command, &options.engine, Care::Unsynced)?;
    report::step("measuring");
    run_command(&mut command)
}

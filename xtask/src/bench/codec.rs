use std::process::Command;

use crate::command::run as run_command;
use crate::failure::Failure;
use crate::report;
use crate::workspace::{cargo, target};

/// Measures the JSON codec.
pub(super) fn run() -> Result<(), Failure> {
    report::step("building the release binary");
    let name = "artisan-codec-bench";
    let options = ["--package", "artisan-bench", "--features", "codec", "--bin", name];
    run_command(cargo().args(["build", "--release"]).args(options))?;
    report::step("measuring");
    run_command(&mut Command::new(target()?.join("release").join(name)))
}

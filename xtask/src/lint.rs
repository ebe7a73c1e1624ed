//! `cargo xtask lint`: everything that is judged without running the programs.

use std::process::Command;

use clap::Args;

use crate::command;
use crate::failure::Failure;
use crate::report;
use crate::tools;
use crate::workspace::{cargo, root};

/// What to judge beyond the code itself.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Ask the advisory database too, which needs the network
    #[arg(long)]
    advisories: bool,
}

type Check = (&'static str, fn(&Options) -> Result<(), Failure>);

const CHECKS: [Check; 6] = [
    ("formatting", formatting),
    ("structure", structure),
    ("clippy", clippy),
    ("documentation", documentation),
    ("dependencies", dependencies),
    ("proto contract", contract),
];

/// Runs every check, whatever the earlier ones said, and names those that did not pass.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut bad = Vec::new();
    for (name, check) in CHECKS {
        report::step(name);
        if let Err(failure) = check(options) {
            report::failure(failure);
            bad.push(name);
        }
    }
    if bad.is_empty() {
        report::line("lint passed");
        return Ok(());
    }
    Err(Failure::new(format!("lint did not pass: {}", bad.join(", "))))
}

fn formatting(_: &Options) -> Result<(), Failure> {
    command::run(cargo().args(["fmt", "--all", "--check"]))
}

fn structure(_: &Options) -> Result<(), Failure> {
    command::run(cargo().args(["test", "--quiet", "--package", "xtask", "--test", "structure"]))
}

fn clippy(_: &Options) -> Result<(), Failure> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--keep-going"];
    command::run(cargo().args(arguments).args(["--", "-D", "warnings"]))
}

fn documentation(_: &Options) -> Result<(), Failure> {
    command::run(
        cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn dependencies(options: &Options) -> Result<(), Failure> {
    let mut command = Command::new(tools::cargo_deny()?);
    command.current_dir(root()).args(["--workspace", "check", "bans", "licenses", "sources"]);
    command.args(options.advisories.then_some("advisories"));
    command::run(&mut command)
}

fn contract(_: &Options) -> Result<(), Failure> {
    command::run(Command::new(tools::buf()?).current_dir(root()).args(["lint", "proto"]))
}

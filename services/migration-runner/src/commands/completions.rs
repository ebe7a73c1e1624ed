use clap::CommandFactory as _;
use clap_complete::{Shell, generate};
use serde::Serialize;

use crate::cli::Cli;
use crate::outcome::{Outcome, Report};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell that is to complete the commands.
    shell: Shell,
}

#[derive(Serialize)]
struct Completions {
    shell: String,
    script: String,
}

/// Needs nothing but the program.
pub(super) fn run(args: &Args) -> Outcome {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "migrate", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Outcome::new(Completions { shell: args.shell.to_string(), script })
}

impl Report for Completions {
    fn text(&self) -> String {
        self.script.clone()
    }
}

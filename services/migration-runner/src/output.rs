mod json;
mod text;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::{Cli, Format};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::termination;

/// Writes results to standard output and errors to where the format has them.
pub(crate) struct Output {
    format: Format,
    command: &'static str,
    /// The folder that the command line names.
    dir: Option<PathBuf>,
}

impl Output {
    pub(crate) fn new(format: Format, command: &'static str, dir: Option<PathBuf>) -> Self {
        Self { format, command, dir }
    }

    /// Tells the outcome; gives the exit code.
    pub(crate) fn outcome(&self, outcome: &Outcome) -> u8 {
        let text = match self.format {
            Format::Text => outcome.text(),
            Format::Json => outcome.document(self.command),
        };
        if to_stdout(&text) { outcome.exit_code() } else { 1 }
    }

    /// Tells what went wrong; gives the exit code.
    pub(crate) fn failure(&self, failure: &Failure, finished: &[String]) -> u8 {
        match self.format {
            Format::Text => to_stderr(&text::failure(failure, finished, self.dir.as_deref())),
            Format::Json => {
                to_stdout(&json::failure(self.command, failure, finished, self.dir.as_deref()));
                to_stderr(&format!("error: {failure}\n"));
            }
        }
        failure.exit_code()
    }
}

/// A command's report as its document.
pub(crate) fn document(command: &str, report: &impl Serialize) -> String {
    json::document(command, report)
}

/// Help, version or a command line that cannot be read.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    // Not as `String`s: an argument that is not UTF-8 is one of the things to complain about.
    let args: Vec<OsString> = std::env::args_os().collect();
    let wants_json = args.iter().any(|arg| *arg == "--output=json")
        || args.windows(2).any(|pair| *pair == ["--output", "json"]);
    if error.use_stderr() {
        let text = error.to_string();
        // What clap says first; the usage behind it is for a terminal.
        let message = text.split("\n\n").next().unwrap_or(&text);
        let message = message.strip_prefix("error: ").unwrap_or(message);
        let command = Cli::command_in(&args);
        termination::usage(&command, message);
        if wants_json {
            to_stdout(&json::usage(&command, message));
        }
    }
    // Nothing is left to be done if even this cannot be told.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

fn to_stdout(text: &str) -> bool {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_ok()
}

fn to_stderr(text: &str) {
    // Nothing is left to be done if even this cannot be told; the exit code says it too.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

mod json;
mod text;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::{Cli, Format};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::{advice, notice, termination};

/// Writes results to standard output and errors to where the format has them.
pub(crate) struct Output<'a> {
    format: Format,
    is_quiet: bool,
    command: &'static str,
    /// The folder that the command line names.
    dir: Option<&'a Path>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(cli: &'a Cli) -> Self {
        let (command, dir) = (cli.command.name(), cli.place.dir.as_deref());
        Self { format: cli.output, is_quiet: cli.quiet, command, dir }
    }

    /// Tells the outcome; gives the exit code. `written` is how it went to tell what was told before.
    pub(crate) fn outcome(&self, outcome: &Outcome, written: io::Result<()>) -> u8 {
        let text = match self.format {
            Format::Text if self.is_quiet => outcome.quiet(),
            Format::Text => outcome.rest(),
            Format::Json => outcome.document(self.command),
        };
        if let Err(error) = written {
            untold(&error);
            return 1;
        }
        match to_stdout(&text) {
            Ok(()) => return outcome.exit_code(),
            // Whoever reads the first lines only has what they wanted.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => untold(&error),
        }
        1
    }

    /// Tells what went wrong; gives the exit code.
    pub(crate) fn failure(&self, failure: &Failure, finished: &[String]) -> u8 {
        if self.format == Format::Json {
            let document = json::failure(self.command, failure, finished, self.dir);
            // The exit code says it too.
            let _ = to_stdout(&document);
        }
        if notice::is_json() {
            let next = failure.next().map(|next| advice::with_place(&next, self.dir));
            tracing::error!(
                exit = failure.exit_code(),
                reason = failure.reason(),
                next,
                "{failure}"
            );
        } else if self.format == Format::Json {
            to_stderr(&format!("error: {failure}\n"));
        } else {
            to_stderr(&text::failure(failure, finished, self.dir));
        }
        failure.exit_code()
    }
}

/// Says that the answer has not reached whoever asked.
fn untold(error: &io::Error) {
    let message = format!("the answer cannot be written to standard output: {error}");
    let next = "send standard output elsewhere and ask again; what the command has changed stays, and \
                `migrate history` tells what is applied";
    if notice::is_json() {
        tracing::error!(exit = 1, reason = "UNWRITABLE_OUTPUT", next, "{message}");
    } else {
        to_stderr(&format!("error: {message}\n  next: {next}\n"));
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
            // The exit code says it too.
            let _ = to_stdout(&json::usage(&command, message));
        }
    }
    match error.print() {
        // Nothing is left to be done if even the error cannot be told.
        _ if error.use_stderr() => ExitCode::from(2),
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(cause) => {
            untold(&cause);
            ExitCode::FAILURE
        }
    }
}

/// Writes at once: whoever reads the other end is not to wait.
pub(crate) fn to_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
}

fn to_stderr(text: &str) {
    // Nothing is left to be done if even this cannot be told; the exit code says it too.
    let _ = io::stderr().write_all(text.as_bytes());
}

//! The one place that prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks to its caller"
)]

use std::fmt::Display;

/// A line of the result, or a word to the process that reads standard output.
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

/// What is being done.
pub(crate) fn note(text: impl Display) {
    eprintln!("    {text}");
}

/// Why nothing was measured, with its causes.
pub(crate) fn failure(error: &dyn std::error::Error) {
    eprintln!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because {cause}");
        source = cause.source();
    }
}

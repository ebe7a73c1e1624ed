//! What the recipes say to their caller: the one place that prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks to its caller"
)]

use std::fmt::Display;

/// Announces the next step, on standard error.
pub(crate) fn step(text: impl Display) {
    eprintln!("==> {text}");
}

/// Tells something beside the result, on standard error.
pub(crate) fn note(text: impl Display) {
    eprintln!("    {text}");
}

/// A line of the result, on standard output.
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

/// Why the recipe did not pass, on standard error.
pub(crate) fn failure(text: impl Display) {
    eprintln!("error: {text}");
}

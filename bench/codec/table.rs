//! The one place that prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks to its caller"
)]

use std::error::Error;
use std::process::ExitCode;

/// "At least as fast as pbjson's".
const MARK: f64 = 1.0;

/// A task with a message, and what each contestant took for it.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) names: Vec<&'static str>,
    pub(crate) nanos: Vec<f64>,
    pub(crate) allocations: Vec<u64>,
}

/// Everything that was measured.
pub(crate) struct Table {
    pub(crate) lines: Vec<Line>,
}

impl Table {
    pub(crate) fn print(&self) -> ExitCode {
        println!("{:<32}{:<22}{:>12}{:>8}{:>14}", "", "", "ns a call", "ratio", "allocations");
        for line in &self.lines {
            let own = line.nanos.first().copied().unwrap_or_default();
            let rows = line.names.iter().zip(&line.nanos).zip(&line.allocations);
            for (row, ((name, nanos), allocations)) in rows.enumerate() {
                let task = if row == 0 { line.name.as_str() } else { "" };
                let ratio = own / nanos;
                let verdict = match row {
                    1 if ratio > MARK => format!("  MISSED (mark: at most {MARK})"),
                    1 => format!("  within {MARK}"),
                    _ => String::new(),
                };
                println!("{task:<32}{name:<22}{nanos:>12.0}{ratio:>8.2}{allocations:>14}{verdict}");
            }
        }
        println!("ratio: artisan-transcode's time by that of the row");
        ExitCode::SUCCESS
    }
}

pub(crate) fn failure(error: &dyn Error) {
    eprintln!("error: {error}");
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

//! `cargo xtask web-check`: the `OpenAPI` document by its linters, the pages in a real Chromium,
//! the TypeScript client; all against a running `artisan`.

mod browser;
mod contract;
mod platform;
mod programs;
mod typescript;

use crate::command::run as run_command;
use crate::failure::Failure;
use crate::report;
use crate::workspace::cargo;

type Check = (&'static str, fn() -> Result<(), Failure>);

const CHECKS: [Check; 5] = [
    ("document, by openapi-spec-validator", contract::validator),
    ("document, by spectral", contract::spectral),
    ("document, by redocly", contract::redocly),
    ("types and client in TypeScript", typescript::check),
    ("console and documentation in Chromium", browser::check),
];

/// Runs every check, whatever the earlier ones said, and names those that did not pass.
pub(crate) fn run() -> Result<(), Failure> {
    report::step("building artisan");
    run_command(cargo().args(["build", "--package", "artisan"]))?;
    let mut bad = Vec::new();
    for (name, check) in CHECKS {
        report::step(name);
        if let Err(failure) = check() {
            report::failure(failure);
            bad.push(name);
        }
    }
    if bad.is_empty() {
        report::line("web-check passed");
        return Ok(());
    }
    Err(Failure::new(format!("web-check did not pass: {}", bad.join(", "))))
}

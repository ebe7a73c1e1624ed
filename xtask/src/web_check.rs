//! `cargo xtask web-check`: the `OpenAPI` document by its linters and by requests of all kinds, the pages in a
//! real Chromium, the TypeScript client; all against a running `artisan`.

mod browser;
mod contract;
mod platform;
mod programs;
mod schemathesis;
mod typescript;

use clap::Args;

use crate::command::run as run_command;
use crate::failure::Failure;
use crate::report;
use crate::workspace::cargo;

/// What to check, and how long.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Only the checks whose names have one of these words in them
    words: Vec<String>,
    /// How many requests schemathesis makes up for each operation, beside those that it knows
    #[arg(long, default_value_t = 5)]
    examples: u32,
}

type Check = (&'static str, fn(&Options) -> Result<(), Failure>);

const CHECKS: [Check; 7] = [
    ("document, by openapi-spec-validator", |_| contract::validator()),
    ("document, by spectral", |_| contract::spectral()),
    ("document, by redocly", |_| contract::redocly()),
    ("an administrator's requests, by schemathesis", |options| {
        schemathesis::administrator(options.examples)
    }),
    ("a stranger's requests, by schemathesis", |options| schemathesis::stranger(options.examples)),
    ("types and client in TypeScript", |_| typescript::check()),
    ("console and documentation in Chromium", |_| browser::check()),
];

/// Runs every check, whatever the earlier ones said, and names those that did not pass.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let is_wanted = |(name, _): &&Check| {
        options.words.is_empty() || options.words.iter().any(|word| name.contains(word))
    };
    let checks: Vec<_> = CHECKS.iter().filter(is_wanted).collect();
    if checks.is_empty() {
        return Err(Failure::new("there is no check with such a name"));
    }
    report::step("building artisan");
    run_command(cargo().args(["build", "--package", "artisan"]))?;
    let mut bad = Vec::new();
    for (name, check) in checks {
        report::step(name);
        if let Err(failure) = check(options) {
            report::failure(failure);
            bad.push(*name);
        }
    }
    if bad.is_empty() {
        report::line("web-check passed");
        return Ok(());
    }
    Err(Failure::new(format!("web-check did not pass: {}", bad.join(", "))))
}

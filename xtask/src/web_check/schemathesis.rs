//! The `OpenAPI` document and the platform, held against each other by schemathesis: what the document calls
//! valid is taken, what it does not is refused, and answers are what it says.

use super::platform::Platform;
use super::programs;
use crate::command::run;
use crate::failure::Failure;
use crate::workspace::root;

const FOLDER: &str = "services/gateway/tests/openapi";

/// Requests of an administrator, of every kind that schemathesis makes.
pub(super) fn administrator(examples: u32) -> Result<(), Failure> {
    let platform = Platform::start()?;
    let mut command = schemathesis(&platform, examples)?;
    run(platform.tell(&mut command))
}

/// Requests without credentials, of the kinds that take the least time.
pub(super) fn stranger(examples: u32) -> Result<(), Failure> {
    let platform = Platform::start()?;
    let mut command = schemathesis(&platform, examples)?;
    run(platform
        .tell(command.args(["--phases", "examples,coverage"]))
        .env_remove("ARTISAN_PASSWORD"))
}

fn schemathesis(platform: &Platform, examples: u32) -> Result<std::process::Command, Failure> {
    let mut command = programs::python("schemathesis", "4.32.5")?;
    command.current_dir(root().join(FOLDER)).args(["--config-file", "schemathesis.toml", "run"]);
    command.arg("--max-examples").arg(examples.to_string()).arg("--no-color");
    // Hooks are Python, whose compiled form is no part of the checkout.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(platform.document()?).arg("--url").arg(platform.url());
    Ok(command)
}

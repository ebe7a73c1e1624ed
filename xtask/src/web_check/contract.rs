//! The `OpenAPI` document, as three programs judge it: no error and no warning.

use super::platform::Platform;
use super::programs;
use crate::command::capture;
use crate::failure::Failure;

const FOLDER: &str = "services/gateway/tests/openapi";

pub(super) fn validator() -> Result<(), Failure> {
    let document = Platform::start()?;
    let path = document.document()?;
    capture(programs::python("openapi-spec-validator", "0.9.0")?.arg(path)).map(drop)
}

pub(super) fn spectral() -> Result<(), Failure> {
    let platform = Platform::start()?;
    let mut command = programs::of_packages(&programs::packages(FOLDER)?, "spectral");
    command.args(["lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint"]);
    capture(command.arg(platform.document()?)).map(drop)
}

pub(super) fn redocly() -> Result<(), Failure> {
    let platform = Platform::start()?;
    let mut command = programs::of_packages(&programs::packages(FOLDER)?, "redocly");
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    command.args(["lint", "--config", "redocly.yaml", "--max-problems", "1000"]);
    capture(command.arg(platform.document()?)).map(drop)
}

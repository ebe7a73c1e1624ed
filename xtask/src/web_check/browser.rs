//! The pages of the gateway in a real Chromium.

use super::platform::Platform;
use super::programs::{chromium, node, packages};
use crate::command::run;
use crate::failure::Failure;

const FOLDER: &str = "services/gateway/tests/browser";

pub(super) fn check() -> Result<(), Failure> {
    let chromium = chromium()?;
    let folder = packages(FOLDER)?;
    for file in ["filter.test.mjs", "docs.test.mjs", "console.test.mjs"] {
        let platform = Platform::start()?;
        let mut command = node(&folder)?;
        command.args(["--test", file]).env("CHROMIUM", &chromium);
        run(platform.tell(&mut command))?;
    }
    Ok(())
}

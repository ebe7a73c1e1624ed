//! Kubernetes' own schemas, strictly: no unknown field passes.

use std::io::Write as _;
use std::process::Command;

use super::programs::kubernetes_validate;
use crate::command::{capture, succeeds};
use crate::failure::{Doing as _, Failure};
use crate::report;

/// The oldest that the chart supports, and a newer one.
const KUBERNETES: [&str; 2] = ["1.31", "1.34"];

/// A misspelling that the checker has to find, so that one that finds nothing is noticed.
const MISSPELLING: (&str, &str) = ("completions: 1", "completionz: 1");

/// Checks rendered objects; says so where the checker cannot be had.
pub(super) fn check(text: &str) -> Result<(), Failure> {
    let Some(program) = kubernetes_validate()? else {
        report::note("not checked: the objects against Kubernetes' schemas (Python is missing)");
        return Ok(());
    };
    let good = file(text)?;
    let bad = file(&text.replace(MISSPELLING.0, MISSPELLING.1))?;
    for version in KUBERNETES {
        let on = |file: &tempfile::NamedTempFile| {
            let mut command = Command::new(&program);
            command.args(["--quiet", "--strict", "--kubernetes-version", version]).arg(file.path());
            command
        };
        capture(&mut on(&good))?;
        if succeeds(&mut on(&bad)) {
            return Err(Failure::new("kubernetes-validate takes a field that does not exist"));
        }
    }
    Ok(())
}

fn file(text: &str) -> Result<tempfile::NamedTempFile, Failure> {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().doing("making a file")?;
    file.write_all(text.as_bytes()).doing("writing the rendered objects")?;
    Ok(file)
}

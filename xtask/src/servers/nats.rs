//! The program of NATS. Tests start it themselves, since they kill it too.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::machine::system_folders;
use super::{Origin, Server, packages};
use crate::command::{capture, find_program};
use crate::service::Service;

/// Finds the program: the one that the variable names, else by origin; the error tells how to get one.
pub(crate) fn nats(origins: &[Origin]) -> Result<Server, String> {
    let variable = Service::Nats.variable().unwrap_or_default();
    if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return found(Path::new(&path), variable.to_owned())
            .map_err(|reason| format!("the program that {variable} names: {reason}"));
    }
    let mut tried = Vec::new();
    for origin in origins {
        match of(*origin) {
            Ok(server) => return Ok(server),
            Err(reason) => tried.push(format!("{}: {reason}", origin.title())),
        }
    }
    Err(format!(
        "{}; install nats-server (https://github.com/nats-io/nats-server/releases), or set {variable} to its \
         path, or leave it out with `--without nats`",
        tried.join("; ")
    ))
}

fn of(origin: Origin) -> Result<Server, String> {
    match origin {
        Origin::Machine => {
            let path = find_program("nats-server", &system_folders())
                .ok_or("no nats-server in PATH or the usual places")?;
            let origin = format!("found at {}", path.display());
            found(&path, origin)
        }
        Origin::Containers => Err("tests kill it, and need the program".to_owned()),
        Origin::Packages => {
            let tree = packages::nats().map_err(|failure| failure.to_string())?;
            let origin = format!("unpacked from packages into {}", tree.display());
            found(&tree.join("usr/sbin/nats-server"), origin)
        }
    }
}

fn found(path: &Path, origin: String) -> Result<Server, String> {
    let path: PathBuf =
        path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    let said =
        capture(Command::new(&path).arg("--version")).map_err(|failure| failure.to_string())?;
    let version = said.trim().trim_start_matches("nats-server: v").to_owned();
    Ok(Server { url: path.display().to_string(), origin, version, _guards: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_program_the_way_to_it_is_told() {
        let help = of(Origin::Containers).unwrap_err();
        assert!(help.contains("need the program"), "{help}");
        let missing = found(Path::new("/nowhere/nats-server"), "here".to_owned()).unwrap_err();
        assert!(missing.contains("/nowhere/nats-server"), "{missing}");
    }
}

//! What judges the pages and the document: npm's packages by their lock files, `PyPI`'s at fixed versions,
//! Chromium of the machine or of its distribution.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, find_program, run, succeeds};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::tools;
use crate::workspace::root;

/// A program of a package of `PyPI`, in an environment of its own.
pub(super) fn python(program: &str, version: &str) -> Result<Command, Failure> {
    let package = format!("{program}=={version}");
    let python = tools::python(program, &[&package])?;
    Ok(Command::new(python.with_file_name(program)))
}

/// A folder of the checkout with the packages that its lock file names.
pub(super) fn packages(folder: &str) -> Result<PathBuf, Failure> {
    let folder = root().join(folder);
    let lock =
        std::fs::read_to_string(folder.join("package-lock.json")).doing("reading a lock file")?;
    // Written at the end: packages without it are not whole.
    let mark = folder.join("node_modules/.installed-by-web-check");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(folder);
    }
    let npm = find_program("npm", &[]).ok_or_else(|| Failure::new("no npm in PATH"))?;
    report::note(format!("installing the packages of {}", folder.display()));
    let mut command = Command::new(npm);
    command.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    capture(&mut command)?;
    std::fs::write(&mark, lock).doing("noting what was installed")?;
    Ok(folder)
}

/// A program of the packages of a folder.
pub(super) fn of_packages(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(folder.join("node_modules/.bin").join(program));
    command.current_dir(folder);
    command
}

/// node, to be given a file.
pub(super) fn node(folder: &Path) -> Result<Command, Failure> {
    let node = find_program("node", &[]).ok_or_else(|| Failure::new("no node in PATH"))?;
    let mut command = Command::new(node);
    command.current_dir(folder);
    Ok(command)
}

/// A Chromium: the machine's, else installed by apt.
pub(super) fn chromium() -> Result<PathBuf, Failure> {
    let found = || {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        names.iter().find_map(|name| find_program(name, &[]))
    };
    if let Some(program) = found() {
        return Ok(program);
    }
    let missing = || Failure::new("chromium is missing: install the package chromium");
    report::note("installing chromium by apt");
    // As root, or as one who may become root without being asked.
    let is_root = capture(Command::new("id").arg("-u"))?.trim() == "0";
    let apt = || {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        command
    };
    if !succeeds(apt().arg("update")) {
        return Err(missing());
    }
    run(apt().args(["install", "--yes", "--no-install-recommends", "chromium"]))?;
    found().ok_or_else(missing)
}

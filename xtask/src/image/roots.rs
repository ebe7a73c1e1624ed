//! The authorities that programs trust: Mozilla's, as Debian packs them, like in the Dockerfile.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Apt, Suite};
use crate::workspace::cache;

/// Its name in the build stage.
pub(super) const FILE: &str = "ca-certificates.crt";
const PACKAGE: &str = "ca-certificates";

/// All of them in one file of PEM, in the order of their names.
pub(super) fn certificates() -> Result<Vec<u8>, Failure> {
    let folder = folder()?;
    let reading = || format!("reading {}", folder.display());
    let entries = std::fs::read_dir(&folder).doing(reading())?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.doing(reading())?;
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        all.extend(std::fs::read(&path).doing(reading())?);
    }
    if all.is_empty() {
        return Err(Failure::new(format!("{} holds no certificates", folder.display())));
    }
    Ok(all)
}

/// Where the package is: installed, or unpacked.
fn folder() -> Result<PathBuf, Failure> {
    let inside = Path::new("usr/share/ca-certificates/mozilla");
    let installed = Path::new("/").join(inside);
    if installed.is_dir() {
        return Ok(installed);
    }
    let tree = cache()?.join("tools").join(PACKAGE);
    let unpacked = tree.join(inside);
    if !unpacked.is_dir() {
        report::note(format!("unpacking {PACKAGE} into {}", tree.display()));
        let work = tempfile::tempdir().doing("making a folder to download into")?;
        let apt = Apt::update(work.path(), Suite::OwnRelease)?;
        for file in apt.download(&[PACKAGE.to_owned()])? {
            capture(Command::new("dpkg").arg("-x").arg(file).arg(&tree))?;
        }
    }
    Ok(unpacked)
}

//! The distribution's packages with schemas in them, unpacked in the cache folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Apt, Suite};
use crate::workspace::cache;

/// The packages by their names.
#[derive(Debug)]
pub(crate) struct Packages(BTreeMap<String, Package>);

/// One unpacked package.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) version: String,
    tree: PathBuf,
}

impl Packages {
    /// Downloads and unpacks what the cache lacks.
    pub(crate) fn unpacked(names: BTreeSet<&'static str>) -> Result<Self, Failure> {
        let folder = cache()?.join("schemas");
        std::fs::create_dir_all(&folder).doing("making the cache folder")?;
        let found = find_all(&folder)?;
        let missing: Vec<String> = names
            .into_iter()
            .filter(|name| !found.contains_key(*name))
            .map(str::to_owned)
            .collect();
        if missing.is_empty() {
            return Ok(Self(found));
        }
        report::note(format!("unpacking {} into {}", missing.join(", "), folder.display()));
        let work = tempfile::Builder::new().prefix("unpacking-").tempdir_in(&folder);
        let work = work.doing("making a folder to unpack into")?;
        let apt = Apt::update(&work.path().join("apt"), Suite::OwnRelease)?;
        for file in apt.download(&missing)? {
            let Some(name) = file.file_stem() else { continue };
            let tree = work.path().join("tree");
            capture(Command::new("dpkg").arg("-x").arg(&file).arg(&tree))?;
            // Renamed at the end: what stands there is always whole.
            std::fs::rename(&tree, folder.join(name)).doing("moving the unpacked files")?;
        }
        find_all(&folder).map(Self)
    }

    /// The package of that name.
    pub(crate) fn get(&self, name: &str) -> Result<&Package, Failure> {
        self.0.get(name).ok_or_else(|| Failure::new(format!("the package {name} was not had")))
    }
}

impl Package {
    /// A file below `/usr/share`; one that is compressed is unpacked into `folder`.
    pub(crate) fn file(&self, name: &str, folder: &Path) -> Result<PathBuf, Failure> {
        let path = self.tree.join("usr/share").join(name);
        if path.extension().is_none_or(|extension| extension != "gz") {
            return Ok(path);
        }
        let plain = folder.join("unpacked.sql");
        let target = std::fs::File::create(&plain).doing("making a file to unpack into")?;
        let mut gzip = Command::new("gzip");
        let gzip = gzip.arg("-dc").arg(&path).stdin(Stdio::null()).stdout(target);
        let status = gzip.status().doing("starting gzip")?;
        status.success().then_some(plain).ok_or_else(|| {
            Failure::new(format!("gzip does not unpack {}: {status}", path.display()))
        })
    }
}

/// What is unpacked, in folders that are called as apt calls its files: name, version and machine.
fn find_all(folder: &Path) -> Result<BTreeMap<String, Package>, Failure> {
    let entries = std::fs::read_dir(folder).doing(format!("listing {}", folder.display()))?;
    let package = |tree: PathBuf| {
        let called = tree.file_name()?.to_str()?.to_owned();
        let mut parts = called.split('_');
        let (name, version) = (parts.next()?.to_owned(), parts.next()?);
        // A colon is no part of a file's name for apt.
        Some((name, Package { version: version.replace("%3a", ":"), tree }))
    };
    Ok(entries.flatten().filter_map(|entry| package(entry.path())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacked_packages_are_found_by_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["mediawiki_1%3a1.39.17-1+deb12u2_all", "unpacking-x1"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let found = find_all(folder.path()).unwrap();
        let found: Vec<_> = found.iter().map(|(name, package)| (name, &package.version)).collect();
        assert_eq!(found, [(&"mediawiki".to_owned(), &"1:1.39.17-1+deb12u2".to_owned())]);
    }
}

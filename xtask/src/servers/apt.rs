//! apt with a configuration of its own: it downloads from the machine's mirror, whatever the
//! release, and installs nothing, so that no rights are needed and the system stays as it is.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt_sources::{Archive, find_release, parse_deb822, parse_list, release_field};
use crate::command::{capture, find_program};
use crate::failure::{Doing as _, Failure};

/// Which of a distribution's releases to take packages from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    /// The machine's own, whose libraries go with the system's C library.
    OwnRelease,
    /// Debian's unstable, which has the newest servers; needs its own C library.
    Unstable,
}

/// One private apt: sources, lists and downloads below a folder.
#[derive(Debug)]
pub(crate) struct Apt {
    folder: PathBuf,
}

impl Apt {
    /// Writes the configuration below `folder` and fetches the package lists.
    pub(crate) fn update(folder: &Path, suite: Suite) -> Result<Self, Failure> {
        Self::with_source(folder, &source_line(suite)?)
    }

    /// The same for source packages, and for nothing else.
    pub(crate) fn update_sources(folder: &Path, suite: Suite) -> Result<Self, Failure> {
        Self::with_source(folder, &source_line(suite)?.replacen("deb ", "deb-src ", 1))
    }

    fn with_source(folder: &Path, source: &str) -> Result<Self, Failure> {
        if find_program("apt-get", &[]).is_none() {
            return Err(Failure::new("no apt-get: this is not Debian or one of its kin"));
        }
        for part in ["lists/partial", "cache/archives/partial", "debs"] {
            std::fs::create_dir_all(folder.join(part)).doing("making apt's folders")?;
        }
        std::fs::write(folder.join("sources.list"), source).doing("writing apt's sources")?;
        let apt = Self { folder: folder.to_owned() };
        capture(apt.command("apt-get").args(["update", "-qq"]))?;
        Ok(apt)
    }

    /// The packages whose names match a regular expression, as apt-cache understands it.
    pub(super) fn search(&self, pattern: &str) -> Result<Vec<String>, Failure> {
        let found = capture(self.command("apt-cache").args(["search", "--names-only", pattern]))?;
        let names = found.lines().filter_map(|line| line.split_whitespace().next());
        Ok(names.map(str::to_owned).collect())
    }

    /// The packages themselves and, recursively, all that they need.
    pub(super) fn closure(&self, packages: &[String]) -> Result<Vec<String>, Failure> {
        let kinds = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"];
        let text = capture(
            self.command("apt-cache")
                .args(["depends", "--recurse"])
                .args(kinds.map(|kind| format!("--no-{kind}")))
                .args(packages),
        )?;
        Ok(real_packages(&text))
    }

    /// Downloads the packages; their files, each called by name, version and machine.
    pub(crate) fn download(&self, packages: &[String]) -> Result<Vec<PathBuf>, Failure> {
        let debs = self.folder.join("debs");
        capture(
            self.command("apt-get").current_dir(&debs).args(["download", "-qq"]).args(packages),
        )?;
        let mut files = Vec::new();
        for file in std::fs::read_dir(&debs).doing("listing the downloaded packages")? {
            let path = file.doing("listing the downloaded packages")?.path();
            if path.extension().is_some_and(|extension| extension == "deb") {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// Downloads the packages and unpacks them into `tree`.
    pub(super) fn unpack(&self, packages: &[String], tree: &Path) -> Result<(), Failure> {
        for file in self.download(packages)? {
            capture(Command::new("dpkg").arg("-x").arg(file).arg(tree))?;
        }
        Ok(())
    }

    /// Downloads the sources that `package` is made of, and gives the makers' archive of them: the
    /// newest that can be had, for a mirror may list a version before it has the files.
    pub(crate) fn download_source(&self, package: &str) -> Result<PathBuf, Failure> {
        let stanzas = capture(self.command("apt-cache").args(["showsrc", package]))?;
        let mut reasons = Vec::new();
        for source in std::iter::once(package.to_owned()).chain(source_versions(&stanzas)) {
            match self.download_version(&source) {
                Ok(archive) => return Ok(archive),
                Err(failure) => reasons.push(failure.to_string()),
            }
        }
        Err(Failure::new(reasons.join("\n")))
    }

    fn download_version(&self, source: &str) -> Result<PathBuf, Failure> {
        let debs = self.folder.join("debs");
        let options = ["source", "-qq", "--download-only", source];
        capture(self.command("apt-get").current_dir(&debs).args(options))?;
        let files = std::fs::read_dir(&debs).doing("listing the downloaded sources")?;
        files
            .flatten()
            .map(|file| file.path())
            .find(|path| is_original(&path.to_string_lossy()))
            .ok_or_else(|| Failure::new(format!("the sources of {source} hold no .orig.tar")))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let at = |part: &str| self.folder.join(part).display().to_string();
        for setting in [
            format!("Dir::Etc::sourcelist={}", at("sources.list")),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            format!("Dir::State::lists={}", at("lists")),
            format!("Dir::Cache={}", at("cache")),
            "Dir::State::status=/dev/null".to_owned(),
            // As root apt would fetch as an account that cannot write into root's cache.
            "APT::Sandbox::User=root".to_owned(),
        ] {
            command.args(["-o", &setting]);
        }
        command
    }
}

/// Each version that `apt-cache showsrc` tells of, as apt-get takes it.
fn source_versions(stanzas: &str) -> Vec<String> {
    let field = |stanza: &str, name: &str| {
        stanza.lines().find_map(|line| line.strip_prefix(name).map(|value| value.trim().to_owned()))
    };
    let version =
        |stanza| Some(format!("{}={}", field(stanza, "Package:")?, field(stanza, "Version:")?));
    stanzas.split("\n\n").filter_map(version).collect()
}

fn is_original(name: &str) -> bool {
    let compression = name.rsplit_once(".orig.tar.").map(|(_, compression)| compression);
    compression.is_some_and(|compression| !compression.contains('.'))
}

/// The lines of `apt-cache depends --recurse` that are packages, not relations or virtual names.
fn real_packages(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_alphanumeric()))
        .map(|line| line.trim().to_owned())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn source_line(suite: Suite) -> Result<String, Failure> {
    let release = std::fs::read_to_string("/etc/os-release").doing("reading /etc/os-release")?;
    let codename = release_field(&release, "VERSION_CODENAME").unwrap_or_default();
    let archives = configured_archives();
    let archive = find_release(&archives, codename).ok_or_else(|| {
        Failure::new(format!("apt's sources name no archive of this release ({codename:?})"))
    })?;
    match (suite, release_field(&release, "ID")) {
        (Suite::OwnRelease, _) => Ok(archive.line(codename)),
        (Suite::Unstable, Some("debian")) => Ok(archive.line("unstable")),
        (Suite::Unstable, _) => Err(Failure::new("only Debian's archive has it (in unstable)")),
    }
}

fn configured_archives() -> Vec<Archive> {
    let mut archives = read(Path::new("/etc/apt/sources.list"));
    let mut files: Vec<PathBuf> = std::fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort_unstable();
    archives.extend(files.iter().flat_map(|file| read(file)));
    archives
}

fn read(file: &Path) -> Vec<Archive> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    match file.extension().and_then(std::ffi::OsStr::to_str) {
        Some("sources") => parse_deb822(&text),
        Some("list") => parse_list(&text),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_and_virtual_names_are_no_packages() {
        let text =
            "mysql-server-core\n  Depends: libc6\n |Depends: <virtual>\nlibc6\n<virtual>\nlibc6\n";
        assert_eq!(real_packages(text), ["libc6", "mysql-server-core"]);
    }

    #[test]
    fn every_version_of_the_sources_is_named() {
        let stanzas = "Package: a\nBinary: b\nVersion: 1-2\n\nPackage: a\nVersion: 1-1\n\n";
        assert_eq!(source_versions(stanzas), ["a=1-2", "a=1-1"]);
    }

    #[test]
    fn only_the_makers_archive_is_the_original() {
        assert!(is_original("/a/mariadb_10.11.18.orig.tar.gz"));
        assert!(!is_original("/a/mariadb_10.11.18.orig.tar.gz.asc"));
        assert!(!is_original("/a/sqlite3_3.40.1.orig-www.tar.xz"));
        assert!(!is_original("/a/sqlite3_3.40.1-2.debian.tar.xz"));
    }
}

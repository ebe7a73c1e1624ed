//! Servers unpacked from the distribution's packages into the cache folder, once per machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt::{Apt, Suite};
use super::{Care, Server, mysql, postgres};
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::workspace::cache;

/// Unpacks the engine's server unless that was done before, and starts it.
pub(super) fn start(engine: Engine, care: Care) -> Result<Server, String> {
    let tree = tree(engine).map_err(|failure| failure.to_string())?;
    let origin = format!("unpacked from packages into {}", tree.display());
    match engine {
        Engine::Sqlite => Err("has no server".to_owned()),
        Engine::Postgres => postgres::start(postgres_programs(&tree)?, origin, care),
        Engine::MariaDb => mysql::start(engine, &mariadb_programs(&tree)?, origin, care),
        Engine::MySql => mysql::start(engine, &mysql_programs(&tree)?, origin, care),
    }
}

pub(super) fn tree(engine: Engine) -> Result<PathBuf, Failure> {
    let (suite, pattern) = match engine {
        Engine::Sqlite => return Err(Failure::new("has no server")),
        Engine::Postgres => (Suite::OwnRelease, "^postgresql-[0-9]+$"),
        Engine::MariaDb => (Suite::OwnRelease, "^mariadb-server-core(-[0-9.]+)?$"),
        Engine::MySql => (Suite::Unstable, "^mysql-server-core$"),
    };
    // MariaDB's script that makes a data folder uses a program of the client's package.
    let client: &[&str] = if engine == Engine::MariaDb { &["mariadb-client-core"] } else { &[] };
    unpacked(engine.name(), suite, pattern, client)
}

/// `MariaDB` with what makes a cluster of it: Galera, the scripts that copy one node's data to
/// another, and the programs that they run.
pub(super) fn galera() -> Result<PathBuf, Failure> {
    unpacked("galera", Suite::OwnRelease, "^mariadb-server$", &["galera-4", "rsync", "lsof"])
}

/// The pooler before `PostgreSQL`.
pub(super) fn pgbouncer() -> Result<PathBuf, Failure> {
    unpacked("pgbouncer", Suite::OwnRelease, "^pgbouncer$", &[])
}

/// NATS, which needs nothing but itself.
pub(super) fn nats() -> Result<PathBuf, Failure> {
    unpacked("nats-server", Suite::OwnRelease, "^nats-server$", &[])
}

/// `MySQL`'s own client, with the loader and libraries that it needs.
pub(crate) fn mysql_client() -> Result<Command, Failure> {
    let tree = unpacked("mysql-client", Suite::Unstable, "^mysql-client-core$", &[])?;
    loaded(&tree, Path::new("usr/bin/mysql"))
}

/// A program that asks for a newer C library than the system has, run with unstable's.
pub(super) fn with_newer_libraries(program: &Path) -> Result<Command, Failure> {
    let tree = unpacked("libstdc++", Suite::Unstable, r"^libstdc\+\+6$", &[])?;
    loaded(&tree, program)
}

fn loaded(tree: &Path, program: &Path) -> Result<Command, Failure> {
    let mut words = with_loader(tree, program).map_err(Failure::new)?.into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    Ok(command)
}

/// The tree of that name, which holds the package that the pattern finds and what it needs.
fn unpacked(name: &str, suite: Suite, pattern: &str, further: &[&str]) -> Result<PathBuf, Failure> {
    let servers = cache()?.join("servers");
    let tree = servers.join(name);
    if tree.is_dir() {
        return Ok(tree);
    }
    report::note(format!("unpacking {name} into {}", tree.display()));
    std::fs::create_dir_all(&servers).doing("making the cache folder")?;
    let work = tempfile::Builder::new()
        .prefix("unpacking-")
        .tempdir_in(&servers)
        .doing("making a folder to unpack into")?;
    let apt = Apt::update(&work.path().join("apt"), suite)?;
    let server = apt
        .search(pattern)?
        .pop()
        .ok_or_else(|| Failure::new(format!("this release has no package like {pattern}")))?;
    let further = further.iter().map(|package| (*package).to_owned());
    let wanted: Vec<String> = std::iter::once(server).chain(further).collect();
    let needed: Vec<String> = apt
        .closure(&wanted)?
        .into_iter()
        .filter(|package| wanted.contains(package) || is_needed(package, suite))
        .collect();
    let root = work.path().join("root");
    apt.unpack(&needed, &root)?;
    // Renamed at the end: what stands there is always whole. Another run may have been faster.
    match std::fs::rename(&root, &tree) {
        Err(_) if tree.is_dir() => Ok(tree),
        result => result.doing("moving the unpacked server").map(|()| tree),
    }
}

/// Libraries and the servers' own packages; never what belongs to the system itself.
fn is_needed(package: &str, suite: Suite) -> bool {
    let own = ["mysql-", "mariadb-", "postgresql-"].iter().any(|start| package.starts_with(start));
    let too_much = ["libllvm", "libz3", "libperl", "libdebian-installer"]
        .iter()
        .any(|start| package.starts_with(start));
    let foreign_c_library = package == "libc6" && suite == Suite::OwnRelease;
    (own || package.starts_with("lib")) && !too_much && !foreign_c_library
}

pub(super) fn postgres_programs(tree: &Path) -> Result<postgres::Programs, String> {
    let versions = tree.join("usr/lib/postgresql");
    let version = children(&versions).pop().ok_or("the unpacked packages hold no PostgreSQL")?;
    let libraries = Some(library_folders(tree)?);
    Ok(postgres::Programs { bin: version.join("bin"), libraries, tree: Some(tree.to_owned()) })
}

pub(super) fn mariadb_programs(tree: &Path) -> Result<mysql::Programs, String> {
    Ok(mysql::Programs {
        server: vec![tree.join("usr/sbin/mariadbd").into()],
        install: Some(tree.join("usr/bin/mariadb-install-db")),
        base: Some(tree.join("usr")),
        libraries: Some(library_folders(tree)?),
        account: None,
    })
}

pub(super) fn mysql_programs(tree: &Path) -> Result<mysql::Programs, String> {
    Ok(mysql::Programs {
        server: with_loader(tree, Path::new("usr/sbin/mysqld"))?,
        install: None,
        base: Some(tree.join("usr")),
        libraries: None,
        account: None,
    })
}

/// Run by the loader that came with it: its C library is newer than the system's may be.
fn with_loader(tree: &Path, program: &Path) -> Result<Vec<OsString>, String> {
    let libraries = library_folders(tree)?;
    let is_loader = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("ld-linux"))
    };
    let loader = std::env::split_paths(&libraries)
        .flat_map(|folder| children(&folder))
        .find(is_loader)
        .ok_or("the unpacked packages hold no loader")?;
    Ok(vec![loader.into(), "--library-path".into(), libraries, tree.join(program).into()])
}

/// `lib` and `usr/lib` of the machine's architecture, as a search path.
pub(super) fn library_folders(tree: &Path) -> Result<OsString, String> {
    let folders: Vec<PathBuf> = ["usr/lib", "lib"]
        .into_iter()
        .flat_map(|folder| children(&tree.join(folder)))
        .filter(|path| path.to_string_lossy().ends_with("-linux-gnu"))
        .collect();
    if folders.is_empty() {
        return Err("the unpacked packages hold no libraries".to_owned());
    }
    std::env::join_paths(folders).map_err(|error| format!("its libraries: {error}"))
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort_unstable();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_libraries_and_the_servers_own_packages_are_needed() {
        for package in ["libssl3", "mysql-server-core", "postgresql-15", "mariadb-common"] {
            assert!(is_needed(package, Suite::OwnRelease), "{package}");
        }
        for package in ["perl", "debconf", "libperl5.36", "libllvm14", "passwd", "systemd"] {
            assert!(!is_needed(package, Suite::OwnRelease), "{package}");
        }
    }

    #[test]
    fn the_c_library_comes_along_only_from_another_release() {
        assert!(is_needed("libc6", Suite::Unstable));
        assert!(!is_needed("libc6", Suite::OwnRelease));
    }
}

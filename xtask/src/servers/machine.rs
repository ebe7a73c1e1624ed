//! Servers whose programs stand on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Care, Server, mysql, postgres};
use crate::command::{capture, find_program};
use crate::engine::Engine;

/// Starts a throwaway server from the programs found here.
pub(super) fn start(engine: Engine, care: Care) -> Result<Server, String> {
    match engine {
        Engine::Sqlite => Err("has no server".to_owned()),
        Engine::Postgres => start_postgres(care),
        Engine::MariaDb => start_mariadb(care),
        Engine::MySql => start_mysql(care),
    }
}

fn start_postgres(care: Care) -> Result<Server, String> {
    let (programs, origin) = postgres_programs()?;
    postgres::start(programs, origin, care)
}

/// And where they were found.
pub(super) fn postgres_programs() -> Result<(postgres::Programs, String), String> {
    let initdb = find_program("initdb", &postgres_folders())
        .ok_or("no initdb in PATH or the usual places")?;
    // A link in PATH leads to the folder where the other programs are.
    let initdb = initdb.canonicalize().map_err(|error| format!("following initdb: {error}"))?;
    let bin = initdb.parent().unwrap_or(Path::new("/")).to_owned();
    let origin = found_at(&bin);
    Ok((postgres::Programs { bin, libraries: None, tree: None }, origin))
}

fn start_mariadb(care: Care) -> Result<Server, String> {
    let (programs, origin) = mariadb_programs()?;
    mysql::start(Engine::MariaDb, &programs, origin, care)
}

/// And where they were found.
pub(super) fn mariadb_programs() -> Result<(mysql::Programs, String), String> {
    let folders = system_folders();
    let server = find_program("mariadbd", &folders).ok_or("no mariadbd in PATH")?;
    let install = find_program("mariadb-install-db", &folders)
        .ok_or("there is mariadbd, but no mariadb-install-db")?;
    let origin = found_at(&server);
    let programs = mysql::Programs {
        server: vec![server.into()],
        install: Some(install),
        base: None,
        libraries: None,
        account: None,
    };
    Ok((programs, origin))
}

fn start_mysql(care: Care) -> Result<Server, String> {
    let server = find_program("mysqld", &system_folders()).ok_or("no mysqld in PATH")?;
    let version =
        capture(Command::new(&server).arg("--version")).map_err(|failure| failure.to_string())?;
    if version.contains("MariaDB") {
        return Err("the mysqld in PATH is MariaDB's".to_owned());
    }
    let origin = found_at(&server);
    let programs = mysql::Programs {
        server: vec![server.into()],
        install: None,
        base: None,
        libraries: None,
        account: None,
    };
    mysql::start(Engine::MySql, &programs, origin, care)
}

fn found_at(path: &Path) -> String {
    format!("started from {}", path.display())
}

pub(super) fn system_folders() -> Vec<PathBuf> {
    ["/usr/sbin", "/usr/local/sbin", "/usr/libexec", "/usr/local/mysql/bin", "/usr/local/bin"]
        .map(PathBuf::from)
        .to_vec()
}

/// Where packages put what they keep out of `PATH`, the newest version first.
fn postgres_folders() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_unstable();
    let newest_first = versions.into_iter().rev().map(|(_, bin)| bin);
    newest_first
        .chain(["/usr/local/pgsql/bin", "/usr/libexec/postgresql"].map(PathBuf::from))
        .collect()
}

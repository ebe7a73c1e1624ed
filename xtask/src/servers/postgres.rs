//! Starting a throwaway `PostgreSQL` server from its programs.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::launch::{await_answer, folder, free_port, is_root, read_log, spawn};
use super::{Care, Server};
use crate::command::capture;
use crate::engine::Engine;

/// The programs of one installation.
#[derive(Debug)]
pub(super) struct Programs {
    /// The folder that holds `initdb` and `postgres`.
    pub(super) bin: PathBuf,
    /// Where their libraries stand, when the system does not know.
    pub(super) libraries: Option<OsString>,
    /// The unpacked tree that they are part of, which an account without rights cannot look into.
    pub(super) tree: Option<PathBuf>,
}

const SETTINGS: [&str; 5] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "jit=off",
    "shared_buffers=64MB",
    "max_connections=400",
];
/// Throwaway data: nothing has to survive a crash.
const CARELESS: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// Makes a data folder and starts a server on it.
pub(super) fn start(mut programs: Programs, origin: String, care: Care) -> Result<Server, String> {
    let (folder, folder_guard) = folder()?;
    let account = account_for(&folder)?;
    if account.is_some() {
        programs = within_reach(programs, &folder)?;
    }
    let prepare = |program: &str| {
        let mut command = Command::new(programs.bin.join(program));
        command
            .current_dir(&folder)
            .envs(programs.libraries.iter().map(|path| ("LD_LIBRARY_PATH", path)));
        if let Some((user, group)) = account {
            command.uid(user).gid(group);
        }
        command
    };
    let data = folder.join("data");
    capture(
        prepare("initdb")
            .args(["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"])
            .args(["--locale=C.UTF-8", "-D"])
            .arg(&data),
    )
    .map_err(|failure| failure.to_string())?;
    let port = free_port()?;
    let mut command = prepare("postgres");
    command.args(["-p", &port.to_string(), "-D"]).arg(&data);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    if care == Care::Throwaway {
        command.args(CARELESS.iter().flat_map(|setting| ["-c", setting]));
    }
    let log = folder.join("log");
    // QUIT ends it at once; there is nothing to keep.
    let process = spawn(&mut command, &log, "QUIT")?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let version = await_answer(Engine::Postgres, &url, &process, || read_log(&log))?;
    Ok(Server { url, origin, version, _guards: vec![process, folder_guard] })
}

/// `PostgreSQL` refuses to run as root: the account to use instead, which is given the folder.
fn account_for(folder: &Path) -> Result<Option<(u32, u32)>, String> {
    if !is_root() {
        return Ok(None);
    }
    let accounts = std::fs::read_to_string("/etc/passwd")
        .map_err(|error| format!("reading /etc/passwd: {error}"))?;
    let (user, group) = find_account(&accounts, "postgres")
        .or_else(|| find_account(&accounts, "nobody"))
        .ok_or("as root, an account `postgres` or `nobody` is needed")?;
    std::os::unix::fs::chown(folder, Some(user), Some(group))
        .map_err(|error| format!("giving the folder to another account: {error}"))?;
    Ok(Some((user, group)))
}

fn find_account(passwd: &str, name: &str) -> Option<(u32, u32)> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        Some((user, fields.next()?.parse().ok()?))
    })
}

/// Copies an unpacked tree into the server's folder: root's cache is closed to other accounts.
fn within_reach(programs: Programs, folder: &Path) -> Result<Programs, String> {
    let Some(tree) = &programs.tree else { return Ok(programs) };
    let copy = folder.join("programs");
    capture(Command::new("cp").arg("-a").arg(tree).arg(&copy))
        .map_err(|failure| failure.to_string())?;
    let moved = |path: &Path| {
        path.strip_prefix(tree).map_or_else(|_| path.to_owned(), |rest| copy.join(rest))
    };
    let bin = moved(&programs.bin);
    let libraries = programs
        .libraries
        .map(|paths| {
            std::env::join_paths(std::env::split_paths(&paths).map(|path| moved(&path)))
                .map_err(|error| format!("its libraries: {error}"))
        })
        .transpose()?;
    Ok(Programs { bin, libraries, tree: Some(copy) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104::/var/lib:/bin/sh\n";

    #[test]
    fn accounts_are_found_by_their_whole_name() {
        assert_eq!(find_account(PASSWD, "postgres"), Some((101, 104)));
        assert_eq!(find_account(PASSWD, "post"), None);
        assert_eq!(find_account("broken", "broken"), None);
    }
}

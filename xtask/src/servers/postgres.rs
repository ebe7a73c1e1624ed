//! Starting a throwaway `PostgreSQL` server from its programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::{self, Account};
use super::launch::{await_answer, folder, free_port, read_log, spawn};
use super::url::ServerUrl;
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

/// What a server begins with.
#[derive(Clone, Copy, Debug)]
enum Data<'a> {
    New,
    /// Everything that this one has, and whatever it writes from then on.
    Of(&'a ServerUrl),
}

/// Makes a data folder and starts a server on it.
pub(super) fn start(programs: Programs, origin: String, care: Care) -> Result<Server, String> {
    start_with(programs, origin, care, Data::New)
}

/// Starts a standby that follows another server, which has to trust whoever comes from this machine.
pub(super) fn follow(
    programs: Programs,
    origin: String,
    primary: &ServerUrl,
) -> Result<Server, String> {
    start_with(programs, origin, Care::Throwaway, Data::Of(primary))
}

fn start_with(
    mut programs: Programs,
    origin: String,
    care: Care,
    begin: Data<'_>,
) -> Result<Server, String> {
    let (folder, folder_guard) = folder(care)?;
    let account = Account::owning(&folder, "postgres")?;
    if account.is_some() {
        programs = within_reach(programs, &folder)?;
    }
    let prepare = |program: &str| {
        let mut command = Command::new(programs.bin.join(program));
        command
            .current_dir(&folder)
            .envs(programs.libraries.iter().map(|path| ("LD_LIBRARY_PATH", path)));
        if let Some(account) = account {
            account.wear(&mut command);
        }
        command
    };
    let data = folder.join("data");
    let mut fill = match begin {
        Data::New => {
            let mut command = prepare("initdb");
            command.args(["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"]);
            command.args(["--locale=C.UTF-8", "-D"]);
            command
        }
        Data::Of(ServerUrl { user, host, port, .. }) => {
            let mut command = prepare("pg_basebackup");
            command.args(["-U", user, "-h", host, "-p", &port.to_string(), "-w", "-R"]);
            command.args(["--checkpoint=fast", "--no-sync", "-D"]);
            command
        }
    };
    capture(fill.arg(&data)).map_err(|failure| failure.to_string())?;
    let port = free_port()?;
    let mut command = prepare("postgres");
    command.args(["-p", &port.to_string(), "-D"]).arg(&data);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    if care != Care::Durable {
        command.args(CARELESS.iter().flat_map(|setting| ["-c", setting]));
    }
    let log = folder.join("log");
    // QUIT ends it at once; there is nothing to keep.
    let process = spawn(&mut command, &log, "QUIT")?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let version = await_answer(Engine::Postgres, &url, &process, || read_log(&log))?;
    Ok(Server { url, origin, version, _guards: vec![process, folder_guard] })
}

/// The programs where an account without rights can run them.
fn within_reach(programs: Programs, folder: &Path) -> Result<Programs, String> {
    let Some(tree) = &programs.tree else { return Ok(programs) };
    let copy = account::within_reach(tree, folder)?;
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

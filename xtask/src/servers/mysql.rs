//! Starting a throwaway `MariaDB` or `MySQL` server from its programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::account::Account;
use super::launch::{await_answer, folder, free_port, is_root, read_log, spawn};
use super::{Care, Server};
use crate::command::capture;
use crate::engine::Engine;

/// The programs of one installation.
#[derive(Debug)]
pub(super) struct Programs {
    /// The server, or the loader that runs it and the loader's arguments.
    pub(super) server: Vec<OsString>,
    /// `MariaDB`'s script that makes a data folder; `MySQL`'s server does that itself.
    pub(super) install: Option<PathBuf>,
    /// The tree that it was unpacked into.
    pub(super) base: Option<PathBuf>,
    /// Where the libraries stand, when the system does not know.
    pub(super) libraries: Option<OsString>,
    /// The account to run as; without one, whoever runs the recipe.
    pub(super) account: Option<Account>,
}

pub(super) const SETTINGS: [&str; 5] = [
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--max-connections=500",
    "--innodb-buffer-pool-size=64M",
];
/// Throwaway data: nothing has to survive a crash.
pub(super) const CARELESS: [&str; 3] = [
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
];
/// Without name resolution 127.0.0.1 is another host than `localhost`, the only one that root
/// may come from at first.
const LOOPBACK_ROOT: &str = "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';\n\
    GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n";

/// Makes a data folder and starts a server on it.
pub(super) fn start(
    engine: Engine,
    programs: &Programs,
    origin: String,
    care: Care,
) -> Result<Server, String> {
    start_with(engine, programs, origin, care, &[])
}

/// The same with further options, which win over those that every server gets.
pub(super) fn start_with(
    engine: Engine,
    programs: &Programs,
    origin: String,
    care: Care,
    further: &[String],
) -> Result<Server, String> {
    let (folder, folder_guard) = folder(care)?;
    let data = folder.join("data");
    initialise(programs, &folder, &data)?;
    let port = free_port()?;
    let mut command = programs.command(&folder, &data)?;
    command.args(SETTINGS).args(further).arg(format!("--port={port}"));
    if care != Care::Durable {
        command.args(CARELESS);
    }
    command.arg(option("socket", &folder.join("socket")));
    command.arg(option("pid-file", &folder.join("pid")));
    if engine == Engine::MySql {
        command.args(["--mysqlx=OFF", "--secure-file-priv="]);
    }
    let log = folder.join("log");
    let process = spawn(&mut command, &log, "KILL")?;
    let url = format!("mysql://root@127.0.0.1:{port}/mysql");
    let version = await_answer(engine, &url, &process, || read_log(&log))?;
    Ok(Server { url, origin, version, _guards: vec![process, folder_guard] })
}

pub(super) fn initialise(programs: &Programs, folder: &Path, data: &Path) -> Result<(), String> {
    let mut command = if let Some(install) = &programs.install {
        let mut command = Command::new(install);
        command.arg("--no-defaults").arg(option("datadir", data));
        command.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
        command.arg("--skip-name-resolve");
        command.args(programs.base.iter().map(|base| option("basedir", base)));
        programs.finish(&mut command, folder);
        command
    } else {
        let init_file = folder.join("init.sql");
        std::fs::write(&init_file, LOOPBACK_ROOT)
            .map_err(|error| format!("writing {}: {error}", init_file.display()))?;
        let mut command = programs.command(folder, data)?;
        command.arg("--initialize-insecure").arg(option("init-file", &init_file));
        command
    };
    capture(&mut command).map(drop).map_err(|failure| failure.to_string())
}

impl Programs {
    pub(super) fn command(&self, folder: &Path, data: &Path) -> Result<Command, String> {
        let (program, arguments) = self.server.split_first().ok_or("no server program")?;
        let mut command = Command::new(program);
        command.args(arguments).arg("--no-defaults").arg(option("datadir", data));
        command.args(self.base.iter().map(|base| option("basedir", base)));
        self.finish(&mut command, folder);
        Ok(command)
    }

    fn finish(&self, command: &mut Command, folder: &Path) {
        // MariaDB tidies the temporary folder when it starts, of what other servers keep there too.
        command.current_dir(folder).env("TMPDIR", folder);
        command.envs(self.libraries.iter().map(|path| ("LD_LIBRARY_PATH", path)));
        match self.account {
            Some(account) => account.wear(command),
            None if is_root() => drop(command.arg("--user=root")),
            None => {}
        }
    }
}

pub(super) fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(format!("--{name}="));
    option.push(path);
    option
}

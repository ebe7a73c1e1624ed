//! A throwaway `PgBouncer` before a `PostgreSQL` server.
//! <https://www.pgbouncer.org/config.html>

use std::process::Command;

use super::account::{self, Account};
use super::launch::{await_answer, folder, free_port, read_log, spawn};
use super::url::ServerUrl;
use super::{Care, Server, packages};
use crate::engine::Engine;

/// For how long a client has a server's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolMode {
    Transaction,
    Session,
}

/// Starts a pooler before the server, which has to trust whoever comes from this machine.
pub(crate) fn start(server: &Server, mode: PoolMode) -> Result<Server, String> {
    let tree = packages::pgbouncer().map_err(|failure| failure.to_string())?;
    let origin = format!("unpacked from packages into {}", tree.display());
    let (folder, folder_guard) = folder(Care::Throwaway)?;
    // It refuses to be root.
    let account = Account::owning(&folder, "postgres")?;
    let tree = if account.is_some() { account::within_reach(&tree, &folder)? } else { tree };
    let port = free_port()?;
    let file = folder.join("pgbouncer.ini");
    let behind = ServerUrl::parse(Engine::Postgres, &server.url)?;
    std::fs::write(&file, settings(&behind, mode, port))
        .map_err(|error| format!("writing {}: {error}", file.display()))?;
    let mut command = Command::new(tree.join("usr/sbin/pgbouncer"));
    command.arg(&file).current_dir(&folder);
    command.env("LD_LIBRARY_PATH", packages::library_folders(&tree)?);
    if let Some(account) = account {
        account.wear(&mut command);
    }
    let log = folder.join("log");
    let process = spawn(&mut command, &log, "KILL")?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let version = await_answer(Engine::Postgres, &url, &process, || read_log(&log))?;
    Ok(Server { url, origin, version, _guards: vec![process, folder_guard] })
}

fn settings(behind: &ServerUrl, mode: PoolMode, port: u16) -> String {
    let mode = match mode {
        PoolMode::Transaction => "transaction",
        PoolMode::Session => "session",
    };
    let ServerUrl { user, host, port: server_port, .. } = behind;
    format!(
        "[databases]\n* = host={host} port={server_port} user={user}\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
         auth_type = any\npool_mode = {mode}\n\
         ignore_startup_parameters = extra_float_digits\n"
    )
}

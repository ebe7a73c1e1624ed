//! What every server that is started here has in common.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::memory::{in_memory, prefix};
use super::url::ServerUrl;
use super::{Care, greeting};
use crate::cleanup::{Guard, Leftover};
use crate::command::{capture, shown};
use crate::engine::Engine;

const START_TIMEOUT: Duration = Duration::from_mins(1);

/// A folder of the server's own, removed with its guard; in memory, where that may be.
pub(super) fn folder(care: Care) -> Result<(PathBuf, Guard), String> {
    let place = (care == Care::Throwaway).then(in_memory).flatten();
    let folder = tempfile::Builder::new()
        .prefix(&prefix("server"))
        .tempdir_in(place.unwrap_or_else(std::env::temp_dir))
        .map_err(|error| format!("making a temporary folder: {error}"))?
        .keep();
    Ok((folder.clone(), Guard::new(Leftover::Folder(folder))))
}

/// A port of the loopback interface that nobody listened on a moment ago.
pub(crate) fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("finding a free port: {error}"))
}

/// Ports that stay free until they are used: below those that the system gives to connections.
pub(super) fn quiet_ports<const N: usize>() -> Result<[u16; N], String> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Another recipe that runs at the same time begins elsewhere.
    let first = 16_000 + u16::try_from(std::process::id() % 1_000).unwrap_or_default() * 10;
    let mut ports = [0; N];
    for port in &mut ports {
        *port = (0..5_000)
            .map(|_| first + NEXT.fetch_add(1, Ordering::Relaxed) % 5_000)
            .find(|candidate| TcpListener::bind((Ipv4Addr::LOCALHOST, *candidate)).is_ok())
            .ok_or_else(|| format!("no free port from {first} on"))?;
    }
    Ok(ports)
}

/// Starts the server in the background; what it says goes into the log.
pub(super) fn spawn(
    command: &mut Command,
    log: &Path,
    stop_signal: &'static str,
) -> Result<Guard, String> {
    let file = File::create(log).map_err(|error| format!("making {}: {error}", log.display()))?;
    let errors = file.try_clone().map_err(|error| format!("opening the log twice: {error}"))?;
    // A group of its own: Ctrl-C on the terminal reaches the recipe only, which then stops it.
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.stdin(Stdio::null()).stdout(file).stderr(errors);
    Guard::spawn(command, stop_signal)
        .map_err(|error| format!("starting `{}`: {error}", shown(command)))
}

/// Waits until the server answers and gives its version.
pub(super) fn await_answer(
    engine: Engine,
    url: &str,
    process: &Guard,
    log: impl Fn() -> String,
) -> Result<String, String> {
    let url = ServerUrl::parse(engine, url)?;
    let deadline = Instant::now() + START_TIMEOUT;
    loop {
        let reason = match greeting::version(engine, &url) {
            Ok(version) => return Ok(version),
            Err(reason) => reason,
        };
        if let Some(end) = process.ended() {
            return Err(format!("it ended with {end}: {}", tail(&log())));
        }
        if Instant::now() > deadline {
            return Err(format!("it does not answer ({reason}): {}", tail(&log())));
        }
        sleep(Duration::from_millis(50));
    }
}

/// The text of a log file, empty when it cannot be read.
pub(super) fn read_log(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default()
}

/// Whether this process may do everything, so that servers need an account of their own.
pub(super) fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let start = lines.len().saturating_sub(4);
    lines.get(start..).unwrap_or_default().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_log_is_told() {
        assert_eq!(tail("1\n2\n\n3\n4\n5\n"), "2 | 3 | 4 | 5");
        assert_eq!(tail(""), "");
    }

    #[test]
    fn a_server_that_ends_at_once_is_an_error_with_its_log() {
        let (folder, _guard) = folder(Care::Throwaway).unwrap();
        let log = folder.join("log");
        let mut command = Command::new("sh");
        command.args(["-c", "echo no space left; exit 1"]);
        let process = spawn(&mut command, &log, "TERM").unwrap();
        let url = format!("mysql://root@127.0.0.1:{}", free_port().unwrap());
        let error = await_answer(Engine::MySql, &url, &process, || read_log(&log)).unwrap_err();
        assert_eq!(error, "it ended with exit status: 1: no space left");
    }
}

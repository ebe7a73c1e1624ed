//! What must be gone when the recipe ends: by its end, its failure, Ctrl-C or SIGTERM.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Doing as _, Failure};

/// Something that outlives the recipe unless it is removed.
#[derive(Debug)]
pub(crate) enum Leftover {
    /// A process, asked by a signal to end and killed when it does not.
    Process { child: Child, signal: &'static str },
    /// A program in the foreground, which the recipe itself waits for.
    Foreground { pid: u32 },
    /// A program in a process group of its own, with all that it started, killed at once.
    Group { pid: u32 },
    /// A container of `docker` or `podman`.
    Container { program: &'static str, name: String },
    /// A folder with all that is in it.
    Folder(PathBuf),
    /// A database on a server that stays, and the command that drops it.
    Database { dropping: Command },
}

/// Removes its leftover when dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Guard(u64);

static PENDING: Mutex<BTreeMap<u64, Leftover>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);
const STATUS: &str = "/proc/self/status";
const PATIENCE: Duration = Duration::from_secs(10);

impl Guard {
    /// Takes charge of a leftover.
    pub(crate) fn new(leftover: Leftover) -> Self {
        let key = NEXT.fetch_add(1, Ordering::Relaxed);
        pending().insert(key, leftover);
        Self(key)
    }

    /// Starts a server, unless the clean-up of a signal has begun: then this never returns.
    pub(crate) fn spawn(command: &mut Command, signal: &'static str) -> std::io::Result<Self> {
        let mut pending = pending();
        let child = command.spawn()?;
        let key = NEXT.fetch_add(1, Ordering::Relaxed);
        pending.insert(key, Leftover::Process { child, signal });
        Ok(Self(key))
    }

    /// Starts a program in a group of its own, for which the caller waits; as [`Self::spawn`] does. Dropping the
    /// guard ends all of the group.
    pub(crate) fn spawn_group(command: &mut Command) -> std::io::Result<(Self, Child)> {
        let mut pending = pending();
        let child = command.process_group(0).spawn()?;
        let key = NEXT.fetch_add(1, Ordering::Relaxed);
        pending.insert(key, Leftover::Group { pid: child.id() });
        Ok((Self(key), child))
    }

    /// The code and signal text of the process behind this guard, if it has ended.
    pub(crate) fn ended(&self) -> Option<String> {
        match pending().get_mut(&self.0) {
            Some(Leftover::Process { child, .. }) => {
                child.try_wait().ok().flatten().map(|status| status.to_string())
            }
            Some(
                Leftover::Container { .. }
                | Leftover::Folder(_)
                | Leftover::Database { .. }
                | Leftover::Foreground { .. }
                | Leftover::Group { .. },
            ) => None,
            None => Some("stopped".to_owned()),
        }
    }

    /// Forgets the leftover without touching it: it has gone by itself.
    pub(crate) fn forget(self) {
        pending().remove(&self.0);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Held while removing, so that main cannot return while a signal's clean-up is at work.
        let mut pending = pending();
        if let Some(leftover) = pending.remove(&self.0) {
            remove(leftover);
        }
    }
}

/// Ends the process with 129, 130 or 143 when its terminal is gone, on Ctrl-C and SIGTERM, after everything was
/// removed.
pub(crate) fn on_signals() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .doing("watching for signals")?;
    std::thread::spawn(move || {
        let code = runtime.block_on(async {
            // `nohup` wants it to go on.
            let is_ignored =
                std::fs::read_to_string(STATUS).is_ok_and(|said| ignores_hangup(&said));
            let mut hangup = if is_ignored { None } else { signal(SignalKind::hangup()).ok() };
            let mut interrupt = signal(SignalKind::interrupt()).ok()?;
            let mut terminate = signal(SignalKind::terminate()).ok()?;
            tokio::select! {
                Some(()) = async { hangup.as_mut()?.recv().await } => Some(129),
                _ = interrupt.recv() => Some(130),
                _ = terminate.recv() => Some(143),
            }
        });
        if let Some(code) = code {
            let mut pending = pending();
            remove_all(&mut pending);
            // Still held, so that nothing is started after this.
            std::process::exit(code);
        }
    });
    Ok(())
}

/// Whether the status of a process (proc(5)) says so: SIGHUP is the lowest bit of the mask.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

fn remove_all(pending: &mut BTreeMap<u64, Leftover>) {
    // Latest first: a server before the folder that it writes to.
    while let Some((_, leftover)) = pending.pop_last() {
        remove(leftover);
    }
}

fn pending() -> MutexGuard<'static, BTreeMap<u64, Leftover>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remove(leftover: Leftover) {
    match leftover {
        Leftover::Process { child, signal } => stop(child, signal),
        Leftover::Foreground { pid } => send("TERM", &pid.to_string()),
        Leftover::Group { pid } => send("KILL", &format!("-{pid}")),
        Leftover::Container { program, name } => {
            let _ = silent(Command::new(program).args(["rm", "--force", "--volumes", &name]));
        }
        Leftover::Folder(path) => {
            let _ = std::fs::remove_dir_all(path);
        }
        Leftover::Database { mut dropping } => {
            let _ = silent(&mut dropping);
        }
    }
}

fn stop(mut child: Child, signal: &str) {
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    send(signal, &child.id().to_string());
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn send(signal: &str, target: &str) {
    let _ = silent(Command::new("kill").args(["-s", signal, "--", target]));
}

fn silent(command: &mut Command) -> std::io::Result<std::process::ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_is_ignored_where_its_bit_is_set() {
        assert!(ignores_hangup("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores_hangup("SigBlk:\t0000000000000001\nSigIgn:\t0000000000001000\n"));
        assert!(!ignores_hangup(""));
    }

    #[test]
    fn dropping_the_guard_ends_the_process() {
        let child = Command::new("sleep").arg("600").spawn().unwrap();
        let pid = child.id();
        let guard = Guard::new(Leftover::Process { child, signal: "TERM" });
        assert_eq!(guard.ended(), None);
        drop(guard);
        let alive = silent(Command::new("kill").args(["-s", "0", &pid.to_string()])).unwrap();
        assert!(!alive.success());
    }

    #[test]
    fn dropping_the_guard_ends_all_of_a_group() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; kill -s STOP $!; wait"]).stdout(Stdio::piped());
        let (guard, mut child) = Guard::spawn_group(&mut command).unwrap();
        let mut started = String::new();
        let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut output, &mut started).unwrap();
        drop(guard);
        assert!(!child.wait().unwrap().success());
        // It ends when the last one that could write to it has.
        assert_eq!(std::io::Read::read(&mut output, &mut [0]).unwrap(), 0);
        assert!(started.trim().parse::<u32>().is_ok());
    }

    #[test]
    fn a_process_that_ended_by_itself_is_seen_as_ended() {
        let child = Command::new("true").spawn().unwrap();
        let guard = Guard::new(Leftover::Process { child, signal: "TERM" });
        while guard.ended().is_none() {
            std::thread::yield_now();
        }
        assert_eq!(guard.ended().unwrap(), "exit status: 0");
    }

    #[test]
    fn dropping_the_guard_removes_the_folder() {
        let folder = tempfile::tempdir().unwrap().keep();
        std::fs::write(folder.join("file"), "x").unwrap();
        drop(Guard::new(Leftover::Folder(folder.clone())));
        assert!(!folder.exists());
    }
}

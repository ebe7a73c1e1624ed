//! A container of a pod as a process.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::cleanup::Guard;
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::pods::Container;

/// Fails where a process cannot have a file of hosts of its own.
pub(super) fn may_run() -> Result<(), Failure> {
    let probe = capture(Command::new("unshare").args([
        "--mount",
        "sh",
        "-ec",
        "mount --bind /etc/hosts /etc/hosts",
    ]));
    probe.map(drop).map_err(|failure| {
        Failure::new(format!("gateways need hosts of their own, by `unshare --mount`, which only root may do: {failure}"))
    })
}

/// A process, and its log.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    guard: Option<Guard>,
    log: PathBuf,
}

impl Process {
    /// Starts a container's program with nothing but the container's environment, which sees these hosts.
    pub(super) fn start(
        program: &Path,
        container: &Container,
        hosts: &Path,
        log: PathBuf,
    ) -> Result<Self, Failure> {
        let enter = r#"mount --bind "$1" /etc/hosts; shift; exec "$@""#;
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation=private", "--", "sh", "-ec", enter, "sh"]);
        command.arg(hosts).arg(program).args(&container.args);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(container.env.iter().map(|(name, value)| (name, value)));
        let file = File::create(&log).doing(format!("making {}", log.display()))?;
        let errors = file.try_clone().doing("making a log")?;
        command.stdin(Stdio::null()).stdout(file).stderr(errors);
        let (guard, child) = Guard::spawn_group(&mut command).doing("starting unshare")?;
        Ok(Self { child, guard: Some(guard), log })
    }

    /// Waits until it has ended well, as an init container or a Job has to.
    pub(super) fn succeeds(&mut self, within: Duration) -> Result<(), Failure> {
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            match self.child.try_wait().doing("waiting for a process")? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(self.failed(&status.to_string())),
                None => sleep(Duration::from_millis(20)),
            }
        }
        Err(self.failed("did not end"))
    }

    /// What it is told where a pod is deleted.
    pub(super) fn terminate(&self) -> Result<(), Failure> {
        // `unshare` without a fork became the program itself.
        capture(Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()])).map(drop)
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Why it is of no use, with the end of its log.
    pub(super) fn failed(&self, how: &str) -> Failure {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(15).collect();
        let end: Vec<&str> = lines.into_iter().rev().collect();
        Failure::new(format!("{}: {how}\n{}", self.log.display(), end.join("\n")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.guard.take());
        let _ = self.child.wait();
    }
}

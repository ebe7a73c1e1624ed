//! `migrate upgrade head` where nothing is to be done: how long it takes, and how much it holds.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::memory;

/// What the runs have shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noop {
    /// The median time by the clock on the wall, of the whole process.
    pub(crate) wall: Duration,
    /// The most memory that one of them was seen to hold, in KiB.
    pub(crate) peak: u64,
}

/// Migrates, so that nothing is left to be done.
pub(crate) fn migrate(program: &Path, url: &str) -> Result<(), Failure> {
    let output = command(program, url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(Failure::system("starting migrate"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::Program {
        program: "migrate".to_owned(),
        reason: format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr)),
    })
}

/// Runs it so many times on a database that is at head.
pub(crate) fn measure(program: &Path, url: &str, runs: usize) -> Result<Noop, Failure> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let begin = Instant::now();
        migrate(program, url)?;
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    let wall = times.get(times.len() / 2).copied().unwrap_or_default();
    Ok(Noop { wall, peak: peak(program, url)? })
}

/// Watches one more run: a process's own record of its peak is gone when it has ended.
fn peak(program: &Path, url: &str) -> Result<u64, Failure> {
    let mut child = command(program, url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Failure::system("starting migrate"))?;
    let mut peak = 0;
    while child.try_wait().map_err(Failure::system("waiting for migrate"))?.is_none() {
        peak = memory::peak(child.id()).unwrap_or(peak);
    }
    Ok(peak)
}

fn command(program: &Path, url: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["upgrade", "head"]).env("DATABASE_URL", url).stdin(Stdio::null());
    command
}

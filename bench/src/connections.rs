//! What the gateway holds for clients that are connected and ask for nothing.

use std::path::PathBuf;

use clap::Args;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::failure::Failure;
use crate::process::{Process, free_port};
use crate::{memory, report};

/// The most that 10,000 connections may take, in KiB.
const MARK: u64 = 150 << 10;
/// The files that a process has open beside its connections.
const SPARE: u64 = 200;
/// The end of an answer to `GET /livez`.
const ALIVE: &[u8] = b"\r\n\r\nok\n";

/// How many connections, and to what.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of the programs
    #[arg(long)]
    programs: PathBuf,
    /// How many connections are held
    #[arg(long, default_value_t = 10_000)]
    connections: u64,
}

/// Opens them, asks once over each so that all are kept alive, and looks at the gateway's memory.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    if with_files(options.connections + SPARE).await? {
        return Ok(());
    }
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let (port, admin) = (free_port()?, free_port()?);
    let mut command = Command::new(crate::stack::program(&options.programs, "gateway"));
    command.env("HTTP_ADDR", format!("127.0.0.1:{port}"));
    command.env("ADMIN_ADDR", format!("127.0.0.1:{admin}"));
    // Nothing listens there, and nobody asks for anything that would need it.
    command.env("USER_SERVICE_URL", format!("http://127.0.0.1:{}", free_port()?));
    let mut gateway = Process::start("gateway", &mut command, folder.path())?;
    gateway.lives(admin).await?;

    let idle = memory::resident(gateway.pid())?;
    let mut held = Vec::new();
    for _ in 0..options.connections {
        held.push(connect(port).await?);
    }
    let full = memory::resident(gateway.pid())?;
    for stream in held.iter_mut().rev().take(100) {
        ask(stream).await?;
    }
    tell(options.connections, idle, full);
    Ok(())
}

fn tell(connections: u64, idle: u64, full: u64) {
    let each = (full.saturating_sub(idle)) * 1024 / connections.max(1);
    report::line(format_args!(
        "| idle keep-alive connections | RSS before, MiB | RSS with them, MiB | bytes for each |\n\
         |---:|---:|---:|---:|\n\
         | {connections} | {:.1} | {:.1} | {each} |",
        mib(idle),
        mib(full),
    ));
    let word = if full <= MARK { "kept" } else { "MISSED" };
    report::line(format_args!("\nMark of {} MiB: {word}", MARK >> 10));
}

#[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

async fn connect(port: u16) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await;
    let mut stream = stream.map_err(Failure::system("connecting to the gateway"))?;
    ask(&mut stream).await?;
    Ok(stream)
}

async fn ask(stream: &mut TcpStream) -> Result<(), Failure> {
    let request = b"GET /livez HTTP/1.1\r\nhost: gateway\r\n\r\n";
    stream.write_all(request).await.map_err(Failure::system("asking the gateway"))?;
    let mut answer = Vec::new();
    while !answer.ends_with(ALIVE) {
        let read = stream.read_buf(&mut answer).await;
        if read.map_err(Failure::system("hearing the gateway"))? == 0 {
            return Err(Failure::call("a connection was closed"));
        }
    }
    Ok(())
}

/// Starts this program again where the limit of open files is too low and may be raised; whoever is started
/// from here inherits it.
async fn with_files(needed: u64) -> Result<bool, Failure> {
    let limits = std::fs::read_to_string("/proc/self/limits");
    let limits = limits.map_err(Failure::system("reading the limit of open files"))?;
    let Some((now, most)) = open_files(&limits) else { return Ok(false) };
    if now >= needed || most <= now {
        return Ok(false);
    }
    let own = std::env::current_exe().map_err(Failure::system("finding this program"))?;
    let mut again = Command::new("sh");
    again.args(["-c", "ulimit -n \"$0\" && exec \"$@\"", &needed.min(most).to_string()]);
    let status = again.arg(own).args(std::env::args_os().skip(1)).status().await;
    let status = status.map_err(Failure::system("starting this program again"))?;
    if status.success() {
        return Ok(true);
    }
    Err(Failure::Program {
        program: "the bench".to_owned(),
        reason: format!("it ended with {status}"),
    })
}

/// What may be open now, and what it may be raised to.
fn open_files(limits: &str) -> Option<(u64, u64)> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let mut words = line.split_whitespace();
    let number = |word: &str| if word == "unlimited" { Some(u64::MAX) } else { word.parse().ok() };
    Some((number(words.next()?)?, number(words.next()?)?))
}

#[cfg(test)]
mod tests {
    use super::open_files;

    #[test]
    fn limits_are_read_as_the_kernel_writes_them() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max processes             1                    2                    processes\n\
                      Max open files            1024                 unlimited            files\n";
        assert_eq!(open_files(limits), Some((1024, u64::MAX)));
        assert_eq!(open_files(""), None);
    }
}

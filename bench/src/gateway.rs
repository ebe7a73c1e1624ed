//! What the gateway costs beside axum and tonic by hand and beside grpc-gateway, and how late its slowest answers are.

mod in_process;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use tokio::process::Command;

pub(crate) use self::in_process::serve as serve_in_process;
use crate::cpu;
use crate::failure::Failure;
use crate::load::http::HttpLoad;
use crate::process::{Process, free_port};
use crate::report;
use crate::stack::{own_role, program};

/// How much to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder of the programs
    #[arg(long)]
    programs: PathBuf,
    /// grpc-gateway before the user service, if it could be built
    #[arg(long)]
    grpc_gateway: Option<PathBuf>,
    /// Fewer calls and one round
    #[arg(long)]
    quick: bool,
}

/// A user's name, as the service from memory takes any.
const NAME: &str = "users/01890a5d-ac96-774b-bcce-b302099a8057";

/// A server, the CPU time that each round took, and the rate of each.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    process: Process,
    load: HttpLoad,
    /// CPU seconds of the process for 1,000 calls.
    pub(crate) cpu: Vec<f64>,
    /// Calls a second.
    pub(crate) rate: Vec<f64>,
}

pub(crate) const PROXY: &str = "axum and tonic's client, by hand";
pub(crate) const GATEWAY: &str = "gateway";
pub(crate) const SILENT: &str = "gateway without its access log";
pub(crate) const GRPC_GATEWAY: &str = "grpc-gateway (Go)";
pub(crate) const HANDLER: &str = "axum, serde and a handler, by hand";
pub(crate) const IN_PROCESS: &str = "gateway in process";

/// Runs all contestants in turn, round after round, and prints the table.
pub(crate) async fn run(options: &Options) -> Result<(), Failure> {
    let (calls, rounds) = if options.quick { (3_000, 1) } else { (30_000, 5) };
    let folder = tempfile::tempdir().map_err(Failure::system("making a folder"))?;
    let (_service, mut contestants) = start(options, folder.path()).await?;
    for contestant in &mut contestants {
        contestant.load.run(calls / 10).await?;
    }
    for round in 1..=rounds {
        report::note(format!("round {round} of {rounds}"));
        for contestant in &mut contestants {
            contestant.measure(calls).await?;
        }
    }
    let mut delays = Vec::new();
    for contestant in &contestants {
        let half = median(&contestant.rate) / 2.0;
        delays.push((contestant.name, half, contestant.load.paced(calls / 2, half).await?));
    }
    report::line(table::Table { contestants: &contestants, delays: &delays, calls, rounds });
    Ok(())
}

async fn start(options: &Options, folder: &Path) -> Result<(Process, Vec<Contestant>), Failure> {
    let (service, mut words) = own_role(folder, "bare-tonic", &[])?;
    let port = words.hear().await?;
    let mut contestants = Vec::new();
    for (name, role, arguments) in [
        (PROXY, "bare-proxy", ["--upstream", port.as_str()].as_slice()),
        (HANDLER, "bare-handler", &[]),
        (IN_PROCESS, "gateway-in-process", &[]),
    ] {
        let (process, mut words) = own_role(folder, role, arguments)?;
        let port = words.hear().await?.parse().map_err(Failure::call)?;
        contestants.push(Contestant::new(name, process, port));
    }
    for (at, name, log) in [(1, GATEWAY, "info"), (2, SILENT, "info,access=off")] {
        let (http, admin) = (free_port()?, free_port()?);
        let mut command = Command::new(program(&options.programs, "gateway"));
        command.env("HTTP_ADDR", format!("127.0.0.1:{http}"));
        command.env("ADMIN_ADDR", format!("127.0.0.1:{admin}"));
        command.env("USER_SERVICE_URL", format!("http://127.0.0.1:{port}"));
        command.env("RUST_LOG", log).env("LOG_FORMAT", "json");
        let mut process = Process::start(name, &mut command, folder)?;
        process.ready(admin).await?;
        contestants.insert(at, Contestant::new(name, process, http));
    }
    if let Some(program) = &options.grpc_gateway {
        contestants.insert(3, grpc_gateway(program, &port, folder).await?);
    }
    Ok((service, contestants))
}

/// It reaches the service over one connection and runs on every core, as its documentation has it.
async fn grpc_gateway(program: &Path, port: &str, folder: &Path) -> Result<Contestant, Failure> {
    let mut command = Command::new(program);
    command.arg("--upstream").arg(format!("127.0.0.1:{port}"));
    let mut process = Process::start("grpc-gateway", &mut command, folder)?;
    let port = process.conversation()?.hear().await?.parse().map_err(Failure::call)?;
    Ok(Contestant::new(GRPC_GATEWAY, process, port))
}

impl Contestant {
    fn new(name: &'static str, process: Process, port: u16) -> Self {
        let load = HttpLoad::new(port, NAME, "a.token.of-usual-length");
        Self { name, process, load, cpu: Vec::new(), rate: Vec::new() }
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of calls are far below 2^52")]
    async fn measure(&mut self, calls: u64) -> Result<(), Failure> {
        let processes = [self.process.pid()];
        let (begin, before) = (Instant::now(), cpu::used(&processes)?);
        self.load.run(calls).await?;
        let used = cpu::used(&processes)?.saturating_sub(before);
        self.cpu.push(used.as_secs_f64() * 1000.0 / calls as f64);
        self.rate.push(calls as f64 / begin.elapsed().as_secs_f64());
        Ok(())
    }
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The time that so many hundredths of the answers came within.
pub(crate) fn percentile(sorted: &[Duration], hundredths: usize) -> Duration {
    let at = (sorted.len() * hundredths / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_times() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50), Duration::from_millis(51));
        assert_eq!(percentile(&times, 99), Duration::from_millis(100));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }
}

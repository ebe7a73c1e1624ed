//! `cargo xtask test`: every test on every engine and with NATS, and a summary that hides nothing.

use std::io::{BufRead as _, BufReader, Write};
use std::num::NonZero;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use clap::Args;

use crate::cleanup::{Guard, Leftover};
use crate::command;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Origin, Server, conformance, in_memory, nats, provide};
use crate::service::Service;
use crate::workspace::cargo;

mod libtest;
mod sqlite;
mod summary;

use libtest::Outcome;
use summary::{Place, Summary};

/// How many tests run at once. More than there are processors: a test waits for a server most of its time.
const THREADS: &str = "RUST_TEST_THREADS";

/// What to test, and with which servers.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Leave an engine out, or NATS, on purpose
    #[arg(long, value_name = "SERVICE")]
    without: Vec<Service>,
    /// Test these crates only
    #[arg(short, long, value_name = "CRATE")]
    package: Vec<String>,
    /// Take servers that no variable names from here only
    #[arg(long, value_name = "ORIGIN")]
    from: Vec<Origin>,
    /// End the run when no test has said anything for so many minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 15)]
    silence: u64,
    /// Arguments for the test programs
    #[arg(last = true)]
    libtest: Vec<String>,
}

impl Options {
    fn is_complete(&self) -> bool {
        self.package.is_empty() && self.libtest.is_empty()
    }

    fn origins(&self) -> &[Origin] {
        if self.from.is_empty() { &Origin::ALL } else { &self.from }
    }

    fn scope(&self, command: &mut Command) {
        if self.package.is_empty() {
            command.arg("--workspace");
        }
        command.args(self.package.iter().flat_map(|name| ["--package", name]));
    }
}

/// Builds the tests while the servers start, runs them, and sums up per service.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let places = prepare(options)?;
    for (service, place) in &places {
        report::note(format!("{service}: {place}"));
    }
    let (status, outcome) = run_tests(options, &places)?;
    let summary = Summary { places: &places, outcome: &outcome, complete: options.is_complete() };
    report::line(&summary);
    match summary.why_not() {
        None if status.success() => Ok(()),
        None => Err(Failure::new(format!("cargo test ended with {status}"))),
        Some(reason) => Err(Failure::new(reason)),
    }
}

/// The services in their places, once the tests are built.
fn prepare(options: &Options) -> Result<Vec<(Service, Place)>, Failure> {
    report::step("building the tests while the servers start");
    std::thread::scope(|scope| {
        let starting: Vec<_> = Service::ALL
            .into_iter()
            .map(|service| (service, scope.spawn(move || place(service, options))))
            .collect();
        let mut cargo = cargo();
        cargo.args(["test", "--no-run"]);
        options.scope(&mut cargo);
        let built = command::run(&mut cargo);
        let place_of = |(service, thread): (Service, ScopedJoinHandle<'_, Place>)| {
            let panicked = |_| Place::Missing("starting it panicked".to_owned());
            (service, thread.join().unwrap_or_else(panicked))
        };
        let places = starting.into_iter().map(place_of).collect();
        built.map(|()| places)
    })
}

fn place(service: Service, options: &Options) -> Place {
    if options.without.contains(&service) {
        return Place::LeftOut;
    }
    let provided = match service {
        Service::Engine(Engine::Sqlite) => {
            let version = sqlite::version().unwrap_or_else(|failure| failure.to_string());
            return Place::Bundled(version);
        }
        Service::Engine(engine) => provide(engine, options.origins()),
        Service::Nats => nats(options.origins()),
        Service::Conformance => conformance(options.origins()),
    };
    match provided {
        Ok(server) => Place::Running(server),
        Err(reason) => Place::Missing(reason),
    }
}

fn run_tests(
    options: &Options,
    places: &[(Service, Place)],
) -> Result<(ExitStatus, Outcome), Failure> {
    report::step("running the tests");
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]);
    options.scope(&mut command);
    command.arg("--").args(&options.libtest);
    if std::env::var_os(THREADS).is_none() {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        command.env(THREADS, (2 * processors).to_string());
    }
    let files = temporary_folder()?;
    command.envs(files.iter().map(|(folder, _guard)| ("TMPDIR", folder)));
    for (service, place) in places {
        if let Some(variable) = service.variable() {
            match place.server() {
                Some(Server { url, .. }) => command.env(variable, url),
                None => command.env_remove(variable),
            };
        }
        if !place.is_ready() {
            command.args(["--skip", &format!("{}::", service.name())]);
        }
    }
    let silence = Duration::from_secs(60 * options.silence);
    listen(&mut command, std::io::stdout(), silence)
}

/// A folder in memory for the tests' own files, where there is such room.
fn temporary_folder() -> Result<Option<(PathBuf, Guard)>, Failure> {
    let Some(place) = in_memory() else { return Ok(None) };
    let folder = tempfile::Builder::new().prefix("artisan-tests-").tempdir_in(place);
    let folder = folder.doing("making a folder in memory")?.keep();
    Ok(Some((folder.clone(), Guard::new(Leftover::Folder(folder)))))
}

/// Shows the output as it comes, and reads the results out of it, until it ends or falls silent.
fn listen(
    command: &mut Command,
    mut shown: impl Write,
    silence: Duration,
) -> Result<(ExitStatus, Outcome), Failure> {
    // A group of its own: what hangs is a program that cargo started.
    command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().doing("starting cargo test")?;
    let guard = Guard::new(Leftover::Group { pid: child.id() });
    let output = child.stdout.take().map(lines_of);
    let mut outcome = Outcome::default();
    while let Some(output) = &output {
        match output.recv_timeout(silence) {
            Ok(line) => {
                let line = line.doing("reading the tests' output")?;
                shown.write_all(&line).doing("showing the tests' output")?;
                outcome.read_line(String::from_utf8_lossy(&line).trim_end());
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                drop(guard);
                let _ = child.wait();
                return Err(outcome.silent_for(silence));
            }
        }
    }
    let status = child.wait().doing("waiting for cargo test")?;
    guard.forget();
    Ok((status, outcome))
}

/// The lines as they come, line ends included, read by a thread that ends with the output.
fn lines_of(output: ChildStdout) -> Receiver<std::io::Result<Vec<u8>>> {
    let (lines, received) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map(|mut line| {
                line.push(b'\n');
                line
            });
            if lines.send(line).is_err() {
                break;
            }
        }
    });
    received
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saying(script: &str) -> Result<(ExitStatus, Outcome), Failure> {
        // Not shown: whoever runs these tests reads the results of their own.
        listen(Command::new("sh").args(["-c", script]), std::io::sink(), Duration::from_millis(500))
    }

    #[test]
    fn a_run_that_falls_silent_is_ended_and_its_test_named() {
        let script = "echo 'test a::hangs has been running for over 60 seconds'; sleep 600";
        let failure = saying(script).unwrap_err().to_string();
        assert!(failure.contains("a::hangs"), "{failure}");
    }

    #[test]
    fn a_run_that_goes_on_speaking_is_read_to_its_end() {
        let script =
            "for i in 1 2 3 4; do sleep 0.1; echo \"test a::t$i ... FAILED\"; done; exit 101";
        let (status, outcome) = saying(script).unwrap();
        assert_eq!((status.code(), outcome.failures.len()), (Some(101), 4));
    }
}

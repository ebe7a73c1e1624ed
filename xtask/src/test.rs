//! `cargo xtask test`: every test on every engine and with NATS, and a summary that hides nothing.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use clap::{Args, value_parser};

use crate::cleanup::{Guard, Leftover};
use crate::command;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Origin, Server, conformance, in_memory, nats, prefix, provide};
use crate::service::Service;
use crate::workspace::cargo;

mod libtest;
mod listen;
mod sqlite;
mod summary;

use libtest::Outcome;
use listen::{End, listen};
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
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = value_parser!(u16).range(1..))]
    silence: u16,
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
    let (end, outcome) = run_tests(options, &places)?;
    let summary = Summary { places: &places, outcome: &outcome, complete: options.is_complete() };
    report::line(&summary);
    match (end, summary.why_not()) {
        (End::Silent(failure), _) => Err(failure),
        (End::Status(_), Some(reason)) => Err(Failure::new(reason)),
        (End::Status(status), None) if status.success() => Ok(()),
        (End::Status(status), None) => Err(Failure::new(format!("cargo test ended with {status}"))),
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

fn run_tests(options: &Options, places: &[(Service, Place)]) -> Result<(End, Outcome), Failure> {
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
    listen(&mut command, std::io::stdout(), Duration::from_mins(options.silence.into()))
}

/// A folder in memory for the tests' own files, where there is such room.
fn temporary_folder() -> Result<Option<(PathBuf, Guard)>, Failure> {
    let Some(place) = in_memory() else { return Ok(None) };
    let folder = tempfile::Builder::new().prefix(&prefix("tests")).tempdir_in(place);
    let folder = folder.doing("making a folder in memory")?.keep();
    Ok(Some((folder.clone(), Guard::new(Leftover::Folder(folder)))))
}

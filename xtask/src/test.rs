//! `cargo xtask test`: every test on every engine and with NATS, and a summary that hides nothing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::ScopedJoinHandle;

use clap::Args;

use crate::cleanup::{Guard, Leftover};
use crate::command;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Origin, Server, conformance, nats, provide};
use crate::service::Service;
use crate::workspace::cargo;

mod libtest;
mod sqlite;
mod summary;

use libtest::Outcome;
use summary::{Place, Summary};

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
    listen(&mut command)
}

/// Shows the output as it comes, and reads the results out of it.
fn listen(command: &mut Command) -> Result<(ExitStatus, Outcome), Failure> {
    let mut child = command.stdout(Stdio::piped()).spawn().doing("starting cargo test")?;
    let guard = Guard::new(Leftover::Foreground { pid: child.id() });
    let mut outcome = Outcome::default();
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).doing("reading the tests' output")? > 0 {
            std::io::stdout().write_all(&line).doing("showing the tests' output")?;
            outcome.read_line(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }
    let status = child.wait().doing("waiting for cargo test")?;
    guard.forget();
    Ok((status, outcome))
}

//! `cargo xtask bench`: builds the release binaries and hands them to the bench, with a server.

mod autogenerate;
mod codec;
mod connections;
mod gateway;
mod grpc_gateway;
mod lists;
mod migrate;
mod sign_ins;
mod watchers;

use std::path::PathBuf;
use std::process::Command;

use clap::{Args, Subcommand};

use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::{Care, Origin, Server, provide_with};
use crate::workspace::{cargo, target};

/// How much to measure, and on what.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: Option<What>,
    /// Fewer calls and one round: to see that it works, not to compare
    #[arg(long)]
    quick: bool,
    /// The engines to measure on
    #[arg(long, value_name = "ENGINE", default_values = ["postgres", "sqlite"])]
    engine: Vec<Engine>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The migration runner beside sqlx, Alembic and the engines' own clients
    Migrate(migrate::Options),
    /// The generation of revisions beside Alembic
    Autogenerate(autogenerate::Options),
    /// The gateway beside axum and tonic by hand, and grpc-gateway
    Gateway(gateway::Options),
    /// The JSON codec beside pbjson and prost-reflect
    Codec,
    /// The memory of the gateway with many idle connections
    Connections(connections::Options),
    /// Users loaded in batches, and the first page beside the last one
    Lists(lists::Options),
    /// Users read alone, and beside many who sign in
    SignIns(sign_ins::Options),
    /// The memory of the user service with many idle watchers
    Watchers(watchers::Options),
}

const PACKAGES: [&str; 5] = [
    "artisan",
    "artisan-bench",
    "artisan-gateway",
    "artisan-migration-runner",
    "artisan-user-service",
];

const SERVICE: [&str; 3] = ["artisan-bench", "artisan-migration-runner", "artisan-user-service"];

/// Measures; slowness is told in the table and never a failure.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    match &options.what {
        Some(What::Migrate(options)) => return migrate::run(options),
        Some(What::Autogenerate(options)) => return autogenerate::run(options),
        Some(What::Gateway(options)) => return gateway::run(options),
        Some(What::Codec) => return codec::run(),
        Some(What::Connections(options)) => return connections::run(options),
        Some(What::Lists(options)) => return lists::run(options),
        Some(What::SignIns(options)) => return sign_ins::run(options),
        Some(What::Watchers(options)) => return watchers::run(options),
        None => {}
    }
    report::step("building the release binaries");
    let mut build = cargo();
    build.args(["build", "--release"]);
    run_command(build.args(PACKAGES.iter().flat_map(|name| ["--package", name])))?;

    let folder = target()?.join("release");
    let mut command = Command::new(folder.join("artisan-bench"));
    command.arg("run").arg("--programs").arg(&folder);
    command.args(options.quick.then_some("--quick"));
    let _servers = with_servers(&mut command, &options.engine, Care::Unsynced)?;
    report::step("measuring");
    run_command(&mut command)
}

/// Builds what measures the user service alone; the folder of the programs.
fn build_service() -> Result<PathBuf, Failure> {
    report::step("building the release binaries");
    let mut build = cargo();
    build.args(["build", "--release"]);
    run_command(build.args(SERVICE.iter().flat_map(|name| ["--package", name])))?;
    Ok(target()?.join("release"))
}

/// Names the engines and their servers to the bench; the servers stay as long as what is returned.
fn with_servers(
    command: &mut Command,
    engines: &[Engine],
    care: Care,
) -> Result<Vec<Server>, Failure> {
    let mut servers = Vec::new();
    for engine in engines {
        command.args(["--engine", engine.name()]);
        if let Some(variable) = engine.variable() {
            let server = provide_with(*engine, &Origin::ALL, care)
                .map_err(|reason| Failure::new(format!("{engine} DID NOT RUN: {reason}")))?;
            report::note(format!("{engine}: {} ({})", server.version, server.origin));
            command.env(variable, &server.url);
            servers.push(server);
        }
    }
    Ok(servers)
}

//! Speed and memory of the release binaries, beside bare sqlx and bare tonic in the same run.
//!
//! What is compared is CPU time, of the serving processes and the database together: it does not
//! depend on how many cores the machine has left over. The load generator is left out, since it is
//! the costly half of a gRPC measurement: whatever is measured runs in a process of its own.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod account;
mod admin;
mod autogenerate;
mod bare;
mod connections;
mod cpu;
mod database;
mod failure;
mod gateway;
mod lists;
mod load;
mod memory;
mod migrate;
mod noop;
mod process;
mod report;
mod run;
mod sign_ins;
mod stack;
mod subject;
mod table;
mod watchers;

/// The programs' own, so that nothing is compared with another allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(about = "Run through `cargo xtask bench`")]
struct Arguments {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// Measure and print the table
    Run(run::Options),
    /// Measure the migration runner beside others and print a table for each engine
    Migrate(migrate::Options),
    /// Measure the generation of revisions beside Alembic and print a table for each engine
    Autogenerate(autogenerate::Options),
    /// Load users in batches and page through all of them
    Lists(lists::Options),
    /// Measure the gateway beside axum and tonic by hand, and grpc-gateway
    Gateway(gateway::Options),
    /// Hold idle connections to the gateway
    Connections(connections::Options),
    /// Read users alone, and beside many who sign in
    SignIns(sign_ins::Options),
    /// Hold idle streams of events of the user service
    Watchers(watchers::Options),
    /// Run a folder of migrations with nothing but sqlx
    SqlxLibrary(migrate::LibraryOptions),
    /// Serve `GetUser` from memory with nothing but tonic
    BareTonic,
    /// Call a service for each request with nothing but axum and tonic
    BareProxy(bare::proxy::Options),
    /// Answer from memory with nothing but axum and serde
    BareHandler,
    /// Serve the gateway's library before a service from memory
    GatewayInProcess,
    /// Run the select of `GetUser` or `ListUsers` with nothing but sqlx, as often as standard input asks
    BareSqlx(bare::sqlx::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().role {
        Role::Run(options) => run::run(&options).await,
        Role::Migrate(options) => migrate::run(&options).await,
        Role::Autogenerate(options) => autogenerate::run(&options).await,
        Role::Lists(options) => lists::run(&options).await,
        Role::Gateway(options) => gateway::run(&options).await,
        Role::Connections(options) => connections::run(&options).await,
        Role::SignIns(options) => sign_ins::run(&options).await,
        Role::Watchers(options) => watchers::run(&options).await,
        Role::SqlxLibrary(options) => migrate::run_library(&options).await,
        Role::BareTonic => bare::tonic::serve().await,
        Role::BareProxy(options) => bare::proxy::serve_proxy(&options).await,
        Role::BareHandler => bare::proxy::serve_handler().await,
        Role::GatewayInProcess => gateway::serve_in_process().await,
        Role::BareSqlx(options) => bare::sqlx::work(&options).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(&failure);
            ExitCode::FAILURE
        }
    }
}

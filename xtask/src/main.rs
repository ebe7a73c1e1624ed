//! The recipes of this workspace: developers and CI run the same ones.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod agreement;
mod alembic_agrees;
mod bench;
mod cleanup;
mod cluster;
mod command;
mod deploy_check;
mod engine;
mod failure;
mod image;
mod lint;
mod orm_examples;
mod pods;
mod release;
mod report;
mod rollout;
mod round_trips;
mod serve;
mod servers;
mod service;
mod smoke;
mod split_corpus;
mod sqlx_agrees;
mod test;
mod tools;
mod web_check;
mod workspace;

use failure::Failure;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The recipes of this workspace")]
struct Arguments {
    #[command(subcommand)]
    recipe: Recipe,
}

#[derive(Debug, Subcommand)]
enum Recipe {
    /// All tests, on SQLite, MariaDB, MySQL and PostgreSQL
    Test(test::Options),
    /// Throwaway servers that stay until Ctrl-C, and the variables that name them
    Servers(serve::Options),
    /// Formatting, clippy, documentation, dependencies, the contract, the structure
    Lint(lint::Options),
    /// Speed and memory, beside bare sqlx and bare tonic in the same run
    Bench(bench::Options),
    /// The manifests, charts and workflows
    DeployCheck,
    /// The OpenAPI document, requests made after it, the pages in a real Chromium, the TypeScript client
    WebCheck(web_check::Options),
    /// `cargo run` in an empty folder: register, sign in, read, stop, start again
    Smoke,
    /// `sqlx migrate info` and `migrate current` say the same on every engine
    SqlxAgrees(agreement::Options),
    /// What `docs/alembic-to-sqlx.py` makes of a project is what Alembic makes, on every engine
    AlembicAgrees(agreement::Options),
    /// Statements are split as each engine's own client splits them, on its makers' own tests
    SplitCorpus(split_corpus::Options),
    /// Models of ORMs become revisions as the documentation says, on every engine
    OrmExamples(agreement::Options),
    /// Public schemas of fifty tables and more are dumped, generated and compared, on every engine
    RoundTrips(round_trips::Options),
    /// The runner on a Galera cluster of three nodes, and behind a pooler
    Cluster(cluster::Options),
    /// The images' static binaries: built, checked for what they link, weighed
    Release,
    /// The Dockerfile's images without Docker: as OCI layouts, weighed, and run where `--check` says so
    Image(image::Options),
    /// The chart's pods as processes: installed, rolled out and rolled back under load, on PostgreSQL and MariaDB
    Rollout(rollout::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = cleanup::on_signals().and_then(|()| run(arguments.recipe));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(failure);
            ExitCode::FAILURE
        }
    }
}

fn run(recipe: Recipe) -> Result<(), Failure> {
    match recipe {
        Recipe::Test(options) => test::run(&options),
        Recipe::Servers(options) => serve::run(&options),
        Recipe::Lint(options) => lint::run(&options),
        Recipe::Bench(options) => bench::run(&options),
        Recipe::DeployCheck => deploy_check::run(),
        Recipe::WebCheck(options) => web_check::run(&options),
        Recipe::Smoke => smoke::run(),
        Recipe::SqlxAgrees(options) => sqlx_agrees::run(&options),
        Recipe::AlembicAgrees(options) => alembic_agrees::run(&options),
        Recipe::SplitCorpus(options) => split_corpus::run(&options),
        Recipe::OrmExamples(options) => orm_examples::run(&options),
        Recipe::RoundTrips(options) => round_trips::run(&options),
        Recipe::Cluster(options) => cluster::run(&options),
        Recipe::Release => release::run(),
        Recipe::Image(options) => image::run(&options),
        Recipe::Rollout(options) => rollout::run(&options),
    }
}

//! `migrate`: the command line of the migration runner.

mod advice;
mod cli;
mod commands;
mod config;
mod failure;
mod notice;
mod outcome;
mod output;
mod progress;
mod signals;
mod style;
mod table;
mod termination;

use std::process::ExitCode;

use artisan_migrate::Stopper;
use artisan_runtime::env::Env;
use artisan_runtime::telemetry;
use clap::Parser;

use cli::Cli;
use config::Config;
use failure::Failure;
use outcome::Outcome;
use output::Output;
use progress::Progress;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    let progress = Progress::new(&cli);
    let result = run(&cli, &progress).await;
    progress.clear();
    let output = Output::new(&cli);
    let code = match &result {
        Ok(outcome) => output.outcome(outcome, progress.written()),
        Err(failure) => output.failure(failure, &progress.finished()),
    };
    ExitCode::from(code)
}

async fn run(cli: &Cli, progress: &Progress) -> Result<Outcome, Failure> {
    let env = Env::from_process()?;
    notice::obey(&env)?;
    let result = observed(cli, &env, progress).await;
    termination::write(&env, cli.command.name(), &result);
    result
}

async fn observed(cli: &Cli, env: &Env, progress: &Progress) -> Result<Outcome, Failure> {
    let telemetry = telemetry::init_tool("migrate", env)?;
    let (stopper, stop) = Stopper::new();
    signals::watch(stopper)?;
    let result = match Config::new(cli, env, stop, progress.observer()) {
        Ok(config) => Box::pin(cli.command.run(&config)).await,
        Err(failure) => Err(failure),
    };
    telemetry.shutdown().await;
    result
}

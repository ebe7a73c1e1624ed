//! The whole platform in one process: environment, telemetry, settings, ports, database, services.

mod administrator;
mod banner;
mod command;
mod config;
mod failure;
mod password;
mod place;
mod platform;
mod private_file;
mod signing_key;

use std::process::ExitCode;

use artisan_runtime::env::{ConfigError, Env};
use artisan_runtime::lifecycle::Outcome;
use artisan_runtime::telemetry;
use clap::Parser as _;

use crate::command::{Command, CommandLine};
use crate::config::Config;
use crate::failure::Failure;
use crate::platform::Ports;

#[tokio::main]
async fn main() -> ExitCode {
    let command = CommandLine::parse().command.unwrap_or(Command::Serve);
    let ended = match command {
        Command::Serve => Box::pin(serve()).await,
        Command::ResetAdmin => reset_admin().await,
    };
    match ended {
        Ok(outcome) => outcome.exit().into(),
        Err(failure) => {
            complain(&failure);
            failure.exit_code().into()
        }
    }
}

async fn serve() -> Result<Outcome, Failure> {
    let env = Env::from_process()?;
    let (config, telemetry) =
        ConfigError::both(Config::from_env(&env), telemetry::init("artisan", &env))?;
    let ports = Ports::bind(&config).await?;
    let app = platform::prepare(&config).await?;
    let outcome = platform::serve(&config, &app, ports, &telemetry).await;
    app.close().await;
    telemetry.shutdown().await;
    outcome
}

async fn reset_admin() -> Result<Outcome, Failure> {
    let config = Config::from_env(&Env::from_process()?)?;
    let app = platform::prepare(&config).await?;
    let administrator = administrator::reset(&app, &config.place).await;
    app.close().await;
    report(&administrator?);
    Ok(Outcome::Drained)
}

#[expect(clippy::print_stdout, reason = "this is the answer to the command")]
fn report(administrator: &administrator::Administrator) {
    println!(
        "{} has a new password, in {}; all sessions are revoked",
        administrator.email,
        administrator.file.display()
    );
}

#[expect(clippy::print_stderr, reason = "the log may not be set up, or be filtered")]
fn complain(failure: &Failure) {
    for line in failure.lines() {
        eprintln!("artisan: {line}");
    }
}

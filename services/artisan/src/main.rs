//! The whole platform in one process: environment, telemetry, settings, ports, database, services.

mod administrator;
mod banner;
mod command;
mod config;
mod export;
mod failure;
mod folder_lock;
mod import;
mod new_file;
mod password;
mod place;
mod platform;
mod private_file;
mod signing_key;
mod tell;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use artisan_runtime::env::{ConfigError, Env};
use artisan_runtime::exit::Exit;
use artisan_runtime::lifecycle::Outcome;
use artisan_runtime::telemetry;
use clap::Parser as _;

use crate::command::{Command, CommandLine};
use crate::config::Config;
use crate::export::ExportArgs;
use crate::failure::Failure;
use crate::folder_lock::FolderLock;
use crate::import::ImportArgs;
use crate::platform::Ports;

/// As the services on their own have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let command = CommandLine::parse().command.unwrap_or(Command::Serve);
    let ended = match command {
        Command::Serve => Box::pin(serve()).await,
        Command::ResetAdmin => reset_admin().await,
        Command::Export(args) => return Box::pin(run_export(&args)).await,
        Command::Import(args) => return Box::pin(run_import(&args)).await,
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
    let lock = FolderLock::take(config.place.folder()).await?;
    // Whoever held the lock may have made the key.
    let config = Config::from_env(&env)?;
    let app = platform::prepare(&config, &lock).await?;
    let outcome = platform::serve(&config, &app, ports, &telemetry, lock).await;
    app.close().await;
    telemetry.shutdown().await;
    outcome
}

async fn reset_admin() -> Result<Outcome, Failure> {
    let env = Env::from_process()?;
    let config = Config::from_env(&env)?;
    config.place.check_database()?;
    let lock = FolderLock::take(config.place.folder()).await?;
    let config = Config::from_env(&env)?;
    let app = platform::prepare(&config, &lock).await?;
    let administrator = administrator::reset(&app, &config.place).await;
    app.close().await;
    report(&administrator?);
    Ok(Outcome::Drained)
}

async fn run_export(args: &ExportArgs) -> ExitCode {
    let ended = export::run(args).await;
    if let Err(failure) = &ended {
        complain(failure);
    }
    match (export::show(&ended, args), &ended) {
        (Err(_), _) => Exit::Failed.into(),
        (Ok(()), Ok(_)) => Exit::Done.into(),
        (Ok(()), Err(failure)) => failure.exit_code().into(),
    }
}

async fn run_import(args: &ImportArgs) -> ExitCode {
    let ended = import::run(args).await;
    if let Err(failure) = &ended {
        complain(failure);
    }
    match (import::show(&ended, args.output), &ended) {
        (Err(_), _) => Exit::Failed.into(),
        (Ok(()), Ok(done)) => done.exit_code().into(),
        (Ok(()), Err(failure)) => failure.exit_code().into(),
    }
}

/// The password itself is shown on a terminal only: a pipe may end in a log.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the answer to the command")]
fn report(administrator: &administrator::Administrator) {
    println!(
        "{} has a new password, in {}; all sessions are revoked",
        administrator.email,
        administrator.file.display()
    );
    if let Some(password) = &administrator.password {
        if io::stdout().is_terminal() {
            println!("The password: {}", **password);
        } else if io::stderr().is_terminal() {
            eprintln!("The password: {}", **password);
        }
    }
}

#[expect(clippy::print_stderr, reason = "the log may not be set up, or be filtered")]
fn complain(failure: &Failure) {
    for line in failure.lines() {
        eprintln!("artisan: {line}");
    }
}

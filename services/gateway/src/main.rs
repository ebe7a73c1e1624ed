//! The gateway's program; its order of start-up reads from top to bottom.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use artisan_gateway::{Config, ServeError, serve, wait};
use artisan_runtime::build_info;
use artisan_runtime::env::{ConfigError, Env};
use artisan_runtime::exit::Exit;
use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::telemetry;
use clap::{Parser, Subcommand};

/// By `cargo xtask bench gateway`, the system's own takes a fifth more of the processor for a call.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// HTTP and JSON in front of the user service. Configured by its environment.
#[derive(Parser)]
#[command(name = "gateway", version = build_info::describe())]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve HTTP (the default).
    Serve,
    /// Wait until the user service can serve, then exit: for init containers. Gives up with exit code 4
    /// when the time that the variable `WAIT_TIMEOUT` gives is over (default 10m).
    Wait,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("cannot listen for signals")]
    Signals(#[from] std::io::Error),
}

impl Failure {
    fn exit(&self) -> Exit {
        match self {
            Self::Config(_) | Self::Serve(ServeError::Tls(_)) => Exit::Config,
            Self::Serve(ServeError::Bind(error)) => error.exit(),
            Self::Signals(_) => Exit::Failed,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    let exit = run(command).await.unwrap_or_else(|failure| {
        say(&failure);
        failure.exit()
    });
    exit.into()
}

async fn run(command: Command) -> Result<Exit, Failure> {
    let env = Env::from_process()?;
    let (config, telemetry) =
        ConfigError::both(Config::from_env(&env), telemetry::init("gateway", &env))?;
    let exit = match command {
        Command::Serve => {
            let shutdown = Shutdown::on_signals(config.drain_delay, config.shutdown_grace)?;
            serve(config, telemetry.clone(), shutdown).await?.exit()
        }
        Command::Wait => {
            // An init container that is told to stop has nothing to finish.
            let stop = Shutdown::on_signals(std::time::Duration::ZERO, config.shutdown_grace)?;
            tokio::select! {
                exit = wait(&config) => exit?,
                () = stop.draining() => Exit::Failed,
            }
        }
    };
    telemetry.shutdown().await;
    Ok(exit)
}

/// One line per thing to correct, without a backtrace.
fn say(failure: &Failure) {
    let mut text = failure.to_string();
    let mut source = failure.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    let text = text.replace('\n', "\ngateway: ");
    let _ = writeln!(std::io::stderr(), "gateway: {text}");
}

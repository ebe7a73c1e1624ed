//! The gRPC service on its own: environment, telemetry, settings, ports, and the service between
//! them.

use std::process::ExitCode;
use std::time::Duration;

use artisan_runtime::env::{ConfigError, Env, HumanDuration};
use artisan_runtime::exit::Exit;
use artisan_runtime::http::BindError;
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::telemetry::{self, Telemetry};
use artisan_runtime::{admin, http};
use artisan_user_service::clock::Sources;
use artisan_user_service::{AccessError, App, BuildError, Config, ServeError};
use clap::{Parser, Subcommand};
use thiserror::Error;

/// By `cargo xtask bench gateway`, the system's own takes a fifth more of the processor for a call.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The gRPC service that owns users, credentials and sessions. Configured by the environment.
#[derive(Debug, Parser)]
#[command(name = "user-service", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the default).
    Serve,
    /// Print a token with which another program calls for itself. Needs `TOKEN_SIGNING_KEY`, and
    /// `TOKEN_ISSUER` and `TOKEN_AUDIENCE` as the service has them.
    ServiceToken {
        /// The name of the program; the service takes the token while `SERVICE_CALLERS` has the name.
        #[arg(value_parser = caller)]
        name: String,
        /// How long the token is good.
        #[arg(long, default_value = "30d", value_parser = lifetime)]
        ttl: HumanDuration,
    },
}

/// Why the program ends other than by a signal.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("signals cannot be listened to")]
    Signals(#[source] std::io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let CommandLine { command } = CommandLine::parse();
    let done = match command.unwrap_or(Command::Serve) {
        Command::Serve => run().await.map(Outcome::exit),
        Command::ServiceToken { name, ttl } => print_token(&name, ttl),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            say(&failure);
            failure.exit().into()
        }
    }
}

/// A name that `SERVICE_CALLERS` can have in its list.
fn caller(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.contains(|letter: char| letter == ',' || letter.is_whitespace()) {
        return Err("write a name without commas and white space, as SERVICE_CALLERS lists it");
    }
    Ok(text.to_owned())
}

fn lifetime(text: &str) -> Result<HumanDuration, String> {
    let ttl: HumanDuration = text.parse().map_err(|error| format!("{error}"))?;
    if ttl.0 < Duration::from_secs(1) {
        return Err("a token is good for a second at least".to_owned());
    }
    Ok(ttl)
}

#[expect(clippy::print_stdout, reason = "the token is what was asked for")]
fn print_token(name: &str, ttl: HumanDuration) -> Result<Exit, Failure> {
    let env = Env::from_process()?;
    let token = artisan_user_service::service_token(&env, name, ttl.into(), &Sources::system())?;
    println!("{}", token.as_str());
    Ok(Exit::Done)
}

async fn run() -> Result<Outcome, Failure> {
    let env = Env::from_process()?;
    let (config, telemetry) =
        ConfigError::both(Config::from_env(&env), telemetry::init("user-service", &env))?;
    let app = App::connect(&config, Sources::system())?;
    let outcome = Box::pin(serve(&config, &app, &telemetry)).await;
    app.close().await;
    telemetry.shutdown().await;
    outcome
}

async fn serve(config: &Config, app: &App, telemetry: &Telemetry) -> Result<Outcome, Failure> {
    let grpc = http::bind(config.grpc_addr, "GRPC_ADDR").await?;
    let admin = http::bind(config.admin_addr, "ADMIN_ADDR").await?;
    let at = (grpc.local_addr(), admin.local_addr());
    if let (Ok(grpc), Ok(admin)) = at {
        tracing::info!(%grpc, %admin, "listening");
    }
    let shutdown = Shutdown::on_signals(config.drain_delay, config.shutdown_grace)
        .map_err(Failure::Signals)?;
    app.check_access().await?;
    let readiness = app.readiness();
    readiness.follow(&shutdown);
    let probes = admin::router(readiness.clone(), telemetry.clone());
    let probing = tokio::spawn(http::serve(admin, probes, shutdown.clone()));
    let served = app.serve(grpc, readiness, shutdown).await?;
    Ok(probing.await.map_or(served, |probed| served.and(probed)))
}

impl Failure {
    fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::Build(BuildError::Database(_) | BuildError::Replica(_))
            | Self::Access(_)
            | Self::Serve(ServeError::Tls(_)) => Exit::Config,
            Self::Bind(error) => error.exit(),
            Self::Build(BuildError::Hashing(_) | BuildError::Contract(_)) | Self::Signals(_) => {
                Exit::Failed
            }
        }
    }
}

/// One line for each thing that is wrong, on standard error, whatever the log is set to.
#[expect(clippy::print_stderr, reason = "the log may not be set up, or be filtered")]
fn say(failure: &Failure) {
    let mut source = std::error::Error::source(failure);
    let mut text = failure.to_string();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    for line in text.lines() {
        eprintln!("user-service: {line}");
    }
}

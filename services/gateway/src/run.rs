//! The programs `gateway` and `gateway wait`.

use std::time::Duration;

use artisan_runtime::exit::Exit;
use artisan_runtime::http::{self, BindError, Limits};
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_runtime::telemetry::Telemetry;
use artisan_runtime::tls::{ClientTls, Reloading, TlsError};
use artisan_runtime::{admin, build_info};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};
use tokio_rustls::rustls::ClientConfig;

use crate::config::Config;
use crate::gateway::Gateway;
use crate::upstream::Upstream;
use crate::watch::{self, Health};

/// How often `wait` asks.
const PAUSE: Duration = Duration::from_millis(500);

/// Why the gateway cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A port cannot be had.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The files for the connections of clients, or for those to the service, are of no use.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

type Tls = Reloading<ClientConfig>;

fn read_tls(config: &Config) -> Result<Option<Tls>, TlsError> {
    config.upstream_tls.as_ref().map(ClientTls::read).transpose()
}

fn upstream(config: &Config, tls: Option<&Tls>) -> Upstream {
    match tls {
        Some(tls) => Upstream::remote_tls(&config.upstream, tls),
        None => Upstream::remote(config.upstream.clone()),
    }
}

/// Serves until the shutdown is over. Ports are taken before anything else is begun.
pub async fn serve(
    config: Config,
    telemetry: Telemetry,
    shutdown: Shutdown,
) -> Result<Outcome, ServeError> {
    let public = http::bind(config.http_addr, "HTTP_ADDR").await?;
    let private = http::bind(config.admin_addr, "ADMIN_ADDR").await?;
    announce(&public, &private, &config);
    let transport = config.transport()?;
    let tls = read_tls(&config)?;
    let upstream = upstream(&config, tls.as_ref());
    let following = tokio::spawn(async move {
        if let Some(tls) = tls {
            tls.follow().await;
        }
    });
    let readiness = Readiness::new();
    readiness.follow(&shutdown);
    let health = tokio::spawn(watch::follow_health(upstream.clone(), readiness.clone()));
    let gateway = Gateway::new(config, upstream, Some(shutdown.clone()));
    let router = gateway.router(readiness.clone());
    let (served, administered) = tokio::join!(
        http::serve_with(public, router, shutdown.clone(), Limits::default(), transport),
        http::serve(private, admin::router(readiness, telemetry), shutdown),
    );
    health.abort();
    following.abort();
    Ok(served.and(administered))
}

fn announce(public: &TcpListener, private: &TcpListener, config: &Config) {
    let address = |listener: &TcpListener| listener.local_addr().map(|a| a.to_string());
    tracing::info!(
        version = build_info::describe(),
        http = address(public).unwrap_or_default(),
        admin = address(private).unwrap_or_default(),
        upstream = %config.upstream,
        "gateway listens"
    );
}

/// Waits until the service can serve: what an init container does.
pub async fn wait(config: &Config) -> Result<Exit, ServeError> {
    let tls = read_tls(config)?;
    let upstream = upstream(config, tls.as_ref());
    let deadline = Instant::now() + config.wait_timeout;
    let mut told = None;
    loop {
        let health = watch::health(&upstream).await;
        if health == Health::Serving {
            tracing::info!(upstream = %config.upstream, "the service serves");
            return Ok(Exit::Done);
        }
        if told.replace(health) != Some(health) {
            tracing::info!(upstream = %config.upstream, ?health, "waiting for the service");
        }
        if Instant::now() + PAUSE > deadline {
            tracing::error!(upstream = %config.upstream, ?health, "WAIT_TIMEOUT is over; look at the service's own log");
            return Ok(Exit::TimedOut);
        }
        sleep(PAUSE).await;
    }
}

//! Gateway and upstream, started together.

use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use artisan_gateway::{Config, Gateway};
use artisan_runtime::env::Env;
use artisan_runtime::http::{Limits, serve_with};
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_runtime::tls::Reloading;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::rustls::ServerConfig;

use crate::client::HttpClient;
use crate::upstream::Upstream;

/// A running gateway; requests are sent through it by way of its client.
pub(crate) struct Stack {
    pub(crate) client: HttpClient,
    pub(crate) upstream: Upstream,
    pub(crate) shutdown: Shutdown,
    pub(crate) readiness: Readiness,
    pub(crate) server: JoinHandle<Outcome>,
    /// The files that clients are served with.
    pub(crate) tls: Option<Reloading<ServerConfig>>,
}

impl Deref for Stack {
    type Target = HttpClient;

    fn deref(&self) -> &HttpClient {
        &self.client
    }
}

impl Stack {
    pub(crate) async fn start(upstream: Upstream) -> Self {
        Self::with(upstream, &[]).await
    }

    /// Starts with variables of the environment.
    pub(crate) async fn with(upstream: Upstream, variables: &[(&str, &str)]) -> Self {
        let address = upstream.start().await;
        Self::before(address, upstream, variables).await
    }

    /// Starts in front of an address at which nothing needs to listen.
    pub(crate) async fn before(
        address: SocketAddr,
        upstream: Upstream,
        variables: &[(&str, &str)],
    ) -> Self {
        let config = config(variables);
        let uri = format!("http://{address}").parse().unwrap();
        Self::around(config, artisan_gateway::Upstream::remote(uri), upstream).await
    }

    /// Starts in front of a service that speaks TLS, which the variables name.
    pub(crate) async fn before_tls(upstream: Upstream, variables: &[(&str, &str)]) -> Self {
        let config = config(variables);
        let tls = config.upstream_tls.as_ref().unwrap().read().unwrap();
        let inner = artisan_gateway::Upstream::remote_tls(&config.upstream, &tls);
        Self::around(config, inner, upstream).await
    }

    /// Starts with other limits of connections.
    pub(crate) async fn within(limits: Limits, upstream: Upstream) -> Self {
        let uri = format!("http://{}", upstream.start().await).parse().unwrap();
        let inner = artisan_gateway::Upstream::remote(uri);
        Self::limited(config(&[]), inner, upstream, limits).await
    }

    /// Starts with the upstream inside the process.
    pub(crate) async fn in_process(upstream: Upstream) -> Self {
        Self::in_process_with(upstream, &[]).await
    }

    pub(crate) async fn in_process_with(upstream: Upstream, variables: &[(&str, &str)]) -> Self {
        let inner = artisan_gateway::Upstream::in_process(upstream.routes());
        Self::around(config(variables), inner, upstream).await
    }

    /// Starts over a way to a service, with variables of the environment.
    pub(crate) async fn over(inner: artisan_gateway::Upstream, variables: &[(&str, &str)]) -> Self {
        let none = Upstream::new(|_| std::future::pending());
        Self::around(config(variables), inner, none).await
    }

    async fn around(config: Config, inner: artisan_gateway::Upstream, upstream: Upstream) -> Self {
        Self::limited(config, inner, upstream, Limits::default()).await
    }

    async fn limited(
        config: Config,
        inner: artisan_gateway::Upstream,
        upstream: Upstream,
        limits: Limits,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = HttpClient::new(listener.local_addr().unwrap());
        let shutdown = Shutdown::new(Duration::ZERO, Duration::from_mins(1));
        let readiness = Readiness::new();
        readiness.follow(&shutdown);
        let transport = config.transport().unwrap();
        let tls = transport.tls.clone();
        let gateway = Gateway::new(config, inner, Some(shutdown.clone()));
        let router = gateway.router(readiness.clone());
        let serving = serve_with(listener, router, shutdown.clone(), limits, transport);
        let server = tokio::spawn(serving);
        Self { client, upstream, shutdown, readiness, server, tls }
    }
}

fn config(variables: &[(&str, &str)]) -> Config {
    Config::from_env(&Env::from_pairs(variables.iter().copied())).unwrap()
}

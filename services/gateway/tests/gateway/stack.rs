//! Gateway and upstream, started together.

use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use artisan_gateway::{Config, Gateway};
use artisan_runtime::env::Env;
use artisan_runtime::http::serve;
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::client::HttpClient;
use crate::upstream::Upstream;

/// A running gateway; requests are sent through it by way of its client.
pub(crate) struct Stack {
    pub(crate) client: HttpClient,
    pub(crate) upstream: Upstream,
    pub(crate) shutdown: Shutdown,
    pub(crate) readiness: Readiness,
    pub(crate) server: JoinHandle<Outcome>,
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

    /// Starts with the upstream inside the process.
    pub(crate) async fn in_process(upstream: Upstream) -> Self {
        let inner = artisan_gateway::Upstream::in_process(upstream.routes());
        Self::around(config(&[]), inner, upstream).await
    }

    async fn around(config: Config, inner: artisan_gateway::Upstream, upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = HttpClient::new(listener.local_addr().unwrap());
        let shutdown = Shutdown::new(Duration::ZERO, Duration::from_mins(1));
        let readiness = Readiness::new();
        readiness.follow(&shutdown);
        let gateway = Gateway::new(config, inner, Some(shutdown.clone()));
        let server =
            tokio::spawn(serve(listener, gateway.router(readiness.clone()), shutdown.clone()));
        Self { client, upstream, shutdown, readiness, server }
    }
}

fn config(variables: &[(&str, &str)]) -> Config {
    Config::from_env(&Env::from_pairs(variables.iter().copied())).unwrap()
}

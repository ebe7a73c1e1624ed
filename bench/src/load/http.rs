use std::time::Duration;

use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use prost::bytes::Bytes;

use super::{paced, repeat};
use crate::failure::Failure;

/// A client that keeps its connections.
pub(crate) type HttpClient = Client<HttpConnector, Empty<Bytes>>;

/// Reads one user over HTTP and JSON.
#[derive(Clone, Debug)]
pub(crate) struct HttpLoad {
    client: HttpClient,
    url: String,
    authorization: String,
}

/// A new client.
pub(crate) fn client() -> HttpClient {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

/// Whether the address answers with 200.
pub(crate) async fn is_ok(client: &HttpClient, url: &str) -> bool {
    let Ok(request) = Request::get(url).body(Empty::new()) else { return false };
    client.request(request).await.is_ok_and(|response| response.status() == StatusCode::OK)
}

impl HttpLoad {
    /// Reads `/v1/{name}` from the port, as the token's user.
    pub(crate) fn new(port: u16, name: &str, token: &str) -> Self {
        let url = format!("http://127.0.0.1:{port}/v1/{name}");
        Self { client: client(), url, authorization: format!("Bearer {token}") }
    }

    /// Makes the calls; anything but a whole user fails the run.
    pub(crate) async fn run(&self, calls: u64) -> Result<(), Failure> {
        repeat(calls, || self.call()).await
    }

    /// Makes the calls at so many a second, however long each takes; what each took, sorted.
    pub(crate) async fn paced(&self, calls: u64, rate: f64) -> Result<Vec<Duration>, Failure> {
        let call = |_| {
            let load = self.clone();
            async move { load.call().await }
        };
        paced(calls, rate, call).await
    }

    async fn call(&self) -> Result<(), Failure> {
        let request = Request::get(&self.url)
            .header(http::header::AUTHORIZATION, &self.authorization)
            .body(Empty::new())
            .map_err(Failure::call)?;
        let response = self.client.request(request).await.map_err(Failure::call)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(Failure::call)?.to_bytes();
        if status == StatusCode::OK && !body.is_empty() {
            return Ok(());
        }
        Err(Failure::call(format!("{status}: {}", String::from_utf8_lossy(&body))))
    }
}

//! The gRPC service behind the gateway: another process, or a part of this one.

mod codec;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use bytes::Bytes;
use http_body::Body as HttpBody;
use tonic::body::Body;
use tonic::client::{Grpc, GrpcService};
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status, Streaming};

use self::codec::RawCodec;

/// One HTTP/2 connection serialises its streams behind a lock; a few of them spread the load over
/// cores, and over the replicas behind one address.
const CONNECTIONS: usize = 4;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const PING: Duration = Duration::from_secs(20);
/// The largest answer that is taken from the service: a full page is far smaller.
const MAX_ANSWER: usize = 16 << 20;

/// Where calls go; cheap to clone.
#[derive(Debug, Clone)]
pub struct Upstream(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Remote { channels: Arc<[Channel]>, next: Arc<AtomicUsize> },
    InProcess(Routes),
}

impl Upstream {
    /// A service at an `http://` address. Nothing is connected before the first call, and broken
    /// connections are made anew at the next one. Must be called inside a tokio runtime.
    #[must_use]
    pub fn remote(uri: Uri) -> Self {
        let endpoint = Endpoint::from(uri)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .http2_keep_alive_interval(PING)
            .keep_alive_timeout(PING)
            .keep_alive_while_idle(true);
        let channels = (0..CONNECTIONS).map(|_| endpoint.connect_lazy()).collect();
        Self(Kind::Remote { channels, next: Arc::default() })
    }

    /// A service in this process: calls make no network hop.
    #[must_use]
    pub fn in_process(routes: Routes) -> Self {
        Self(Kind::InProcess(routes.prepare()))
    }

    /// Sends one encoded message and gives the encoded answer.
    pub(crate) async fn unary(
        &self,
        request: Request<Bytes>,
        path: PathAndQuery,
    ) -> Result<Bytes, Status> {
        match &self.0 {
            Kind::Remote { channels, next } => unary(pick(channels, next)?, request, path).await,
            Kind::InProcess(routes) => unary(routes.clone(), request, path).await,
        }
    }

    /// Sends one encoded message and gives the stream of encoded answers.
    pub(crate) async fn server_streaming(
        &self,
        request: Request<Bytes>,
        path: PathAndQuery,
    ) -> Result<Streaming<Bytes>, Status> {
        match &self.0 {
            Kind::Remote { channels, next } => {
                server_streaming(pick(channels, next)?, request, path).await
            }
            Kind::InProcess(routes) => server_streaming(routes.clone(), request, path).await,
        }
    }
}

fn pick(channels: &[Channel], next: &AtomicUsize) -> Result<Channel, Status> {
    let index = next.fetch_add(1, Ordering::Relaxed) % channels.len().max(1);
    channels.get(index).cloned().ok_or_else(|| Status::unavailable("no connection"))
}

async fn unary<T>(service: T, request: Request<Bytes>, path: PathAndQuery) -> Result<Bytes, Status>
where
    T: GrpcService<Body, ResponseBody: HttpBody<Error: Into<BoxError>> + Send + 'static>,
{
    let mut client = client(service).await?;
    client.unary(request, path, RawCodec).await.map(tonic::Response::into_inner)
}

async fn server_streaming<T>(
    service: T,
    request: Request<Bytes>,
    path: PathAndQuery,
) -> Result<Streaming<Bytes>, Status>
where
    T: GrpcService<Body, ResponseBody: HttpBody<Error: Into<BoxError>> + Send + 'static>,
{
    let mut client = client(service).await?;
    client.server_streaming(request, path, RawCodec).await.map(tonic::Response::into_inner)
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

async fn client<T: GrpcService<Body>>(service: T) -> Result<Grpc<T>, Status> {
    let mut client = Grpc::new(service).max_decoding_message_size(MAX_ANSWER);
    client.ready().await.map_err(|error| Status::from_error(error.into()))?;
    Ok(client)
}

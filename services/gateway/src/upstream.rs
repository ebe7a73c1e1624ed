//! The gRPC service behind the gateway: another process, or a part of this one.

mod codec;

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use artisan_runtime::tls::{HttpsConnector, Reloading};
use axum::http::Uri;
use axum::http::uri::{PathAndQuery, Scheme};
use bytes::Bytes;
use http_body::Body as HttpBody;
use tokio_rustls::rustls::ClientConfig;
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
        let endpoint = endpoint(uri);
        Self::over((0..CONNECTIONS).map(|_| endpoint.connect_lazy()))
    }

    /// A service at an `https://` address, over TLS with these files: each connection is made with the
    /// newest of them.
    #[must_use]
    pub fn remote_tls(uri: &Uri, tls: &Reloading<ClientConfig>) -> Self {
        // tonic wants to speak TLS by itself where it sees `https`.
        let mut parts = uri.clone().into_parts();
        parts.scheme = Some(Scheme::HTTP);
        let plain = Uri::from_parts(parts).unwrap_or_else(|_| uri.clone());
        let endpoint = endpoint(plain).origin(uri.clone());
        let connector = HttpsConnector::new(tls.clone());
        let connect = |_| endpoint.connect_with_connector_lazy(connector.clone());
        Self::over((0..CONNECTIONS).map(connect))
    }

    fn over(channels: impl Iterator<Item = Channel>) -> Self {
        Self(Kind::Remote { channels: channels.collect(), next: Arc::default() })
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
            Kind::Remote { channels, next } => {
                let again = repeated(&request);
                match unary(pick(channels, next)?, request, path.clone()).await {
                    Err(status) if was_never_sent(&status) => {
                        unary(pick(channels, next)?, again, path).await
                    }
                    result => result,
                }
            }
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
                let again = repeated(&request);
                match server_streaming(pick(channels, next)?, request, path.clone()).await {
                    Err(status) if was_never_sent(&status) => {
                        server_streaming(pick(channels, next)?, again, path).await
                    }
                    result => result,
                }
            }
            Kind::InProcess(routes) => server_streaming(routes.clone(), request, path).await,
        }
    }
}

/// The same request once more; its deadline is in its metadata.
fn repeated(request: &Request<Bytes>) -> Request<Bytes> {
    let mut again = Request::new(request.get_ref().clone());
    again.metadata_mut().clone_from(request.metadata());
    again
}

/// Whether the connection ended, by its age or with its replica, before the call went out, or said that it has
/// not looked at it: then it is safe to send whatever it is (gRFC A6, "transparent retries").
fn was_never_sent(status: &Status) -> bool {
    let mut source = status.source();
    while let Some(error) = source {
        if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
            || error.downcast_ref::<h2::Error>().is_some_and(is_unseen)
        {
            return true;
        }
        source = error.source();
    }
    false
}

/// What h2 says of calls that came after the last one that a GOAWAY names (RFC 9113, section 6.8).
fn is_unseen(error: &h2::Error) -> bool {
    error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR)
}

fn endpoint(uri: Uri) -> Endpoint {
    Endpoint::from(uri)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(PING)
        .keep_alive_timeout(PING)
        .keep_alive_while_idle(true)
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

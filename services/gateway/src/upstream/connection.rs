//! One HTTP/2 connection, and the calls on it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::http::HeaderValue;
use axum::http::header::USER_AGENT;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http2::SendRequest;
use tokio::time::Instant;
use tonic::body::Body;
use tower::Service;

use super::replica::Replica;

const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("artisan-gateway/", env!("CARGO_PKG_VERSION")));

/// A connection lives as long as somebody may call or is calling: when the last of them is gone, it ends
/// in order.
#[derive(Debug)]
pub(super) struct Connection {
    sender: SendRequest<Body>,
    in_flight: AtomicUsize,
    /// How many calls the other side allows at once; more would wait in a queue that nobody bounds.
    limit: Arc<AtomicUsize>,
    since: Instant,
}

impl Connection {
    pub(super) fn new(sender: SendRequest<Body>, limit: Arc<AtomicUsize>) -> Self {
        Self { sender, in_flight: AtomicUsize::new(0), limit, since: Instant::now() }
    }

    /// Whether it can take calls, as far as this side knows.
    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Whether the other side allows another call, and the question for its health beside it: behind calls
    /// that take long it would wait, and its silence say nothing.
    pub(super) fn has_room(&self) -> bool {
        let limit = self.limit.load(Ordering::Relaxed);
        self.in_flight() < limit.saturating_sub(1).max(1)
    }

    /// Whether more than half of the calls that the other side allows are under way.
    pub(super) fn is_crowded(&self) -> bool {
        self.in_flight() > self.limit.load(Ordering::Relaxed) / 2
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// When it was made.
    pub(super) fn since(&self) -> Instant {
        self.since
    }
}

/// A place on a connection for one call; counted as in flight until it is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) replica: Arc<Replica>,
    pub(super) connection: Arc<Connection>,
}

impl Lease {
    pub(super) fn new(replica: Arc<Replica>, connection: Arc<Connection>) -> Self {
        replica.begin();
        connection.in_flight.fetch_add(1, Ordering::Relaxed);
        Self { replica, connection }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.connection.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.replica.end();
    }
}

/// A call that failed below gRPC.
#[derive(Debug, thiserror::Error)]
pub(super) enum TransportError {
    /// Nothing of it left this process.
    #[error("the call was never sent")]
    NeverSent(#[source] hyper::Error),
    /// Anything may have become of it.
    #[error("the call failed on its way")]
    Failed(#[source] hyper::Error),
}

/// The connection of a lease as tonic's client wants it, for one call.
#[derive(Debug)]
pub(super) struct Line(Arc<Lease>);

impl Line {
    pub(super) fn new(lease: Lease) -> Self {
        Self(Arc::new(lease))
    }
}

impl Service<http::Request<Body>> for Line {
    type Response = http::Response<Held>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let lease = Arc::clone(&self.0);
        request.headers_mut().insert(USER_AGENT, AGENT);
        let mut sender = lease.connection.sender.clone();
        Box::pin(async move {
            match sender.try_send_request(request).await {
                Ok(response) => Ok(response.map(|body| Held { body, _lease: lease })),
                // What is given back did not leave.
                Err(error) if error.message().is_some() => {
                    Err(TransportError::NeverSent(error.into_error()))
                }
                Err(error) => Err(TransportError::Failed(error.into_error())),
            }
        })
    }
}

/// An answer's body, which holds the place of its call until it is read or thrown away.
pub(super) struct Held {
    body: Incoming,
    _lease: Arc<Lease>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

//! The accept loop.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::lifecycle::{Outcome, Shutdown};

/// What one client, and all of them together, may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at the same time; further ones wait in the system's queue.
    pub connections: usize,
    /// The time for a whole request head, and the time that a connection may be idle. Longer than
    /// the 60 s after which common load balancers close idle connections, so that they close first.
    pub head_timeout: Duration,
    /// The size of a request head; more is answered with 431.
    pub head_size: u32,
    /// The number of header fields in HTTP/1.1.
    pub headers: usize,
    /// Requests at the same time on one HTTP/2 connection.
    pub streams: u32,
    /// The time between two pings on a silent HTTP/2 connection, and the time to answer one.
    pub ping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            head_timeout: Duration::from_secs(75),
            head_size: 32 << 10,
            headers: 100,
            streams: 250,
            ping: Duration::from_secs(20),
        }
    }
}

/// Serves until the shutdown is over, with the default [`Limits`].
///
/// Each request carries its peer's address as [`ConnectInfo<SocketAddr>`].
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> Outcome {
    serve_with(listener, router, shutdown, Limits::default()).await
}

/// Serves until the shutdown is over.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    limits: Limits,
) -> Outcome {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(limits.connections));
    let acceptor = Acceptor { builder: builder(&limits), router, limits };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopping() => break,
            Some(_) = connections.join_next() => {}
            (stream, peer, slot) = accept(&listener, &slots) => {
                let serving = acceptor.serve(stream, peer, graceful.watcher());
                connections.spawn(async move {
                    serving.await;
                    drop(slot);
                });
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => Outcome::Drained,
        // Dropping the set ends the connections that are left.
        () = shutdown.cut_off() => Outcome::CutOff,
    }
}

type Slot = Option<tokio::sync::OwnedSemaphorePermit>;

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, SocketAddr, Slot) {
    loop {
        // The semaphore is never closed, so there always is a slot in the end.
        let slot = slots.clone().acquire_owned().await.ok();
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, slot),
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                // Most likely no file descriptors are left: trying at once would only burn the CPU.
                tracing::error!(error.message = %error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn is_the_clients(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

struct Acceptor {
    builder: auto::Builder<TokioExecutor>,
    router: Router,
    limits: Limits,
}

impl Acceptor {
    fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        watcher: Watcher,
    ) -> impl Future<Output = ()> + use<> {
        // Answers are small: waiting for more of them to fill a packet only costs time.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error.message = %error, "cannot set TCP_NODELAY");
        }
        let heard = Arc::new(AtomicBool::new(false));
        let service = self.router.clone().map_request({
            let heard = heard.clone();
            move |request: Request<Incoming>| {
                heard.store(true, Ordering::Relaxed);
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            }
        });
        let service = TowerToHyperService::new(service);
        let connection = self.builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let head_timeout = self.limits.head_timeout;
        async move {
            let mut connection = std::pin::pin!(watcher.watch(connection));
            // hyper's own timeout begins when it knows the protocol; a client that does not even say that much
            // is cut off here.
            let first = timeout(head_timeout, connection.as_mut()).await;
            if first.is_err() && heard.load(Ordering::Relaxed) {
                let _ = connection.await;
            }
        }
    }
}

fn builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_headers(limits.headers)
        // hyper wants at least 8 KiB.
        .max_buf_size((limits.head_size as usize).max(8 << 10));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(limits.head_size)
        .max_concurrent_streams(limits.streams)
        // Bounds "rapid reset" (CVE-2023-44487).
        .max_pending_accept_reset_streams(20)
        .keep_alive_interval(limits.ping)
        .keep_alive_timeout(limits.ping);
    builder
}

//! The accept loop.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::limits::{Limits, Transport};
use super::proxy;
use super::stall::Impatient;
use super::talk::{Noted, Talk};
use crate::lifecycle::{Outcome, Shutdown};

/// How long a request may take to arrive of which a part was here when the program began to stop: the head of one
/// comes at once, or its client plays for time.
const LATE_REQUEST: Duration = Duration::from_secs(1);

/// Serves until the shutdown is over, with the default [`Limits`].
///
/// Each request carries its peer's address as [`ConnectInfo<SocketAddr>`].
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> Outcome {
    serve_with(listener, router, shutdown, Limits::default(), Transport::default()).await
}

/// Serves until the shutdown is over.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    limits: Limits,
    transport: Transport,
) -> Outcome {
    let tls = transport.tls.clone();
    let following = async {
        match &tls {
            Some(tls) => tls.follow().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        outcome = run(listener, router, shutdown, limits, transport) => outcome,
        // It never ends by itself.
        () = following => Outcome::CutOff,
    }
}

async fn run(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
    limits: Limits,
    transport: Transport,
) -> Outcome {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let builder = limits.builder();
    let acceptor = Acceptor { builder, router, limits, transport, shutdown: shutdown.clone() };
    let acceptor = Arc::new(acceptor);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopping() => break,
            Some(_) = connections.join_next() => {}
            (stream, peer, slot) = accept(&listener, &slots) => {
                let acceptor = acceptor.clone();
                connections.spawn(async move {
                    if let Err(error) = acceptor.serve(stream, peer).await {
                        tracing::debug!(error.message = %error, "the connection failed");
                    }
                    drop(slot);
                });
            }
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    tokio::select! {
        () = finished => Outcome::Drained,
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
    transport: Transport,
    shutdown: Shutdown,
}

impl Acceptor {
    /// Serves a connection to its end.
    async fn serve(&self, mut stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        // Answers are small: waiting for more of them to fill a packet only costs time.
        stream.set_nodelay(true)?;
        // What only some connections need is boxed: the others would hold room for it as long as they last.
        let proxies = &self.transport.proxies;
        let is_proxied = proxies.iter().any(|network| network.contains(peer.ip()));
        let peer = if is_proxied {
            Box::pin(self.begun(proxy::read(&mut stream))).await?.unwrap_or(peer)
        } else {
            peer
        };
        match &self.transport.tls {
            None => self.speak(stream, peer).await,
            Some(tls) => {
                let handshake = TlsAcceptor::from(tls.current()).accept(stream);
                let stream = Box::new(Box::pin(self.begun(handshake)).await?);
                Box::pin(self.speak(stream, peer)).await;
            }
        }
        Ok(())
    }

    /// Waits until the client has begun; before that a shutdown has nothing to wait for.
    async fn begun<T>(&self, begin: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        tokio::select! {
            result = timeout(self.limits.handshake, begin) => result?,
            () = self.shutdown.stopping() => Err(ErrorKind::ConnectionAborted.into()),
        }
    }

    fn speak<I>(&self, io: I, peer: SocketAddr) -> impl Future<Output = ()> + use<I>
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let talk = Arc::new(Talk::new(self.shutdown.clone()));
        let service = service_fn({
            let (router, talk) = (self.router.clone(), talk.clone());
            move |request: Request<Incoming>| {
                talk.hear(request.version());
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                let talk = talk.clone();
                let marked = move |mut answer: Response<Body>| {
                    // Its client opens another connection, which readiness leads elsewhere.
                    if talk.is_the_last() {
                        let close = HeaderValue::from_static("close");
                        answer.headers_mut().insert(header::CONNECTION, close);
                    }
                    answer
                };
                ServiceExt::<Request<Body>>::map_response(router.clone(), marked).oneshot(request)
            }
        });
        let io = Noted::new(Impatient::new(io, self.limits.stall), talk.clone());
        let connection = self.builder.serve_connection(TokioIo::new(io), service).into_owned();
        // Held once: a future keeps room for what it was made of beside what was made of that.
        let mut connection = Box::pin(connection);
        let head_timeout = self.limits.head_timeout;
        async move {
            let served = async {
                // hyper's own timeout begins when it knows the protocol; a client that does not even say that
                // much is cut off here.
                let first = timeout(head_timeout, connection.as_mut()).await;
                if first.is_err() && talk.is_heard() {
                    let _ = connection.as_mut().await;
                }
            };
            tokio::select! {
                () = served => return,
                () = talk.stopping() => {}
            }
            // What has come by now is still taken.
            yield_now().await;
            if poll_fn(|cx| Poll::Ready(connection.as_mut().poll(cx).is_ready())).await {
                return;
            }
            let is_over =
                talk.has_begun_again() && timeout(LATE_REQUEST, connection.as_mut()).await.is_ok();
            if !is_over {
                connection.as_mut().graceful_shutdown();
                let ended = timeout(LATE_REQUEST, connection.as_mut()).await;
                if ended.is_err() && talk.is_heard() {
                    let _ = connection.await;
                }
            }
        }
    }
}

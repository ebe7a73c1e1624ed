use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::tls::{Reloading, names};
use http::Request;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tonic::service::Routes;
use tower::ServiceExt as _;

use super::{Closing, Limits, Peer};

/// What all connections have in common.
#[derive(Clone)]
pub(super) struct Connections {
    builder: http2::Builder<TokioExecutor>,
    routes: Routes,
    tls: Option<Reloading<ServerConfig>>,
    limits: Limits,
    shutdown: Shutdown,
}

/// Why a connection takes no new calls.
enum End {
    Closed,
    Shutdown,
    Age,
}

impl Connections {
    pub(super) fn new(
        routes: Routes,
        tls: Option<Reloading<ServerConfig>>,
        limits: Limits,
        shutdown: Shutdown,
    ) -> Self {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(limits.headers)
            .max_pending_accept_reset_streams(limits.pending_resets)
            .max_local_error_reset_streams(limits.provoked_resets)
            .keep_alive_interval(limits.ping.0)
            .keep_alive_timeout(limits.ping.1);
        Self { builder, routes, tls, limits, shutdown }
    }

    /// Serves a connection to its end.
    pub(super) async fn serve(&self, stream: TcpStream) {
        if let Err(error) = self.try_serve(stream).await {
            tracing::debug!(%error, "the connection failed");
        }
    }

    async fn try_serve(&self, stream: TcpStream) -> io::Result<()> {
        // Answers are small: waiting for more of them to fill a packet only costs time.
        stream.set_nodelay(true)?;
        let address = stream.peer_addr()?.ip().to_canonical();
        let Some(tls) = &self.tls else {
            self.begun(stream.readable()).await?;
            let peer = Peer { address, is_certified: false, names: Arc::default() };
            return self.run(TokioIo::new(stream), peer).await;
        };
        let stream = self.begun(TlsAcceptor::from(tls.current()).accept(stream)).await?;
        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let names = certificates.first().map(names).unwrap_or_default().into();
        let peer = Peer { address, is_certified: !certificates.is_empty(), names };
        self.run(TokioIo::new(stream), peer).await
    }

    /// Waits until the client has begun; before that a shutdown has nothing to wait for.
    async fn begun<T>(&self, begin: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        tokio::select! {
            result = timeout(self.limits.handshake, begin) => result?,
            () = self.shutdown.stopping() => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    async fn run<I: Read + Write + Unpin + 'static>(&self, io: I, peer: Peer) -> io::Result<()> {
        let (close, closing) = watch::channel(false);
        let closing = Closing::new(closing);
        let service = self.routes.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer.clone());
            request.extensions_mut().insert(closing.clone());
            request
        });
        let connection = self.builder.serve_connection(io, TowerToHyperService::new(service));
        let mut connection = pin!(connection);
        let end = tokio::select! {
            biased;
            result = connection.as_mut() => {
                result.map_err(io::Error::other)?;
                End::Closed
            }
            () = self.shutdown.stopping() => End::Shutdown,
            () = self.aged() => End::Age,
        };
        if matches!(end, End::Closed) {
            return Ok(());
        }
        // GOAWAY: what has arrived, or is on its way, is served still.
        connection.as_mut().graceful_shutdown();
        if matches!(end, End::Shutdown) {
            return connection.await.map_err(io::Error::other);
        }
        close.send_replace(true);
        finish(connection, self.limits.grace).await
    }

    async fn aged(&self) {
        match self.limits.age {
            Some(age) => sleep(jittered(age)).await,
            None => std::future::pending().await,
        }
    }
}

async fn finish<C>(connection: Pin<&mut C>, grace: Duration) -> io::Result<()>
where
    C: Future<Output = Result<(), hyper::Error>>,
{
    timeout(grace, connection).await?.map_err(io::Error::other)
}

/// A tenth more or less.
fn jittered(age: Duration) -> Duration {
    let mut random = [0; 2];
    // Without randomness it is the age itself.
    let share = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX),
        Err(_) => 0.5,
    };
    age.mul_f64(0.9 + 0.2 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_differ_by_a_tenth_at_most() {
        let ages = (0..50).map(|_| jittered(Duration::from_mins(20))).collect::<Vec<_>>();
        let bounds = Duration::from_mins(18)..=Duration::from_mins(22);
        assert!(ages.iter().all(|age| bounds.contains(age)), "{ages:?}");
        assert!(ages.iter().any(|age| *age != ages[0]));
    }
}

//! Making connections.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use artisan_runtime::tls::{self, Reloading};
use hyper::client::conn::http2::Builder;
use hyper::rt::{Read, Write};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::connection::Connection;
use super::replica::Replica;

/// A connection on which nothing comes back for this long, and then again, is dead.
const PING: Duration = Duration::from_secs(20);
/// Until the other side has said how many it allows.
const FIRST_CALLS: usize = 100;

/// Makes connections to any address of the service.
pub(super) struct Connector {
    builder: Builder<TokioExecutor>,
    timeout: Duration,
    tls: Option<(Reloading<ClientConfig>, String)>,
}

impl Connector {
    /// With TLS, each connection is made with the newest files, and checks that the other side is the host.
    pub(super) fn new(timeout: Duration, tls: Option<(Reloading<ClientConfig>, String)>) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .initial_max_send_streams(FIRST_CALLS)
            .keep_alive_interval(PING)
            .keep_alive_timeout(PING)
            .keep_alive_while_idle(true);
        Self { builder, timeout, tls }
    }

    /// Makes a connection, whose end the replica is told of.
    pub(super) async fn connect(&self, replica: &Arc<Replica>) -> io::Result<Arc<Connection>> {
        let connecting = self.try_connect(replica);
        timeout(self.timeout, connecting).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    async fn try_connect(&self, replica: &Arc<Replica>) -> io::Result<Arc<Connection>> {
        let stream = TcpStream::connect(replica.address()).await?;
        // Where nobody listens on this very host, the system may connect a socket with itself, and nobody
        // could listen there while it lasts.
        if stream.local_addr()? == stream.peer_addr()? {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        stream.set_nodelay(true)?;
        let Some((files, host)) = &self.tls else {
            return self.speak(TokioIo::new(stream), replica).await;
        };
        let stream = tls::speak(files.current(), host, stream).await?;
        self.speak(TokioIo::new(stream), replica).await
    }

    async fn speak<T>(&self, stream: T, replica: &Arc<Replica>) -> io::Result<Arc<Connection>>
    where
        T: Read + Write + Unpin + Send + 'static,
    {
        let (sender, mut running) =
            self.builder.handshake(stream).await.map_err(io::Error::other)?;
        let limit = Arc::new(AtomicUsize::new(FIRST_CALLS));
        let connection = Arc::new(Connection::new(sender, Arc::clone(&limit)));
        let replica = Arc::downgrade(replica);
        tokio::spawn(async move {
            let ended = poll_fn(|context| {
                // It is asked for a lock that calls need, so only until the first answer was read.
                if limit.load(Ordering::Relaxed) == FIRST_CALLS {
                    limit.store(running.current_max_send_streams(), Ordering::Relaxed);
                }
                Pin::new(&mut running).poll(context)
            });
            if let Err(error) = ended.await {
                tracing::debug!(%error, "a connection to the service failed");
            }
            if let Some(replica) = replica.upgrade() {
                replica.wake();
            }
        });
        Ok(connection)
    }
}

//! The way in: connections, what one of them and all together may take, and how they end.
//!
//! tonic's own server is not used: it ends old connections without telling the client (0.14.9 sends
//! no GOAWAY before the end of `max_connection_age_grace`, and ends all at the same age), and keeps
//! the certificate that it began with.

mod connection;
mod peer;

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::tls::Reloading;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::rustls::ServerConfig;
use tonic::service::Routes;

use connection::Connections;
pub(crate) use peer::{Closing, Peer};

/// What one client, and all of them together, may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Connections at the same time; further ones wait in the system's queue.
    pub(crate) connections: usize,
    /// The time until a client has begun to speak, and for the handshake of TLS.
    pub(crate) handshake: Duration,
    /// Calls at the same time on one connection.
    pub(crate) streams: u32,
    /// The size of a call's headers.
    pub(crate) headers: u32,
    /// Calls that the client has reset and nobody has looked at yet; with one more the connection
    /// ends. Bounds "rapid reset" (CVE-2023-44487).
    pub(crate) pending_resets: usize,
    /// Resets that a client has provoked ("made you reset", CVE-2025-8671).
    pub(crate) provoked_resets: usize,
    /// The time between two pings on a silent connection, and the time to answer one.
    pub(crate) ping: (Duration, Duration),
    /// The age at which a client is told to go on over a new connection, so that it comes to see
    /// other replicas; a tenth more or less, so that not all come at once. Without it: never.
    pub(crate) age: Option<Duration>,
    /// How long calls in flight are waited for then.
    pub(crate) grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            handshake: Duration::from_secs(10),
            streams: 1_000,
            headers: 16 << 10,
            pending_resets: 20,
            provoked_resets: 256,
            ping: (Duration::from_secs(30), Duration::from_secs(20)),
            age: None,
            grace: Duration::from_secs(15),
        }
    }
}

/// Serves until the shutdown is over: at its stop clients get GOAWAY and calls in flight finish.
pub(crate) async fn serve(
    listener: TcpListener,
    routes: Routes,
    tls: Option<Reloading<ServerConfig>>,
    limits: Limits,
    shutdown: Shutdown,
) -> Outcome {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let connections = Connections::new(routes, tls, limits, shutdown.clone());
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = shutdown.stopping() => break,
            Some(_) = open.join_next() => {}
            (stream, slot) = accept(&listener, &slots) => {
                let connections = connections.clone();
                open.spawn(async move {
                    connections.serve(stream).await;
                    drop(slot);
                });
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = async { while open.join_next().await.is_some() {} } => Outcome::Drained,
        // Dropping the set ends the connections that are left.
        () = shutdown.cut_off() => Outcome::CutOff,
    }
}

type Slot = Option<OwnedSemaphorePermit>;

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, Slot) {
    loop {
        // The semaphore is never closed, so there always is a slot in the end.
        let slot = slots.clone().acquire_owned().await.ok();
        match listener.accept().await {
            Ok((stream, _)) => return (stream, slot),
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                // Most likely no file descriptors are left: trying at once would only burn the CPU.
                tracing::error!(error.message = %error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
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

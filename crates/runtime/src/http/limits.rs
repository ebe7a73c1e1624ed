use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use tokio_rustls::rustls::ServerConfig;

use crate::cidr::Cidr;
use crate::tls::Reloading;

/// What one client, and all of them together, may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at the same time; further ones wait in the system's queue.
    pub connections: usize,
    /// The time for what comes before the first request: the PROXY header and the handshake of TLS.
    pub handshake: Duration,
    /// The time for a whole request head, and the time that a connection may be idle. Longer than
    /// the 60 s after which common load balancers close idle connections, so that they close first.
    pub head_timeout: Duration,
    /// The time in which a client has to take something of what is written to it.
    pub stall: Duration,
    /// The size of a request head; more is answered with 431.
    pub head_size: u32,
    /// The number of header fields in HTTP/1.1.
    pub headers: usize,
    /// Requests at the same time on one HTTP/2 connection.
    pub streams: u32,
    /// Requests that the client has reset and nobody has looked at yet; with one more the connection
    /// ends. Bounds "rapid reset" (CVE-2023-44487).
    pub pending_resets: usize,
    /// Resets that a client has provoked ("made you reset", CVE-2025-8671).
    pub provoked_resets: usize,
    /// The time between two pings on a silent HTTP/2 connection, and the time to answer one.
    pub ping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            handshake: Duration::from_secs(10),
            head_timeout: Duration::from_secs(75),
            stall: Duration::from_mins(1),
            head_size: 80 << 10,
            headers: 100,
            streams: 250,
            pending_resets: 20,
            provoked_resets: 256,
            ping: Duration::from_secs(20),
        }
    }
}

/// What lies between the network and HTTP: nothing, by default.
#[derive(Debug, Clone, Default)]
pub struct Transport {
    /// The files of TLS; they are followed while the port is served.
    pub tls: Option<Reloading<ServerConfig>>,
    /// Networks of balancers whose connections begin with a PROXY header, which says whose they are.
    /// Nobody else is asked for one, nor believed.
    pub proxies: Vec<Cidr>,
}

impl Limits {
    pub(super) fn builder(&self) -> auto::Builder<TokioExecutor> {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_timeout)
            .max_headers(self.headers)
            // hyper wants at least 8 KiB.
            .max_buf_size((self.head_size as usize).max(8 << 10));
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(self.head_size)
            .max_concurrent_streams(self.streams)
            .max_pending_accept_reset_streams(self.pending_resets)
            .max_local_error_reset_streams(self.provoked_resets)
            .keep_alive_interval(self.ping)
            .keep_alive_timeout(self.ping);
        builder
    }
}

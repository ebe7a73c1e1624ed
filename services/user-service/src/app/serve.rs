use std::time::Duration;

use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use thiserror::Error;
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};

use super::App;
use crate::config::Tls;

const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
const STREAMS_PER_CONNECTION: u32 = 1_000;
const HEADERS: u32 = 16 << 10;
/// Bounds "rapid reset" (CVE-2023-44487).
const PENDING_RESETS: usize = 20;

/// Why serving ended before its time.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The certificate, the key or the client CA cannot be used.
    #[error("TLS_CERT, TLS_KEY or TLS_CLIENT_CA cannot be used")]
    Tls(#[source] tonic::transport::Error),
    /// The transport failed.
    #[error("the gRPC server failed")]
    Transport(#[source] tonic::transport::Error),
}

impl App {
    /// Serves until the shutdown is over, and keeps readiness and health true meanwhile.
    ///
    /// At the drain the health says `NOT_SERVING`; at the stop clients get GOAWAY and calls in
    /// flight finish; when the shutdown cuts off, nothing is waited for.
    pub async fn serve(
        &self,
        listener: TcpListener,
        readiness: Readiness,
        shutdown: Shutdown,
    ) -> Result<Outcome, ServeError> {
        let mut server = Server::builder()
            .http2_keepalive_interval(Some(PING_EVERY))
            .http2_keepalive_timeout(Some(PING_TIMEOUT))
            .http2_max_pending_accept_reset_streams(Some(PENDING_RESETS))
            .http2_max_header_list_size(HEADERS)
            .max_concurrent_streams(STREAMS_PER_CONNECTION);
        if let Some(tls) = &self.tls {
            server = server.tls_config(tls_config(tls)).map_err(ServeError::Tls)?;
        }
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let stopping = shutdown.clone();
        let serving = server
            .add_routes(self.routes())
            .serve_with_incoming_shutdown(incoming, async move { stopping.stopping().await });
        let watching = self.watch(readiness, shutdown.clone());
        tokio::select! {
            (result, ()) = async { tokio::join!(serving, watching) } => {
                result.map(|()| Outcome::Drained).map_err(ServeError::Transport)
            }
            () = shutdown.cut_off() => Ok(Outcome::CutOff),
        }
    }
}

fn tls_config(tls: &Tls) -> ServerTlsConfig {
    let identity = Identity::from_pem(&tls.certificate, tls.key.expose());
    let config = ServerTlsConfig::new().identity(identity);
    match &tls.client_ca {
        Some(ca) => config.client_ca_root(Certificate::from_pem(ca)),
        None => config,
    }
}

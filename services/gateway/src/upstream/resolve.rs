//! Where the replicas are.

use std::io;
use std::net::SocketAddr;

use axum::http::Uri;
use axum::http::uri::Scheme;
use futures_util::future::BoxFuture;
use tokio::net::lookup_host;

/// Tells the addresses of all replicas. Asked again and again, by one task at a time.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses as of now. An error, or none at all, changes nothing: those known are kept.
    fn resolve(&self) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;
}

/// The system's resolver; a name without an address of its own, as that of a headless Service, has all
/// of its replicas', of both families.
pub(super) struct Dns {
    host: String,
    port: u16,
}

impl Dns {
    pub(super) fn of(uri: &Uri) -> Self {
        let host = uri.host().unwrap_or_default();
        // An IPv6 address stands in brackets in a URI, and nowhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let usual = if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
        Self { host, port: uri.port_u16().unwrap_or(usual) }
    }
}

impl Resolve for Dns {
    fn resolve(&self) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        let name = (self.host.clone(), self.port);
        Box::pin(async move { Ok(lookup_host(name).await?.collect()) })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::{Dns, Resolve};

    #[tokio::test]
    async fn addresses_of_both_families_are_understood() {
        for (uri, address) in [
            ("http://127.0.0.2:50051", "127.0.0.2:50051"),
            ("http://[::1]:50051", "[::1]:50051"),
            ("https://127.0.0.2", "127.0.0.2:443"),
            ("http://[::1]", "[::1]:80"),
        ] {
            let found = Dns::of(&Uri::from_static(uri)).resolve().await.unwrap();
            assert_eq!(found, [address.parse().unwrap()], "{uri}");
        }
    }
}

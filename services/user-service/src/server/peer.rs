use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::watch;
use tonic::Extensions;

/// The other end of a connection; each call over it carries it.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// Where it is.
    pub(crate) address: IpAddr,
    /// Whether it has shown a certificate of `TLS_CLIENT_CA`.
    pub(crate) is_certified: bool,
    /// The names in its certificate, if it had to show one.
    pub(crate) names: Arc<[String]>,
}

/// Whether the connection of a call takes no new calls any more; streams end then, while others
/// finish.
#[derive(Clone, Debug)]
pub(crate) struct Closing(Option<watch::Receiver<bool>>);

impl Closing {
    pub(super) fn new(closing: watch::Receiver<bool>) -> Self {
        Self(Some(closing))
    }

    /// That of the call that is being handled; without a connection, in the same process, never.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or(Self(None))
    }

    /// Waits until it has begun.
    pub(crate) async fn begun(&mut self) {
        if let Some(closing) = &mut self.0
            && closing.wait_for(|is_closing| *is_closing).await.is_ok()
        {
            return;
        }
        // The connection is gone, and with it whoever could be told.
        std::future::pending::<()>().await;
    }
}

//! The gRPC service behind the gateway: other processes, or a part of this one.
//!
//! Of other processes, `discover` follows the addresses, `keep` keeps the connections of each, `pool` chooses
//! one for a call, `outlier` and `circuit` keep calls away from what fails, and `remote` sends calls and
//! `retry`, where that is safe, sends them again.

mod circuit;
mod codec;
mod connect;
mod connection;
mod discover;
mod failure;
mod keep;
mod metrics;
mod outlier;
mod pause;
mod pool;
mod remote;
mod replica;
mod resolve;
mod retry;
mod settings;
mod shape;

use std::fmt;
use std::sync::Arc;

use artisan_runtime::tls::Reloading;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use bytes::Bytes;
use tokio_rustls::rustls::ClientConfig;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use self::connect::Connector;
use self::remote::Remote;
use self::resolve::Dns;
pub use self::resolve::Resolve;
pub use self::settings::Settings;
use self::shape::{Passed, ServerStreaming, Shape, Unary};
use crate::deadline::{Deadline, Elapsed};

/// Where calls go; cheap to clone.
#[derive(Debug, Clone)]
pub struct Upstream(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Remote(Arc<Remote>),
    InProcess(Routes),
}

/// One call, which may have to be sent more than once.
pub(crate) struct Call<F> {
    pub(crate) path: PathAndQuery,
    pub(crate) deadline: Deadline,
    /// Whether sending it twice is the same as sending it once.
    pub(crate) is_idempotent: bool,
    /// Whether the answer goes on after the call succeeded.
    pub(crate) is_stream: bool,
    /// Makes the request, with the time that is left in it.
    pub(crate) request: F,
}

impl Upstream {
    /// A service at an `http://` address. Must be called inside a tokio runtime.
    #[must_use]
    pub fn remote(uri: Uri) -> Self {
        Self::builder(uri).build()
    }

    /// A service at an `https://` address, over TLS with these files: each connection is made with the
    /// newest of them.
    #[must_use]
    pub fn remote_tls(uri: &Uri, tls: &Reloading<ClientConfig>) -> Self {
        Self::builder(uri.clone()).tls(tls.clone()).build()
    }

    /// A service at an address, with more to say about it.
    #[must_use]
    pub fn builder(uri: Uri) -> Builder {
        Builder { uri, tls: None, resolver: None, settings: Settings::default() }
    }

    /// A service in this process: calls make no network hop.
    #[must_use]
    pub fn in_process(routes: Routes) -> Self {
        Self(Kind::InProcess(routes.prepare()))
    }

    /// Sends one encoded message and gives the encoded answer. Like all calls, it ends at its deadline.
    pub(crate) async fn unary<F>(&self, call: Call<F>) -> Result<Bytes, Status>
    where
        F: FnMut() -> Option<Request<Bytes>> + Send,
    {
        self.call::<Unary, F>(call).await
    }

    /// Sends one encoded message and gives the stream of encoded answers, with the metadata before it.
    pub(crate) async fn server_streaming<F>(
        &self,
        call: Call<F>,
    ) -> Result<Response<Streaming<Bytes>>, Status>
    where
        F: FnMut() -> Option<Request<Bytes>> + Send,
    {
        self.call::<ServerStreaming, F>(call).await
    }

    /// Sends a gRPC request as it is, frames and all, and gives the answer as it comes.
    pub(crate) async fn pass<F>(&self, call: Call<F>) -> Result<http::Response<Body>, Status>
    where
        F: FnMut() -> Option<http::Request<Bytes>> + Send,
    {
        self.call::<Passed, F>(call).await
    }

    async fn call<S, F>(&self, mut call: Call<F>) -> Result<S::Answer, Status>
    where
        S: Shape,
        F: FnMut() -> Option<S::Request> + Send,
    {
        match &self.0 {
            Kind::Remote(remote) => remote.call::<S, F>(call).await,
            Kind::InProcess(routes) => {
                let request = (call.request)().ok_or_else(unmakeable)?;
                let sent = S::send(routes.clone(), None, request, call.path);
                call.deadline.within(sent).await.unwrap_or_else(|Elapsed| Err(late()))
            }
        }
    }
}

fn late() -> Status {
    Status::deadline_exceeded("")
}

fn unmakeable() -> Status {
    Status::internal("the request cannot be made")
}

/// A service in other processes, before anything of it is looked up.
pub struct Builder {
    uri: Uri,
    tls: Option<Reloading<ClientConfig>>,
    resolver: Option<Arc<dyn Resolve>>,
    settings: Settings,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("uri", &self.uri).finish_non_exhaustive()
    }
}

impl Builder {
    /// Speaks TLS, each connection with the newest of these files. The name that the service has to show is
    /// that of the URI, whatever its addresses are.
    #[must_use]
    pub fn tls(self, tls: Reloading<ClientConfig>) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// Takes the addresses from here instead of the system's resolver.
    #[must_use]
    pub fn resolver(self, resolver: impl Resolve) -> Self {
        Self { resolver: Some(Arc::new(resolver)), ..self }
    }

    /// Deals with the service in this way.
    #[must_use]
    pub fn settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// Begins to look for the service, and to connect. Must be called inside a tokio runtime.
    #[must_use]
    pub fn build(self) -> Upstream {
        let host = self.uri.host().unwrap_or_default().to_owned();
        let tls = self.tls.map(|files| (files, host));
        let connector = Connector::new(self.settings.connect_timeout, tls);
        let resolver = self.resolver.unwrap_or_else(|| Arc::new(Dns::of(&self.uri)));
        let remote = Remote::start(self.uri, self.settings, connector, resolver);
        Upstream(Kind::Remote(Arc::new(remote)))
    }
}

//! The path that every call takes before its handler: span, deadline, admission.
//!
//! It is a layer of the routes, not of the server, so that a gateway in the same process passes
//! through it too.

mod compression;
mod deadline;
mod load;
mod observe;
mod request_id;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt as _;
use http::{Request, Response};
use tonic::Status;
use tower::{Layer, Service};
use tracing::Instrument as _;

use crate::access::{Method, Methods};
use crate::auth::Authenticator;
use crate::clock::Sources;
use crate::error::{Error, complete, has_details};
use crate::server::Peer;

pub(crate) use compression::ENCODINGS;
pub(crate) use deadline::Deadline;
use load::Load;
use observe::{CallMetrics, Observed};
pub(crate) use request_id::RequestId;

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) methods: Methods,
    pub(crate) authenticator: Authenticator,
    pub(crate) sources: Sources,
    pub(crate) timeout: Duration,
    pub(crate) load: Load,
    pub(crate) metrics: CallMetrics,
}

/// What one call, and all of them together, may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLimits {
    /// The time for a call whose client gives it no less.
    pub(crate) timeout: Duration,
    /// How many calls are served at the same time.
    pub(crate) concurrent: usize,
}

impl Gate {
    pub(crate) fn new(
        methods: Methods,
        authenticator: Authenticator,
        sources: Sources,
        limits: CallLimits,
    ) -> Self {
        let CallLimits { timeout, concurrent } = limits;
        let (load, metrics) = (Load::new(concurrent), CallMetrics::new());
        Self { methods, authenticator, sources, timeout, load, metrics }
    }
}

/// Puts the shared path before a service.
#[derive(Clone, Debug)]
pub(crate) struct SharedPath(pub(crate) Arc<Gate>);

/// A service behind the shared path.
#[derive(Clone, Debug)]
pub(crate) struct Guarded<S> {
    inner: S,
    gate: Arc<Gate>,
}

impl<S> Layer<S> for SharedPath {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner, gate: Arc::clone(&self.0) }
    }
}

impl<S, Q, R> Service<Request<Q>> for Guarded<S>
where
    S: Service<Request<Q>, Response = Response<R>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    Q: Send + 'static,
    R: Default + Send + 'static,
{
    type Response = Response<R>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        // The clone that is ready is taken; the fresh one is made ready before the next call.
        let fresh = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, fresh);
        let gate = Arc::clone(&self.gate);
        Box::pin(async move { Ok(gate.serve(ready, request).await) })
    }
}

impl Gate {
    async fn serve<S, Q, R>(&self, mut inner: S, mut request: Request<Q>) -> Response<R>
    where
        S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
        R: Default,
    {
        let Some((path, method)) = self.methods.find(request.uri().path()) else {
            // Health and reflection, which are open and speak for themselves, and what does not exist.
            let response = infallible(inner.call(request).await);
            return if is_unimplemented(&response) { with_details(response) } else { response };
        };
        let id = RequestId::of(request.headers(), &self.sources);
        let observed = Observed::begin(path, method, &id, request.headers(), &self.metrics);
        let deadline = (!method.is_stream).then(|| Deadline::of(request.headers(), self.timeout));
        if let Some(deadline) = deadline {
            request.extensions_mut().insert(deadline);
        }
        request.extensions_mut().insert(id.clone());

        let span = observed.span().clone();
        let work = self.admit_and_call(&mut inner, request, path, method);
        let work = AssertUnwindSafe(Deadline::bound(deadline, work)).catch_unwind();
        let mut response = async {
            match work.await {
                Ok(Ok(response)) => with_details(response),
                Ok(Err(error)) => refusal(error, method),
                Err(_) => Status::from(Error::Internal("the handler panicked".into())).into_http(),
            }
        }
        .instrument(span)
        .await;
        id.write(response.headers_mut());
        observed.end(response.headers());
        response
    }

    async fn admit_and_call<S, Q, R>(
        &self,
        inner: &mut S,
        mut request: Request<Q>,
        path: &str,
        method: Method,
    ) -> Result<Response<R>, Error>
    where
        S: Service<Request<Q>, Response = Response<R>, Error = Infallible>,
    {
        // Before anything that costs more than refusing.
        let _slot = self.load.enter(path)?;
        let now = self.sources.now();
        let peer = request.extensions().get::<Peer>();
        let admission = self.authenticator.admit(method, request.headers(), peer, now).await?;
        compression::check(method, request.headers_mut())?;
        request.extensions_mut().insert(admission);
        Ok(infallible(inner.call(request).await))
    }
}

fn refusal<R: Default>(error: Error, method: Method) -> Response<R> {
    let is_compressed = matches!(error, Error::Compressed(_));
    let mut response = Status::from(error).into_http();
    if is_compressed {
        compression::tell(method, response.headers_mut());
    }
    response
}

fn is_unimplemented<R>(response: &Response<R>) -> bool {
    let status = Status::from_header_map(response.headers());
    status.is_some_and(|status| status.code() == tonic::Code::Unimplemented)
}

/// Puts details to an error that tonic made on its own.
fn with_details<R: Default>(response: Response<R>) -> Response<R> {
    match Status::from_header_map(response.headers()) {
        Some(status) if status.code() != tonic::Code::Ok && !has_details(&status) => {
            complete(&status).into_http()
        }
        Some(_) | None => response,
    }
}

fn infallible<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use artisan_store::{Store, StoreOptions};
    use tonic::Code;
    use tonic_types::StatusExt as _;
    use zeroize::Zeroizing;

    use super::*;
    use crate::core::Core;
    use crate::hash::{Argon2Settings, HashPool, HashPoolSettings};
    use crate::page::PageTokens;
    use crate::requests::RequestIds;
    use crate::sessions::Attempts;
    use crate::token::{AccessTokens, SigningKeys};
    use crate::watch::Feed;

    fn gate() -> Gate {
        let keys = SigningKeys::from_pem(&SigningKeys::generate_pem().unwrap()).unwrap();
        let argon2 = Argon2Settings { memory_kib: 8, iterations: 1 };
        let hashing = HashPoolSettings { threads: 1, queue: 1, argon2 };
        let store = Store::connect("sqlite:///nowhere/x.db", StoreOptions::default()).unwrap();
        let core = Core {
            feed: Feed::new(store.clone()),
            store,
            hashing: HashPool::start(hashing).unwrap(),
            tokens: AccessTokens::new(keys, String::new(), String::new()),
            requests: RequestIds::new(Zeroizing::new([0; 32])),
            pages: PageTokens::new(Zeroizing::new([0; 32])),
            attempts: Attempts::new(Zeroizing::new([0; 32])),
            refreshing: Zeroizing::new([0; 32]),
            trusted_proxies: Vec::new(),
            sources: Sources::system(),
            access_token_ttl: Duration::from_secs(1),
            refresh_token_ttl: Duration::from_secs(1),
            mail: None,
        };
        let authenticator = Authenticator::new(Arc::new(core), Arc::default());
        let methods = Methods::of_contract().unwrap();
        let limits = CallLimits { timeout: Duration::from_secs(1), concurrent: 1 };
        Gate::new(methods, authenticator, Sources::system(), limits)
    }

    #[tokio::test]
    async fn panic_of_a_handler_is_an_internal_error_and_the_next_call_works() {
        let handler = tower::service_fn(|request: Request<()>| async move {
            assert!(!request.headers().contains_key("x-panic"), "the text of the panic");
            Ok::<_, Infallible>(Response::new(()))
        });
        let mut service = SharedPath(Arc::new(gate())).layer(handler);
        let request = Request::builder().uri("/artisan.user.v1.AuthService/GetJwks");
        let panicking = request.header("x-panic", "1").body(()).unwrap();
        let answer = service.call(panicking).await.unwrap();
        let status = Status::from_header_map(answer.headers()).unwrap();
        assert_eq!((status.code(), status.message()), (Code::Internal, "internal error"));
        assert_eq!(status.get_details_error_info().unwrap().reason, "INTERNAL");

        let request = Request::builder().uri("/artisan.user.v1.AuthService/GetJwks");
        let answer = service.call(request.body(()).unwrap()).await.unwrap();
        assert!(answer.headers().contains_key("x-request-id"));
        assert!(Status::from_header_map(answer.headers()).is_none());
    }
}

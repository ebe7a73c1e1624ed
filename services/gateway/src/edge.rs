//! What happens to every request, whatever it asks for.

mod client;
mod cors;
mod guard;
mod rate_limit;
mod request_id;
mod security;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use artisan_transcode::Lookup;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::middleware::Next;

pub(crate) use self::cors::Cors;
pub(crate) use self::rate_limit::RateLimit;
pub(crate) use self::request_id::RequestId;
use crate::gateway::Gateway;
use crate::grpc::{self, Dialect};
use crate::negotiate;
use crate::problem::Problem;
use crate::{access_log, call, predecessor};

/// So many headers are set here at most, those of CORS left out.
const COMMON_HEADERS: usize = 12;

/// What the edge learned about a request; an extension of it.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) request_id: RequestId,
    /// The client's address, as far as the proxies before the gateway can be believed.
    pub(crate) client: Option<IpAddr>,
    /// The route that serves it, once that is known.
    pub(crate) route: Arc<OnceLock<&'static str>>,
}

impl Context {
    /// Notes the route that serves the request.
    pub(crate) fn served_by(&self, route: &'static str) {
        let _ = self.route.set(route);
    }
}

/// The middleware around all routes.
pub(crate) async fn around(
    State(gateway): State<Gateway>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let config = gateway.config();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let is_secure = config.tls.is_some()
        || peer.is_some_and(|peer| {
            client::says_https(peer, request.headers(), &config.trusted_proxies)
        });
    let client = peer.map(|peer| client::address(peer, request.headers(), &config.trusted_proxies));
    let request_id = gateway.request_id(request.headers());
    let context = Context { request_id, client, route: Arc::default() };
    let line = access_log::begin(&request, &context);
    let cors = gateway.cors().grant(request.headers());
    let mut response = match cors.preflight(&request) {
        Some(preflight) => preflight,
        None => limited(&gateway, &context, request, next).await,
    };
    let headers = response.headers_mut();
    headers.reserve(COMMON_HEADERS);
    headers.insert(request_id::HEADER, context.request_id.into_header());
    cors.write(headers);
    security::write(headers, is_secure);
    match line {
        Some(line) => line.answered(response),
        None => response,
    }
}

/// The answer to a request, or why it gets none, and what the client has left of its rate.
async fn limited(
    gateway: &Gateway,
    context: &Context,
    request: Request,
    next: Next,
) -> Response<Body> {
    let quota = gateway.rate_limit().map(|limit| limit.take(context.client));
    let refused = guard::check(&request).or(quota.as_ref().and_then(rate_limit::Quota::refusal));
    let mut response = answer(gateway, context, refused, request, next).await;
    if let Some(quota) = quota {
        quota.write(response.headers_mut());
    }
    response
}

/// Each client is answered in its own tongue, refusals too.
async fn answer(
    gateway: &Gateway,
    context: &Context,
    refused: Option<Problem>,
    request: Request,
    next: Next,
) -> Response<Body> {
    if let Some(dialect) = Dialect::of(request.headers()) {
        return grpc::answer(gateway, context, dialect, refused, request).await;
    }
    let wants_status = negotiate::wants_status(request.headers());
    let mut response = if let Some(problem) = refused {
        let of_old_route = predecessor::refused(request.uri().path(), &problem);
        of_old_route.unwrap_or_else(|| problem.to_response(context.request_id.as_str()))
    } else {
        routed(gateway, context, request, next).await
    };
    if wants_status {
        Problem::replace_by_status(&mut response);
    }
    response
}

/// Calls are answered here; what the gateway serves beside them is the router's.
async fn routed(
    gateway: &Gateway,
    context: &Context,
    request: Request,
    next: Next,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Lookup::Found(route, captures) = call::lookup(gateway, &parts) {
        return call::answer(gateway, context, route, &captures, &parts, body).await;
    }
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(context.clone());
    next.run(request).await
}

//! What happens to every request, whatever it asks for.

mod client;
mod cors;
mod rate_limit;
mod request_id;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;

pub(crate) use self::cors::Cors;
pub(crate) use self::rate_limit::RateLimit;
pub(crate) use self::request_id::RequestId;
use crate::gateway::Gateway;
use crate::problem::Problem;

/// What the edge learned about a request; an extension of it.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) request_id: RequestId,
    /// The client's address, as far as the proxies before the gateway can be believed.
    pub(crate) client: Option<IpAddr>,
}

/// API answers are no pages: nothing in them may be loaded, run or framed.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The middleware around all routes.
pub(crate) async fn around(
    State(gateway): State<Gateway>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let request_id = gateway.request_id(request.headers());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let config = gateway.config();
    let client = peer.map(|peer| client::address(peer, request.headers(), &config.trusted_proxies));
    let cors = gateway.cors().grant(request.headers());
    let mut response = if let Some(preflight) = cors.preflight(&request) {
        preflight
    } else if gateway.rate_limit().is_some_and(|limit| !limit.allows(client)) {
        too_many().to_response(request_id.as_str())
    } else {
        request.extensions_mut().insert(Context { request_id: request_id.clone(), client });
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, request_id.into_header());
    cors.write(headers);
    secure(headers);
    response
}

fn too_many() -> Problem {
    let detail = "too many requests from this address";
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut problem = Problem::new(status, "RESOURCE_EXHAUSTED", "RATE_LIMITED", detail);
    problem.retry_after = Some(Duration::from_secs(1));
    problem
}

fn secure(headers: &mut HeaderMap) {
    let mut or = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    or(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    or(header::REFERRER_POLICY, "no-referrer");
    or(header::CONTENT_SECURITY_POLICY, API_POLICY);
    or(header::CACHE_CONTROL, "no-store");
}

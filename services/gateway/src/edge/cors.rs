//! Which pages of other origins may call (the Fetch standard's CORS protocol).

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS: &str = "authorization, content-type, if-match, if-none-match, \
     idempotency-key, last-event-id, traceparent, tracestate, baggage, x-request-id, \
     x-request-timeout, grpc-timeout, x-grpc-web, x-user-agent";
const ANSWER_HEADERS: &str = "allow, deprecation, etag, link, location, ratelimit, \
     ratelimit-policy, resume-token, retry-after, sunset, www-authenticate, x-request-id, grpc-status, \
     grpc-message, grpc-status-details-bin";

/// The origins that are allowed; tokens travel in a header, so credentials never are.
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
}

/// What one request is allowed: nothing, or its own origin.
#[derive(Debug)]
pub(crate) struct Grant {
    /// Answers differ by origin as soon as any is configured.
    varies: bool,
    origin: Option<HeaderValue>,
}

impl Cors {
    pub(crate) fn new(origins: Vec<HeaderValue>) -> Self {
        Self { origins }
    }

    pub(crate) fn grant(&self, headers: &HeaderMap) -> Grant {
        let allowed = |origin: &&HeaderValue| self.origins.iter().any(|o| o == *origin || o == "*");
        let origin = headers.get(header::ORIGIN).filter(allowed).cloned();
        Grant { varies: !self.origins.is_empty(), origin }
    }
}

impl Grant {
    /// The answer to a preflight of an allowed origin.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Response<Body>> {
        let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() != Method::OPTIONS || !asks || self.origin.is_none() {
            return None;
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
            (header::ACCESS_CONTROL_MAX_AGE, "7200"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        Some(response)
    }

    pub(crate) fn write(self, headers: &mut HeaderMap) {
        if self.varies {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if let Some(origin) = self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            let exposed = HeaderValue::from_static(ANSWER_HEADERS);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

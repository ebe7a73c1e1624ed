//! The answer of a call that succeeded.

use artisan_transcode::Route;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};

use crate::etag;
use crate::negotiate::JSON;
use crate::problem::Problem;

/// The keys that verify access tokens: the same for everybody.
const KEYS: &str = "/.well-known/jwks.json";
/// Whoever meets a token of a key that is not among those kept asks again.
const KEPT_FOR_A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Renders an encoded message as JSON, with the status and headers that belong to it.
pub(super) fn render(
    route: &Route,
    parts: &Parts,
    message: &[u8],
) -> Result<Response<Body>, Problem> {
    let tag = route.etag.and_then(|etag| etag(message));
    let reads = route.verb == "GET";
    let mut response = Response::new(Body::empty());
    if let Some(tag) = &tag {
        let headers = response.headers_mut();
        headers.insert(header::ETAG, value(tag)?);
        if reads {
            // It may be kept by the client that got it, but must be asked for again each time.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
            headers.insert(header::VARY, HeaderValue::from_static("authorization"));
        }
    }
    if route.template == KEYS {
        response.headers_mut().insert(header::CACHE_CONTROL, KEPT_FOR_A_WHILE);
    }
    if reads && tag.is_some_and(|tag| etag::none_match_names(&parts.headers, &tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    let mut json = Vec::with_capacity(message.len() * 2 + 64);
    (route.render)(message, &mut json).map_err(|error| Problem::internal(error.to_string()))?;
    let location = route.location.filter(|_| route.creates).and_then(|location| location(message));
    if let Some(location) = location {
        *response.status_mut() = StatusCode::CREATED;
        response.headers_mut().insert(header::LOCATION, value(&location)?);
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(json.len()));
    if parts.method != Method::HEAD {
        *response.body_mut() = Body::from(json);
    }
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(|error| Problem::internal(error.to_string()))
}

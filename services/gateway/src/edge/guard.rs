//! Requests that are refused for their form, before anything looks at what they ask for.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode, Version, header};

use crate::problem::Problem;

/// The longest path and query: a thousand names of users fit, which one request may ask for.
const MAX_TARGET: usize = 60 << 10;

/// What is wrong with the form of a request.
pub(super) fn check(request: &Request) -> Option<Problem> {
    if request.method() == Method::CONNECT {
        return Some(Problem::no_proxy());
    }
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > MAX_TARGET {
        let detail = format!("path and query must be at most {MAX_TARGET} bytes");
        let status = StatusCode::URI_TOO_LONG;
        return Some(Problem::new(status, "INVALID_ARGUMENT", "URI_TOO_LONG", detail));
    }
    // RFC 9112, section 3.2: of two hosts, another party might have meant the other.
    let hosts = request.headers().get_all(header::HOST);
    let count = hosts.iter().count();
    let needed = usize::from(request.version() == Version::HTTP_11);
    if count > 1 || count < needed {
        return Some(Problem::invalid("INVALID_HOST", "host must be given once"));
    }
    if !hosts.iter().all(is_host) {
        let detail = "host must be a name or an address, and perhaps a port";
        return Some(Problem::invalid("INVALID_HOST", detail));
    }
    None
}

/// Whether it names a host. One that is empty stands beside a target that has no host.
fn is_host(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let is_named = |authority: Authority| {
        let port = authority.as_str().strip_prefix(authority.host());
        port.is_some_and(|port| ["", ":"].contains(&port)) || authority.port_u16().is_some()
    };
    bytes.is_empty() || (!bytes.contains(&b'@') && Authority::try_from(bytes).is_ok_and(is_named))
}

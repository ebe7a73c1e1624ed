//! Headers that keep browsers from doing with an answer what it is not for.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// API answers are no pages: nothing in them may be loaded, run or framed.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// A year (RFC 6797). Other hosts of the domain are not spoken for.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=31536000");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Sets what the answer does not say itself. `is_secure` says whether the client came over TLS.
pub(super) fn write(headers: &mut HeaderMap, is_secure: bool) {
    let mut or = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    or(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    or(header::X_FRAME_OPTIONS, "DENY");
    or(header::REFERRER_POLICY, "no-referrer");
    or(header::CONTENT_SECURITY_POLICY, API_POLICY);
    or(RESOURCE_POLICY, "same-origin");
    or(OPENER_POLICY, "same-origin");
    or(header::CACHE_CONTROL, "no-store");
    if is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
}

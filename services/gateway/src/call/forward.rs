//! What of a request reaches the service.

use artisan_runtime::telemetry::propagation;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;
use tonic::Request;
use tonic::metadata::MetadataMap;
use tracing::Span;

use super::text;
use crate::deadline::Deadline;
use crate::edge::Context;
use crate::problem::Problem;

/// The service takes heads of 16 KiB, and one that is far larger costs it the connection that all
/// clients share.
const MAX_AUTHORIZATION: usize = 8 << 10;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The request to the service: authorization, trace context, baggage, request id, the client's address and
/// the time that is left pass; nothing else does.
pub(crate) fn request(
    message: Bytes,
    headers: &HeaderMap,
    context: &Context,
    deadline: Deadline,
) -> Result<Request<Bytes>, Problem> {
    let mut metadata = HeaderMap::with_capacity(8);
    if let Some(value) = text(headers, &header::AUTHORIZATION)? {
        if value.len() > MAX_AUTHORIZATION {
            let detail = format!("authorization must be at most {MAX_AUTHORIZATION} bytes");
            return Err(Problem::invalid("INVALID_HEADER", detail));
        }
        insert(&mut metadata, header::AUTHORIZATION, value);
    }
    // Without a collector the gateway has no span of its own to offer, but does not break the chain.
    if !propagation::inject(&Span::current(), &mut metadata) {
        propagation::pass_on(headers, &mut metadata);
    }
    propagation::pass_baggage_on(headers, &mut metadata);
    metadata.insert(REQUEST_ID, context.request_id.clone().into_header());
    if let Some(client) = context.client {
        insert(&mut metadata, FORWARDED_FOR, &client.to_string());
    }
    let mut request = Request::new(message);
    *request.metadata_mut() = MetadataMap::from_headers(metadata);
    if let Some(remaining) = deadline.remaining() {
        request.set_timeout(remaining);
    }
    Ok(request)
}

fn insert(metadata: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        metadata.insert(name, value);
    }
}

use artisan_transcode::Route;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{self, HeaderMap, HeaderName, HeaderValue, Method, Response, Version, header};
use bytes::Bytes;

use super::refusal;
use super::relay::{self, End};
use crate::call::{self, Label, Meaning, body, forward, observe, repeatable, settled};
use crate::deadline::Deadline;
use crate::edge::Context;
use crate::gateway::Gateway;
use crate::problem::Problem;
use crate::status;

/// What says how the messages are compressed belongs to the protocol.
const PROTOCOL: [HeaderName; 2] =
    [HeaderName::from_static("grpc-encoding"), HeaderName::from_static("grpc-accept-encoding")];
const MAX_PROTOCOL: usize = 128;

/// Passes a call on, if it is one to the contract.
pub(super) async fn handle(
    gateway: &Gateway,
    context: &Context,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Some(route) = gateway.rpc(parts.uri.path()).filter(|_| parts.method == Method::POST) else {
        return refusal::response(&Problem::no_such_method());
    };
    let label = Label { route: route.grpc_path, method: "POST", name: gateway.span_name(route) };
    let work = pass(gateway, context, route, &parts, body);
    observe(gateway, context, &parts, label, work, refusal::response).await
}

async fn pass(
    gateway: &Gateway,
    context: &Context,
    route: &'static Route,
    parts: &Parts,
    body: Body,
) -> Result<Response<Body>, Problem> {
    let config = gateway.config();
    let limit = (!route.server_streaming).then_some(config.request_timeout);
    let deadline = Deadline::of(&parts.headers, limit)?;
    // Every method takes one message, so that a client which does not send it can be given up.
    let reading = body::collect(&parts.headers, body, config.max_body);
    let message = tokio::time::timeout(config.request_timeout, reading);
    let message = message.await.map_err(|_| body::too_slow())??;
    let make = || upstream_request(message.clone(), parts, context, deadline);
    let call = repeatable(route, deadline, make)?;
    let answer = gateway.upstream().pass(call).await;
    let answer = settled(answer, deadline, false)?;
    let end = End { deadline, shutdown: gateway.shutdown().filter(|_| route.server_streaming) };
    Ok(with_meaning(relay::relay(answer, end)))
}

fn upstream_request(
    message: Bytes,
    parts: &Parts,
    context: &Context,
    deadline: Deadline,
) -> Result<http::Request<Bytes>, Problem> {
    let request = forward::request(message, &parts.headers, context, deadline)?;
    let (metadata, _, message) = request.into_parts();
    let mut headers = metadata.into_headers();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(header::TE, HeaderValue::from_static("trailers"));
    pass_protocol(&parts.headers, &mut headers)?;
    let mut request = http::Request::new(message);
    *request.method_mut() = Method::POST;
    *request.version_mut() = Version::HTTP_2;
    *request.headers_mut() = headers;
    Ok(request)
}

fn pass_protocol(from: &HeaderMap, to: &mut HeaderMap) -> Result<(), Problem> {
    for name in PROTOCOL {
        let Some(text) = call::text(from, &name)? else { continue };
        let value = HeaderValue::from_str(text).ok().filter(|_| text.len() <= MAX_PROTOCOL);
        let value = value.ok_or_else(|| {
            Problem::invalid(
                "INVALID_HEADER",
                format!("{name} must be at most {MAX_PROTOCOL} bytes"),
            )
        })?;
        to.insert(name, value);
    }
    Ok(())
}

/// An error that the service found before its first message stands in the headers.
fn with_meaning(mut answer: Response<Body>) -> Response<Body> {
    if let Some(status) = tonic::Status::from_header_map(answer.headers()) {
        answer.extensions_mut().insert(Meaning(status::http_status(status.code())));
    }
    answer
}

//! gRPC and gRPC-Web on the port that speaks JSON: passed on to the service as they are.
//!
//! Frames are not looked into, so what a message holds and how it is compressed is a matter between
//! client and service. What is limited for JSON is limited here: who may call how often, the size of a
//! request, its time, and which headers pass. Every answer has a `grpc-status`, whoever makes it.

mod call;
mod refusal;
mod relay;

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Version, header};
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt, service_fn};

use crate::edge::Context;
use crate::gateway::Gateway;
use crate::problem::Problem;

/// The two ways in which a client speaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Over HTTP/2, with trailers.
    Grpc,
    /// As browsers can, with trailers in the body, which may be text.
    Web,
}

impl Dialect {
    /// The one that a request is in, if it is in either.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let rest = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let rest = rest.strip_prefix("application/grpc")?;
        if rest.starts_with("-web") {
            return Some(Self::Web);
        }
        (rest.is_empty() || rest.starts_with(['+', ';'])).then_some(Self::Grpc)
    }
}

/// Answers a request in either dialect; one that the edge refused already is told why.
pub(crate) async fn answer(
    gateway: &Gateway,
    context: &Context,
    dialect: Dialect,
    refused: Option<Problem>,
    request: Request,
) -> Response<Body> {
    match dialect {
        Dialect::Grpc => {
            let refused = refused.or_else(|| needs_http_2(&request));
            respond(gateway, context, refused, request).await
        }
        Dialect::Web if !is_known(request.headers()) => refusal::response(&unknown()),
        Dialect::Web if request.method() != Method::POST => {
            let allow = HeaderValue::from_static("POST");
            refusal::response(&Problem::method_not_allowed(allow))
        }
        Dialect::Web => {
            let service = service_fn(|request: http::Request<tonic::body::Body>| async {
                let refused = refused.clone();
                let request = request.map(Body::new);
                let answer = respond(gateway, context, refused, request).await;
                Ok::<_, Infallible>(answer)
            });
            let answered = GrpcWebLayer::new().layer(service).oneshot(request).await;
            let Ok(answer) = answered;
            answer.map(Body::new)
        }
    }
}

/// The forms of gRPC-Web that there are.
fn is_known(headers: &HeaderMap) -> bool {
    const KNOWN: [&str; 4] = ["", "+proto", "-text", "-text+proto"];
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form = value.and_then(|text| text.strip_prefix("application/grpc-web"));
    form.is_some_and(|form| KNOWN.contains(&form))
}

fn unknown() -> Problem {
    let detail = "send application/grpc-web, or application/grpc-web-text";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Problem::new(status, "UNIMPLEMENTED", "UNSUPPORTED_MEDIA_TYPE", detail)
}

fn needs_http_2(request: &Request) -> Option<Problem> {
    let detail = "gRPC needs HTTP/2; application/grpc-web goes over HTTP/1.1 too";
    let status = StatusCode::HTTP_VERSION_NOT_SUPPORTED;
    (request.version() < Version::HTTP_2)
        .then(|| Problem::new(status, "UNIMPLEMENTED", "HTTP_2_NEEDED", detail))
}

async fn respond(
    gateway: &Gateway,
    context: &Context,
    refused: Option<Problem>,
    request: Request,
) -> Response<Body> {
    match refused {
        Some(problem) => refusal::response(&problem),
        None => call::handle(gateway, context, request).await,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::Dialect;

    #[test]
    fn dialects_are_told_by_the_content_type() {
        let dialect = |text| {
            let value = (header::CONTENT_TYPE, HeaderValue::from_static(text));
            Dialect::of(&HeaderMap::from_iter([value]))
        };
        for text in ["application/grpc", "application/grpc+proto", "application/grpc;x=y"] {
            assert_eq!(dialect(text), Some(Dialect::Grpc), "{text}");
        }
        for text in ["application/grpc-web", "application/grpc-web-text+proto"] {
            assert_eq!(dialect(text), Some(Dialect::Web), "{text}");
        }
        for text in ["application/json", "application/grpcish", ""] {
            assert_eq!(dialect(text), None, "{text}");
        }
    }
}

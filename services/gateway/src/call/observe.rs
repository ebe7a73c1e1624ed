//! What is written down about a call.

use artisan_runtime::telemetry::{self, propagation};
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use tracing::{Instrument, Span, field};

use crate::edge::Context;
use crate::gateway::Gateway;
use crate::problem::Problem;

/// What a call is counted under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label<'a> {
    /// One of few: the template of the path, or the path of a gRPC method.
    pub(crate) route: &'static str,
    /// The HTTP method.
    pub(crate) method: &'static str,
    /// The name of the span.
    pub(crate) name: &'a str,
}

/// What an answer means, where its own status says nothing: that of gRPC is always 200.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning(pub(crate) StatusCode);

/// Does the work in a span of its own, and measures it. A problem becomes the answer that `refuse` makes.
pub(crate) async fn observe(
    gateway: &Gateway,
    context: &Context,
    parts: &Parts,
    label: Label<'_>,
    work: impl Future<Output = Result<Response<Body>, Problem>>,
    refuse: impl FnOnce(&Problem) -> Response<Body>,
) -> Response<Body> {
    context.served_by(label.route);
    let measured = gateway.metrics().begin(label.route, label.method);
    let span = span(context, parts, label);
    let result = work.instrument(span.clone()).await;
    let response = result.unwrap_or_else(|problem| {
        span.in_scope(|| report(&problem));
        refuse(&problem)
    });
    let meaning = response.extensions().get::<Meaning>();
    let status = meaning.map_or(response.status(), |meaning| meaning.0);
    telemetry::span::set(&span, "http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        telemetry::span::set_failed(&span);
    }
    measured.answered(status);
    response
}

fn span(context: &Context, parts: &Parts, label: Label<'_>) -> Span {
    let span = tracing::info_span!(
        "http.call",
        otel.name = label.name,
        otel.kind = "server",
        http.request.method = parts.method.as_str(),
        http.route = label.route,
        request.id = context.request_id.as_str(),
        client.address = context.client.map(field::display),
    );
    propagation::continue_from(&span, &parts.headers);
    span
}

/// Tells the log what the client is not told.
fn report(problem: &Problem) {
    let cause = problem.cause.as_deref().unwrap_or_default();
    if problem.status.is_server_error() {
        tracing::warn!(reason = %problem.reason, cause, "call failed");
    } else {
        tracing::debug!(reason = %problem.reason, cause, "call refused");
    }
}

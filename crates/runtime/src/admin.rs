//! The endpoints for those who run the program: probes and metrics.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::readiness::Readiness;
use crate::telemetry::Telemetry;

/// `/livez`, `/readyz` and `/metrics`, for a port that is not open to the public.
pub fn router(readiness: Readiness, telemetry: Telemetry) -> Router {
    let metrics = get(move || async move {
        ([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], telemetry.metrics_text())
    });
    probes(readiness).route("/metrics", metrics)
}

/// `/livez` and `/readyz` alone, for a port that is.
///
/// `/livez` says that the process answers, whatever it depends on does. `/readyz` lists the conditions
/// that do not hold, one per line, with status 503.
pub fn probes(readiness: Readiness) -> Router {
    Router::new()
        .route("/livez", get(|| async { plain(StatusCode::OK, "ok\n".to_owned()) }))
        .route("/readyz", get(move || async move { ready(&readiness) }))
}

fn ready(readiness: &Readiness) -> Response {
    let reasons = readiness.reasons();
    if reasons.is_empty() {
        return plain(StatusCode::OK, "ok\n".to_owned());
    }
    let text = format!("not ready: {}\n", reasons.join("\nnot ready: "));
    plain(StatusCode::SERVICE_UNAVAILABLE, text)
}

fn plain(status: StatusCode, text: String) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

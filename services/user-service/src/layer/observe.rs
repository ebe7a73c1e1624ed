use std::time::Instant;

use artisan_runtime::telemetry::{self, propagation};
use http::HeaderMap;
use opentelemetry::metrics::Histogram;
use opentelemetry::{KeyValue, global};
use tonic::Code;
use tracing::Span;

use super::request_id::RequestId;
use crate::access::Method;

/// Rate, errors and duration of calls, as the semantic conventions of OpenTelemetry name them.
#[derive(Debug)]
pub(crate) struct CallMetrics {
    duration: Histogram<f64>,
}

impl CallMetrics {
    pub(super) fn new() -> Self {
        let meter = global::meter("artisan_user_service");
        let boundaries =
            vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        Self {
            duration: meter
                .f64_histogram("rpc.server.call.duration")
                .with_unit("s")
                .with_description("How long calls take.")
                .with_boundaries(boundaries)
                .build(),
        }
    }
}

/// A call under way: its span, and the beginning of its duration.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    span: Span,
    method: &'a str,
    started: Instant,
    metrics: &'a CallMetrics,
    /// A call that is dropped before it has a code was cancelled by its caller.
    code: Code,
}

impl<'a> Observed<'a> {
    pub(super) fn begin(
        path: &'a str,
        method: Method,
        id: &RequestId,
        headers: &HeaderMap,
        metrics: &'a CallMetrics,
    ) -> Self {
        let path = path.trim_start_matches('/');
        // Names of spans are static in tracing; `otel.name` is what exporters show.
        let span = tracing::info_span!(
            "rpc",
            otel.name = method.rule.span,
            otel.kind = "server",
            rpc.system.name = "grpc",
            rpc.method = path,
            request.id = id.as_str(),
        );
        propagation::continue_from(&span, headers);
        Self { span, method: path, started: Instant::now(), metrics, code: Code::Cancelled }
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// Takes the code from the answer.
    pub(super) fn end(mut self, headers: &HeaderMap) {
        let code = headers.get("grpc-status");
        self.code = code.map_or(Code::Ok, |code| Code::from_bytes(code.as_bytes()));
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        let code = name_of(self.code);
        let took = self.started.elapsed().as_secs_f64();
        let attributes = [
            KeyValue::new("rpc.method", self.method.to_owned()),
            KeyValue::new("rpc.response.status_code", code),
        ];
        self.metrics.duration.record(took, &attributes);
        telemetry::span::set(&self.span, "rpc.response.status_code", code);
        self.span.in_scope(|| log(self.code, code, took * 1e3));
    }
}

/// Answers are counted and traced; the log has those that somebody may want to look into.
fn log(code: Code, name: &str, took: f64) {
    match code {
        Code::Ok => tracing::debug!(rpc.status = name, rpc.duration_ms = took, "call finished"),
        Code::Internal | Code::Unknown | Code::DataLoss | Code::Unavailable => {
            tracing::warn!(rpc.status = name, rpc.duration_ms = took, "call failed");
        }
        _ => tracing::info!(rpc.status = name, rpc.duration_ms = took, "call refused"),
    }
}

/// The code's name as the protocol writes it.
fn name_of(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

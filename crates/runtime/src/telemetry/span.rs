//! What becomes known of a span while it runs.
//!
//! A field that is recorded later has the log read and write all the span's fields anew, for lines that
//! mostly never come. What is said here reaches the exporter of traces alone, and costs nothing without one.

use opentelemetry::Value;
use opentelemetry::trace::Status;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Sets an attribute.
pub fn set(span: &Span, key: &'static str, value: impl Into<Value>) {
    span.set_attribute(key, value);
}

/// Marks the span as one that failed.
pub fn set_failed(span: &Span) {
    span.set_status(Status::error(""));
}

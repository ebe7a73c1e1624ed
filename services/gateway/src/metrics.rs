//! Rate, errors and duration of each route.

use std::time::Instant;

use axum::http::StatusCode;
use opentelemetry::metrics::{Histogram, UpDownCounter};
use opentelemetry::{KeyValue, global};

/// The boundaries that OpenTelemetry's conventions recommend for HTTP, in seconds.
const BOUNDARIES: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The instruments of the gateway, named by OpenTelemetry's conventions for HTTP servers.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let meter = global::meter("artisan.gateway");
        let duration = meter
            .f64_histogram("http.server.request.duration")
            .with_unit("s")
            .with_description("Duration of HTTP requests")
            .with_boundaries(BOUNDARIES.to_vec())
            .build();
        let active = meter
            .i64_up_down_counter("http.server.active_requests")
            .with_description("HTTP requests in flight")
            .build();
        Self { duration, active }
    }

    /// Counts a request as in flight until the guard is dropped, and notes its duration then, however
    /// the request ends.
    pub(crate) fn begin(&self, route: &'static str, method: &'static str) -> Measured<'_> {
        self.active.add(1, &[]);
        Measured { metrics: self, route, method, begin: Instant::now(), status: ABANDONED }
    }
}

/// What a call that is dropped before it has an answer is noted as: its client went away.
const ABANDONED: u16 = 499;

/// A request under way.
pub(crate) struct Measured<'a> {
    metrics: &'a Metrics,
    route: &'static str,
    method: &'static str,
    begin: Instant,
    status: u16,
}

impl Measured<'_> {
    /// Notes a request that was answered.
    pub(crate) fn answered(mut self, status: StatusCode) {
        self.status = status.as_u16();
    }
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        self.metrics.active.add(-1, &[]);
        let duration = self.begin.elapsed().as_secs_f64();
        let attributes = [
            KeyValue::new("http.route", self.route),
            KeyValue::new("http.request.method", self.method),
            KeyValue::new("http.response.status_code", i64::from(self.status)),
        ];
        if self.status < 500 {
            self.metrics.duration.record(duration, &attributes);
            return;
        }
        // The conventions ask for it where the server is at fault.
        let [route, method, status] = attributes;
        let error = KeyValue::new("error.type", self.status.to_string());
        self.metrics.duration.record(duration, &[route, method, status, error]);
    }
}

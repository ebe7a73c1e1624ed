//! Rate, errors and duration of each route.

use std::time::Duration;

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

    /// Counts a request as in flight until the guard is dropped, however the request ends.
    pub(crate) fn in_flight(&self) -> InFlight<'_> {
        self.active.add(1, &[]);
        InFlight(&self.active)
    }

    /// Notes a finished request.
    pub(crate) fn finished(
        &self,
        route: &'static str,
        method: &'static str,
        status: StatusCode,
        duration: Duration,
    ) {
        let attributes = [
            KeyValue::new("http.route", route),
            KeyValue::new("http.request.method", method),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ];
        self.duration.record(duration.as_secs_f64(), &attributes);
    }
}

pub(crate) struct InFlight<'a>(&'a UpDownCounter<i64>);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.add(-1, &[]);
    }
}

//! Exporters whose failures are told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// An exporter that says in the log when it begins to fail, and when it works again.
#[derive(Debug)]
pub(super) struct Reported<E> {
    exporter: E,
    what: &'static str,
    /// Where, without secrets.
    collector: String,
    is_failing: AtomicBool,
}

impl<E> Reported<E> {
    pub(super) fn new(exporter: E, what: &'static str, endpoint: &str) -> Self {
        Self { exporter, what, collector: without_secrets(endpoint), is_failing: false.into() }
    }

    fn report(&self, result: OTelSdkResult) -> OTelSdkResult {
        let (what, collector) = (self.what, &self.collector);
        match &result {
            Ok(()) if self.is_failing.swap(false, Ordering::Relaxed) => {
                tracing::info!(collector, "{what} reach the collector again");
            }
            Err(error) if !self.is_failing.swap(true, Ordering::Relaxed) => {
                tracing::warn!(collector, error.message = %error, "{what} do not reach the collector, and are lost until they do");
            }
            Ok(()) | Err(_) => {}
        }
        result
    }
}

/// A URL may hold a password, and so may its query.
fn without_secrets(endpoint: &str) -> String {
    let uri = endpoint.parse::<http::Uri>().unwrap_or_default();
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", uri.scheme_str().unwrap_or("http"), uri.host().unwrap_or_default())
}

impl<E: SpanExporter> SpanExporter for Reported<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.report(self.exporter.export(batch).await)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

impl<E: PushMetricExporter> PushMetricExporter for Reported<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        self.report(self.exporter.export(metrics).await)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.exporter.temporality()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use opentelemetry_sdk::error::OTelSdkError;

    use super::{Reported, without_secrets};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_first_failure_and_the_first_success_after_it_are_told() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            let reported = Reported::new((), "traces", "http://me:hunter2@otel:4317");
            let failed = || Err(OTelSdkError::InternalFailure("connection refused".to_owned()));
            for result in [Ok(()), failed(), failed(), Ok(()), Ok(()), failed()] {
                let _ = reported.report(result);
            }
        });
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.matches("WARN").count(), 2, "{text}");
        assert_eq!(text.matches("INFO").count(), 1, "{text}");
        assert!(text.contains("http://otel:4317") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn no_secret_of_an_endpoint_is_told() {
        let told = without_secrets("https://me:hunter2@otel.example:4317/v1?key=hunter2");
        assert_eq!(told, "https://otel.example:4317");
        assert_eq!(without_secrets("http://[::1]:4317"), "http://[::1]:4317");
    }
}

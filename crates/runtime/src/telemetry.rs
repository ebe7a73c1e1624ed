//! Logs, traces and metrics.
//!
//! Logs go to standard error: text on a terminal, JSON lines otherwise (`LOG_FORMAT` decides when
//! set, `RUST_LOG` filters). A command-line tool writes text for people instead, see [`init_tool`].
//! Traces and metrics go to an OpenTelemetry collector when
//! `OTEL_EXPORTER_OTLP_ENDPOINT` is set; metrics can be scraped in any case, see [`crate::admin`].
//! The other standard `OTEL_*` variables act as the OpenTelemetry SDK defines them.
//!
//! Programs write metrics with [`opentelemetry::global::meter`], **after** [`init`]: instruments made
//! earlier measure nothing.

mod batches;
mod logs;
mod otel;
mod plain;
pub mod propagation;
mod reported;
pub mod span;

use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::global;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use prometheus::{Registry, TextEncoder};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use self::batches::Batches;
use crate::env::{ConfigError, Env};

pub use logs::LogFormat;

/// How long the end of a program waits for a collector.
const FLUSH: Duration = Duration::from_secs(2);

/// The running telemetry of a program; cheap to clone.
#[derive(Debug, Clone)]
pub struct Telemetry {
    providers: Arc<Providers>,
}

#[derive(Debug)]
struct Providers {
    registry: Registry,
    meters: SdkMeterProvider,
    tracer: Option<SdkTracerProvider>,
    batches: Option<Batches>,
}

/// Starts telemetry for the whole process.
///
/// `service` is the name under which it appears, unless `OTEL_SERVICE_NAME` says otherwise. Call
/// it once, at the start of `main`, inside a tokio runtime. The error names every bad variable. In a process that has a subscriber for
/// `tracing` already (as tests may) that one is kept.
pub fn init(service: &'static str, env: &Env) -> Result<Telemetry, ConfigError> {
    // Whoever looks at a terminal sees each line when it is said.
    let tell = |lines| tracing::warn!(lines, "nobody read the log: lines are lost");
    let batches = (!stderr().is_terminal()).then(|| Batches::start(stderr(), tell));
    let batches = batches.and_then(Result::ok);
    start(service, env, LogFormat::of_service(env), batches)
}

/// The same for a command-line tool, whose standard error is read by people, on a terminal or in the
/// log of a pipeline: lines like `warning: no lock holds, server=7`, without a time, unless
/// `LOG_FORMAT` is `json`. Without `RUST_LOG` only warnings and errors are written; traces have all.
pub fn init_tool(service: &'static str, env: &Env) -> Result<Telemetry, ConfigError> {
    start(service, env, LogFormat::of_tool(env), None)
}

fn start(
    service: &'static str,
    env: &Env,
    format: Result<LogFormat, ConfigError>,
    batches: Option<Batches>,
) -> Result<Telemetry, ConfigError> {
    let writer = batches.clone().map_or_else(|| BoxMakeWriter::new(stderr), BoxMakeWriter::new);
    let logs = format.and_then(|format| logs::layer(env, format, writer));
    let logging = ConfigError::both(logs, logs::filter(env));
    let settings = otel::Settings::read(service, env);
    let ((logs, filter), settings) = ConfigError::both(logging, settings)?;
    let telemetry = Telemetry::build(&settings, batches)?;
    let spans = telemetry.providers.tracer.as_ref().map(|provider| {
        tracing_opentelemetry::layer().with_tracer(provider.tracer("artisan")).with_location(false)
    });
    // Traces follow RUST_LOG like logs do: what is not logged costs nothing.
    let subscriber = tracing_subscriber::registry().with(filter).with(spans).with(logs);
    if subscriber.try_init().is_err() {
        tracing::debug!("a subscriber is installed already");
    }
    global::set_text_map_propagator(TraceContextPropagator::new());
    global::set_meter_provider(telemetry.providers.meters.clone());
    Ok(telemetry)
}

impl Telemetry {
    /// Telemetry that belongs to nobody: nothing global is touched, nothing is exported.
    ///
    /// For tests that need a value; its [`metrics_text`](Self::metrics_text) knows only what was
    /// written to [`Self::meter_provider`].
    pub fn detached(service: &'static str) -> Result<Self, ConfigError> {
        Self::build(&otel::Settings::silent(service), None)
    }

    fn build(settings: &otel::Settings, batches: Option<Batches>) -> Result<Self, ConfigError> {
        let registry = Registry::new();
        let meters = settings.meters(&registry)?;
        let tracer = settings.tracer()?;
        Ok(Self { providers: Arc::new(Providers { registry, meters, tracer, batches }) })
    }

    /// The provider behind the process's meters.
    #[must_use]
    pub fn meter_provider(&self) -> &SdkMeterProvider {
        &self.providers.meters
    }

    /// All metrics in the text format of Prometheus.
    #[must_use]
    pub fn metrics_text(&self) -> String {
        let families = self.providers.registry.gather();
        TextEncoder::new().encode_to_string(&families).unwrap_or_else(|error| {
            tracing::error!(error.message = %error, "cannot write the metrics");
            String::new()
        })
    }

    /// Sends what is still waiting to the collector, if there is one, and stops.
    ///
    /// Returns when that is done, or after two seconds.
    pub async fn shutdown(&self) {
        let (traces, metrics) = (self.providers.clone(), self.providers.clone());
        let traces = flush("traces", move || {
            traces.tracer.as_ref().map_or(Ok(()), SdkTracerProvider::shutdown)
        });
        let metrics = flush("metrics", move || metrics.meters.shutdown());
        let flushed = async { tokio::join!(traces, metrics) };
        if tokio::time::timeout(FLUSH, flushed).await.is_err() {
            tracing::warn!("the collector does not answer: the last traces and metrics are lost");
        }
        self.providers.finish_log();
    }
}

impl Providers {
    /// From now on every line of the log is written at once.
    fn finish_log(&self) {
        if let Some(batches) = &self.batches {
            batches.finish();
        }
    }
}

impl Drop for Providers {
    /// A program that fails ends without a shutdown.
    fn drop(&mut self) {
        self.finish_log();
    }
}

/// Runs it in a thread of its own: it blocks its caller, for longer than it is waited for, and the runtime
/// would not end before a thread that is one of its own.
async fn flush(what: &'static str, shutdown: impl FnOnce() -> OTelSdkResult + Send + 'static) {
    let (done, is_done) = tokio::sync::oneshot::channel();
    let flushing = move || {
        if let Err(error) = shutdown() {
            tracing::debug!(error.message = %error, "cannot flush the {what}");
        }
        let _ = done.send(());
    };
    match std::thread::Builder::new().name("flush".to_owned()).spawn(flushing) {
        Ok(_) => drop(is_done.await),
        Err(error) => tracing::warn!(%error, "the last {what} are lost: no thread for them"),
    }
}

//! The OpenTelemetry providers.

use opentelemetry::KeyValue;
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use prometheus::Registry;

use super::reported::Reported;
use crate::build_info;
use crate::env::{Checker, ConfigError, Env};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const METRICS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
/// What the SDK has.
const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];
const NUMBERS: [&str; 12] = [
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_MAX_CONCURRENT_EXPORTS",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
];

/// Where telemetry goes.
///
/// Only what must be known here is read here. The SDK and the exporter read the rest of `OTEL_*`
/// (batch sizes, intervals, headers, timeouts, resource attributes) from the process.
pub(super) struct Settings {
    service: String,
    traces: Option<Traces>,
    metrics: Option<String>,
}

struct Traces {
    endpoint: String,
    sampler: Sampler,
}

impl Settings {
    pub(super) fn read(service: &'static str, env: &Env) -> Result<Self, ConfigError> {
        let service = env.get("OTEL_SERVICE_NAME")?.unwrap_or_else(|| service.to_owned());
        let disabled = env.get("OTEL_SDK_DISABLED")?;
        if disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(Self { service, traces: None, metrics: None });
        }
        let everything = env.get(ENDPOINT)?;
        let traces = env.get(TRACES_ENDPOINT)?.or_else(|| everything.clone());
        let metrics = env.get(METRICS_ENDPOINT)?.or(everything);
        let traces = traces.filter(|_| !is_none(env, "OTEL_TRACES_EXPORTER"));
        let metrics = metrics.filter(|_| !is_none(env, "OTEL_METRICS_EXPORTER"));
        if traces.is_none() && metrics.is_none() {
            return Ok(Self { service, traces: None, metrics });
        }
        let mut check = Checker::new();
        check_values(env, &mut check)?;
        let traces = match traces {
            Some(endpoint) => Some(Traces { endpoint, sampler: read_sampler(env, &mut check)? }),
            None => None,
        };
        check.finish()?;
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(ConfigError::new(
                ENDPOINT,
                "telemetry was started outside a tokio runtime",
            ));
        }
        Ok(Self { service, traces, metrics })
    }

    pub(super) fn silent(service: &'static str) -> Self {
        Self { service: service.to_owned(), traces: None, metrics: None }
    }

    fn resource(&self) -> Resource {
        // The builder reads OTEL_RESOURCE_ATTRIBUTES itself.
        Resource::builder()
            .with_service_name(self.service.clone())
            .with_attribute(KeyValue::new("service.version", build_info::VERSION))
            .build()
    }

    pub(super) fn tracer(&self) -> Result<Option<SdkTracerProvider>, ConfigError> {
        let Some(Traces { endpoint, sampler }) = &self.traces else { return Ok(None) };
        let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build();
        let exporter = exporter.map_err(|error| unusable(&error))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Reported::new(exporter, "traces", endpoint))
            .with_sampler(sampler.clone())
            .with_resource(self.resource())
            .build();
        Ok(Some(provider))
    }

    pub(super) fn meters(&self, registry: &Registry) -> Result<SdkMeterProvider, ConfigError> {
        let prometheus = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()
            .map_err(|error| ConfigError::new("metrics", error.to_string()))?;
        let mut builder =
            SdkMeterProvider::builder().with_reader(prometheus).with_resource(self.resource());
        if let Some(endpoint) = &self.metrics {
            let exporter = MetricExporter::builder().with_tonic().with_endpoint(endpoint).build();
            let exporter = exporter.map_err(|error| unusable(&error))?;
            let exporter = Reported::new(exporter, "metrics", endpoint);
            builder = builder.with_reader(PeriodicReader::builder(exporter).build());
        }
        Ok(builder.build())
    }
}

/// The SDK takes what it does not understand for its own default, in silence.
fn check_values(env: &Env, check: &mut Checker) -> Result<(), ConfigError> {
    if env.get("OTEL_EXPORTER_OTLP_PROTOCOL")?.is_some_and(|protocol| protocol != "grpc") {
        let message = "only grpc is supported; point it at the collector's gRPC port, mostly 4317";
        check.problem("OTEL_EXPORTER_OTLP_PROTOCOL", message);
    }
    for name in NUMBERS {
        let is_number = |text: String| text.parse::<u64>().is_ok() && !env.is_padded(name);
        if !env.get(name)?.is_none_or(is_number) {
            check.problem(name, "is not a whole number alone; times are in milliseconds");
        }
    }
    Ok(())
}

/// The SDK would read the process's own variables, with the spaces around them, and sample
/// everything where it does not understand them.
fn read_sampler(env: &Env, check: &mut Checker) -> Result<Sampler, ConfigError> {
    let name = env.get("OTEL_TRACES_SAMPLER")?;
    let name = name.as_deref().unwrap_or("parentbased_always_on");
    let root = name.strip_prefix("parentbased_");
    let sampler = match root.unwrap_or(name) {
        "always_on" => Sampler::AlwaysOn,
        "always_off" => Sampler::AlwaysOff,
        "traceidratio" => Sampler::TraceIdRatioBased(read_share(env, check)?),
        _ => {
            check.problem("OTEL_TRACES_SAMPLER", format!("is none of {}", SAMPLERS.join(", ")));
            Sampler::AlwaysOff
        }
    };
    Ok(if root.is_some() { Sampler::ParentBased(Box::new(sampler)) } else { sampler })
}

fn read_share(env: &Env, check: &mut Checker) -> Result<f64, ConfigError> {
    const NAME: &str = "OTEL_TRACES_SAMPLER_ARG";
    let Some(text) = env.get(NAME)? else { return Ok(1.0) };
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() {
        check.problem(NAME, "is no share from 0 to 1; write it as 0.1");
    }
    Ok(share.unwrap_or(0.0))
}

fn is_none(env: &Env, variable: &str) -> bool {
    matches!(env.get(variable), Ok(Some(value)) if value == "none")
}

/// The exporter's message holds the address, and that may hold a password.
fn unusable(_: &ExporterBuildError) -> ConfigError {
    ConfigError::new(
        ENDPOINT,
        "is not an address of a collector; write it as http://localhost:4317",
    )
}

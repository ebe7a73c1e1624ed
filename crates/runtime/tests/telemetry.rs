//! Traces and metrics arrive at a real OTLP collector over gRPC.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use artisan_runtime::env::Env;
use artisan_runtime::telemetry::{self, propagation};
use http::HeaderMap;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
struct Collector {
    traces: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
    metrics: Arc<Mutex<Vec<ExportMetricsServiceRequest>>>,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.traces.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.metrics.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

impl Collector {
    async fn start(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let incoming = tonic::transport::server::TcpIncoming::from(listener);
        let server = tonic::transport::Server::builder()
            .add_service(TraceServiceServer::new(self.clone()))
            .add_service(MetricsServiceServer::new(self.clone()))
            .serve_with_incoming(incoming);
        tokio::spawn(server);
        address
    }

    fn spans(&self) -> Vec<Span> {
        let traces = self.traces.lock().unwrap();
        let scopes = traces.iter().flat_map(|t| &t.resource_spans).flat_map(|r| &r.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

// One test: telemetry is started once per process.
#[tokio::test(flavor = "multi_thread")]
async fn one_trace_crosses_processes_and_everything_is_flushed_at_the_end() {
    let collector = Collector::default();
    let address = collector.start().await;
    let env = Env::from_pairs([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}").as_str()),
        ("OTEL_SERVICE_NAME", "renamed"),
        // As `echo 0 >FILE` writes it.
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0\n"),
    ]);
    let telemetry = telemetry::init("program", &env).unwrap();

    let mut incoming = HeaderMap::new();
    let parent = format!("00-{TRACE}-b7ad6b7169203331-01");
    incoming.insert("traceparent", parent.parse().unwrap());
    let mut outgoing = HeaderMap::new();
    {
        let span = tracing::info_span!("http.users.create");
        propagation::continue_from(&span, &incoming);
        assert_eq!(propagation::trace_id(&span).as_deref(), Some(TRACE));
        assert!(propagation::inject(&span, &mut outgoing));
    }
    drop(tracing::info_span!("http.users.list").entered());
    opentelemetry::global::meter("test").u64_counter("calls").build().add(7, &[]);
    assert!(telemetry.metrics_text().contains("calls_total 7"));
    telemetry.shutdown().await;

    let spans = collector.spans();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].name, "http.users.create");
    assert_eq!(hex(&spans[0].trace_id), TRACE);
    assert_eq!(hex(&spans[0].parent_span_id), "b7ad6b7169203331");
    let sent = outgoing["traceparent"].to_str().unwrap();
    assert_eq!(sent, format!("00-{TRACE}-{}-01", hex(&spans[0].span_id)));

    let resource = format!("{:?}", collector.traces.lock().unwrap()[0].resource_spans[0].resource);
    assert!(resource.contains("renamed"), "{resource}");
    let metrics = format!("{:?}", collector.metrics.lock().unwrap());
    assert!(metrics.contains("calls"), "{metrics}");
}

#[tokio::test]
async fn bad_settings_are_named() {
    for (variable, value) in [
        ("LOG_FORMAT", "xml"),
        ("RUST_LOG", "a=b=c"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://bad host"),
    ] {
        let error = telemetry::init("program", &Env::from_pairs([(variable, value)])).unwrap_err();
        assert_eq!(error.problems()[0].variable, variable);
        assert!(!error.to_string().contains(value), "{error}");
    }
    let env = Env::from_pairs([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
    ]);
    let error = telemetry::init("program", &env).unwrap_err();
    assert_eq!(error.problems()[0].variable, "OTEL_EXPORTER_OTLP_PROTOCOL");

    for (sampler, share) in [("traceidratio", "10%"), ("parentbased_traceidratio", "1.5")] {
        let bad = env.clone().with("OTEL_TRACES_SAMPLER", sampler);
        let bad = bad.with("OTEL_TRACES_SAMPLER_ARG", share).with("OTEL_BSP_MAX_QUEUE_SIZE", "2k");
        let error = telemetry::init("program", &bad).unwrap_err();
        let named: Vec<_> = error.problems().iter().map(|p| p.variable.as_str()).collect();
        let all =
            ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_TRACES_SAMPLER_ARG"];
        assert_eq!(named, all);
    }
    let bad = env.clone().with("OTEL_BSP_MAX_QUEUE_SIZE", "2048\n");
    let error = telemetry::init("program", &bad).unwrap_err();
    assert_eq!(error.problems()[1].variable, "OTEL_BSP_MAX_QUEUE_SIZE");
    let bad = env.clone().with("OTEL_TRACES_SAMPLER", "traceidratoi");
    let silent = bad.clone().with("OTEL_TRACES_EXPORTER", "none");
    let error = telemetry::init("program", &silent).unwrap_err();
    assert_eq!(error.problems().len(), 1, "nobody samples: {error}");
    let error = telemetry::init("program", &bad).unwrap_err();
    assert_eq!(error.problems()[1].variable, "OTEL_TRACES_SAMPLER");
    assert!(error.to_string().contains("parentbased_traceidratio"), "{error}");

    let env = env.with("LOG_FORMAT", "xml").with("RUST_LOG", "a=b=c");
    let error = telemetry::init("program", &env).unwrap_err();
    let named: Vec<_> = error.problems().iter().map(|p| p.variable.as_str()).collect();
    assert_eq!(named, ["LOG_FORMAT", "RUST_LOG", "OTEL_EXPORTER_OTLP_PROTOCOL"]);
}

#[test]
fn a_trace_longer_than_anybody_must_carry_is_not_passed_on() {
    let mut incoming = HeaderMap::new();
    incoming.insert("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01").parse().unwrap());
    incoming.insert("tracestate", format!("a={}", "x".repeat(600)).parse().unwrap());
    let mut outgoing = HeaderMap::new();
    propagation::pass_on(&incoming, &mut outgoing);
    assert_eq!(outgoing.get("traceparent"), incoming.get("traceparent"));
    assert!(!outgoing.contains_key("tracestate"));
}

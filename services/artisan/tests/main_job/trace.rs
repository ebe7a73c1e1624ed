//! One trace from HTTP to gRPC to SQL, as a collector receives it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::client::Caller;
use crate::examples;
use crate::platform::Platform;

const TRACE: [u8; 16] = [
    0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c,
];
const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[derive(Clone, Debug, Default)]
struct Collector(Arc<Mutex<Vec<Span>>>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let resources = request.into_inner().resource_spans;
        let scopes = resources.into_iter().flat_map(|resource| resource.scope_spans);
        let spans = scopes.flat_map(|scope| scope.spans);
        self.0.lock().expect("no panic").extend(spans);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Collector {
    /// Starts one, and gives its URL.
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Server::builder().add_service(TraceServiceServer::new(self.clone()));
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        format!("http://{address}")
    }

    /// The spans of the request's trace, outermost first, each the parent of the next.
    fn chain(&self) -> Vec<String> {
        let spans = self.0.lock().expect("no panic");
        let ours: Vec<&Span> = spans.iter().filter(|span| span.trace_id == TRACE).collect();
        let mut parent = vec![0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31];
        let mut names = Vec::new();
        while let Some(span) = ours.iter().find(|span| span.parent_span_id == parent) {
            names.push(span.name.clone());
            parent.clone_from(&span.span_id);
        }
        names
    }
}

async fn register(folder: &Path, collector: &Collector) {
    let endpoint = collector.start().await;
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str())];
    let platform = Platform::start(folder, &variables).await;
    let headers = [("content-type", "application/json"), ("traceparent", TRACEPARENT)];
    let user = examples::buyer("traced@example.com").to_string();
    let created =
        Caller::anonymous(&platform.http).send("POST", "/v1/users", &headers, &user).await;
    assert_eq!(created.status, 201, "{}", created.text);
    // Spans are flushed at the end.
    assert!(platform.stop().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_goes_from_http_to_grpc_to_sql() {
    let folder = tempfile::tempdir().expect("a folder");
    let collector = Collector::default();
    register(folder.path(), &collector).await;
    assert_eq!(collector.chain(), ["http.users.create", "rpc.users.create", "db.users.create"]);
    let spans = collector.0.lock().expect("no panic");
    assert!(spans.iter().any(|span| span.name == "migrate.upgrade"), "migrate is traced as well");
    let text = format!("{spans:?}");
    assert!(!text.contains("traced@example.com") && !text.contains(examples::PASSWORD));
}

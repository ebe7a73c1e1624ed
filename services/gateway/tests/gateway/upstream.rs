//! A gRPC server that knows no contract: it hands every call to the test, which answers it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, Request as HttpRequest};
use axum::response::Response as HttpResponse;
use bytes::{Buf, BufMut, Bytes};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt};
use prost::Message;
use tokio::net::TcpListener;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, ServerStreamingService};
use tonic::service::Routes;
use tonic::transport::server::TcpConnectInfo;
use tonic::{Request, Response, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckResponse;

/// One call as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The connection's other end; nothing in the process.
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) path: String,
    pub(crate) metadata: HeaderMap,
    pub(crate) message: Bytes,
}

impl Call {
    pub(crate) fn decode<M: Message + Default>(&self) -> M {
        M::decode(self.message.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) type Answers = BoxStream<'static, Result<Bytes, Status>>;
type Handler = dyn Fn(Call) -> BoxFuture<'static, Result<Answers, Status>> + Send + Sync;

/// What the server does, and what it has seen.
///
/// It says itself that it serves, and that is not among its calls, unless the test answers that too.
#[derive(Clone)]
pub(crate) struct Upstream {
    handler: Arc<Handler>,
    calls: Arc<Mutex<Vec<Call>>>,
    answers_health: bool,
    streams: Option<u32>,
    start: Option<&'static str>,
}

impl Upstream {
    pub(crate) fn new<F, R>(handler: F) -> Self
    where
        F: Fn(Call) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Answers, Status>> + Send + 'static,
    {
        let handler = Arc::new(move |call| handler(call).boxed());
        Self { handler, calls: Arc::default(), answers_health: true, streams: None, start: None }
    }

    /// Leaves calls that ask for its health to the handler.
    pub(crate) fn with_own_health(self) -> Self {
        Self { answers_health: false, ..self }
    }

    /// Takes so many calls at once on a connection.
    pub(crate) fn with_streams(self, streams: u32) -> Self {
        Self { streams: Some(streams), ..self }
    }

    /// Says before its first message where its streams begin.
    pub(crate) fn with_start(self, token: &'static str) -> Self {
        Self { start: Some(token), ..self }
    }

    /// Answers every call with the same message.
    pub(crate) fn saying<M: Message>(message: &M) -> Self {
        let bytes = Bytes::from(message.encode_to_vec());
        Self::new(move |_| {
            let bytes = bytes.clone();
            async move { Ok(once(bytes)) }
        })
    }

    /// Refuses every call with the same status.
    pub(crate) fn failing(status: Status) -> Self {
        Self::new(move |_| {
            let status = status.clone();
            async move { Err(status) }
        })
    }

    /// What the server would answer.
    pub(crate) fn answer(&self, call: Call) -> BoxFuture<'static, Result<Answers, Status>> {
        (self.handler)(call)
    }

    /// The calls so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// The only call.
    pub(crate) fn call(&self) -> Call {
        let mut calls = self.calls();
        assert_eq!(calls.len(), 1, "{calls:?}");
        calls.remove(0)
    }

    pub(crate) fn routes(&self) -> Routes {
        let this = self.clone();
        let router = axum::Router::new().fallback(move |request| this.clone().serve(request));
        Routes::from(router)
    }

    /// Serves on a free port of the loopback interface.
    pub(crate) async fn start(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        self.serve_on(listener);
        address
    }

    pub(crate) fn serve_on(&self, listener: TcpListener) {
        let incoming = tonic::transport::server::TcpIncoming::from(listener);
        let server = tonic::transport::Server::builder()
            .max_concurrent_streams(self.streams)
            .add_routes(self.routes());
        tokio::spawn(server.serve_with_incoming(incoming));
    }

    async fn serve(self, request: HttpRequest<axum::body::Body>) -> HttpResponse {
        let path = request.uri().path().to_owned();
        let peer =
            request.extensions().get::<TcpConnectInfo>().and_then(TcpConnectInfo::remote_addr);
        let metadata = request.headers().clone();
        let service = Service { upstream: self, peer, path, metadata };
        let response = Grpc::new(RawCodec).server_streaming(service, request).await;
        response.map(axum::body::Body::new)
    }
}

pub(crate) fn once(bytes: Bytes) -> Answers {
    futures_util::stream::once(async { Ok(bytes) }).boxed()
}

struct Service {
    upstream: Upstream,
    peer: Option<SocketAddr>,
    path: String,
    metadata: HeaderMap,
}

impl ServerStreamingService<Bytes> for Service {
    type Response = Bytes;
    type ResponseStream = Answers;
    type Future = BoxFuture<'static, Result<Response<Answers>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let (path, metadata) = (self.path.clone(), self.metadata.clone());
        let call = Call { peer: self.peer, path, metadata, message: request.into_inner() };
        if self.upstream.answers_health && call.path.starts_with("/grpc.health") {
            let serving = HealthCheckResponse { status: ServingStatus::Serving as i32 };
            return std::future::ready(Ok(Response::new(once(serving.encode_to_vec().into()))))
                .boxed();
        }
        self.upstream.calls.lock().unwrap().push(call.clone());
        let start = self.upstream.start;
        let respond = move |answers| {
            let mut response = Response::new(answers);
            if let Some(token) = start {
                response.metadata_mut().insert("resume-token", token.parse().unwrap());
            }
            response
        };
        (self.upstream.handler)(call).map(move |answers| answers.map(respond)).boxed()
    }
}

#[derive(Default)]
struct RawCodec;

impl Codec for RawCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for RawCodec {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for RawCodec {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

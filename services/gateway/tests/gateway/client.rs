//! An HTTP client that hides nothing.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that this is a problem document with this status and reason, and gives it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, reason: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        let text = |member| problem.get(member).and_then(Value::as_str).unwrap_or_default();
        assert_eq!(text("reason"), reason, "{self:?}");
        assert_eq!(text("request_id"), self.header("x-request-id"));
        assert_eq!(problem.get("status"), Some(&Value::from(status)));
        for member in ["type", "title", "detail", "code", "domain"] {
            assert_ne!(text(member), "", "{member}: {problem}");
        }
        problem
    }
}

/// What stands around the messages of a gRPC answer.
#[derive(Debug)]
pub(crate) struct GrpcAnswer {
    pub(crate) headers: HeaderMap,
    pub(crate) trailers: HeaderMap,
}

/// A client of one server.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    pub(crate) address: SocketAddr,
    client: Client<HttpConnector, Body>,
}

impl HttpClient {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends a request line such as `GET /v1/users` with headers and a body.
    pub(crate) async fn send(
        &self,
        line: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let response = self.open(line, headers, body).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// The same, with the answer's body still to be read.
    pub(crate) async fn open(
        &self,
        line: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> http::Response<hyper::body::Incoming> {
        let (method, path) = line.split_once(' ').unwrap();
        let uri = format!("http://{}{path}", self.address);
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.client.request(request.body(body.into()).unwrap()).await.unwrap()
    }

    /// Sends a gRPC request over HTTP/2, with further headers, and hides nothing of the answer.
    pub(crate) async fn h2(&self, path: &str, more: &[(&str, &str)], body: &[u8]) -> GrpcAnswer {
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Body>();
        let uri = format!("http://{}{path}", self.address);
        let mut request = Request::post(uri).header("content-type", "application/grpc");
        request = request.header("te", "trailers");
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let (parts, body) = client.request(request).await.unwrap().into_parts();
        let trailers = body.collect().await.unwrap().trailers().cloned().unwrap_or_default();
        GrpcAnswer { headers: parts.headers, trailers }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[], Body::empty()).await
    }

    /// Sends JSON, with further headers.
    pub(crate) async fn json(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(line, &all, body.to_owned()).await
    }
}

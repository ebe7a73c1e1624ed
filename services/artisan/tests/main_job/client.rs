//! A small HTTP client that speaks JSON.

use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

type Body = Full<hyper::body::Bytes>;

/// A caller, signed in or not.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    base: String,
    token: Option<String>,
    client: Client<HttpConnector, Body>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: hyper::HeaderMap,
    pub json: Value,
    pub text: String,
}

impl Answer {
    /// A header as text, or empty.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The text at a JSON pointer, or a failed test that shows the answer.
    pub(crate) fn text_at(&self, pointer: &str) -> &str {
        self.json
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("nothing at {pointer} in {}", self.text))
    }

    /// Fails the test unless the status and the machine-readable reason are these.
    pub(crate) fn assert_problem(&self, status: u16, reason: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        assert_eq!(self.text_at("/reason"), reason, "{}", self.text);
    }

    /// The fields that the problem names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.json.get("errors").and_then(Value::as_array);
        let errors = errors.map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error.get("field")?.as_str()).collect()
    }
}

impl Caller {
    /// One who has not signed in.
    pub(crate) fn anonymous(base: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { base: base.to_owned(), token: None, client }
    }

    /// The same caller with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The token, where there is one.
    pub(crate) fn token(&self) -> Option<String> {
        self.token.clone()
    }

    /// Signs in.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Self {
        let body = serde_json::json!({ "email": email, "password": password });
        let answer = self.post("/v1/sessions", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.with_token(answer.text_at("/tokens/accessToken"))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], &body.to_string()).await
    }

    pub(crate) async fn patch(&self, path: &str, if_match: &str, body: &Value) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        if !if_match.is_empty() {
            headers.push(("if-match", if_match));
        }
        self.send("PATCH", path, &headers, &body.to_string()).await
    }

    /// Opens a stream, whose body is still to come.
    pub(crate) async fn open(&self, path: &str, headers: &[(&str, &str)]) -> hyper::body::Incoming {
        let response = self.client.request(self.request("GET", path, headers, "")).await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), 200);
        response.into_body()
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let request = self.request(method, path, headers, body);
        let response = self.client.request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, json, text }
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> hyper::Request<Body> {
        let mut request = hyper::Request::builder().method(method).uri(self.base.clone() + path);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Full::from(body.to_owned())).expect("a request")
    }
}

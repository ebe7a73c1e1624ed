//! One line for each request, of what may be known of it.
//!
//! Paths are written as the template of their route, and without a query: names, filters and tokens stand
//! there. Nothing of a body or of other headers is ever written.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response, header};
use axum::middleware::Next;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tracing::field;

use crate::call::Meaning;
use crate::edge;

/// The target of these lines, for `RUST_LOG`: `access=off` silences them.
const TARGET: &str = "access";
/// Whoever goes away before the answer began is noted like this.
const ABANDONED: u16 = 499;

/// What those further in learn about a request; an extension of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned(Arc<Facts>);

#[derive(Debug, Default)]
struct Facts {
    route: OnceLock<&'static str>,
    context: OnceLock<edge::Context>,
}

impl Learned {
    /// The route that serves the request.
    pub(crate) fn route(&self, route: &'static str) {
        let _ = self.0.route.set(route);
    }

    /// What the edge knows.
    pub(crate) fn context(&self, context: &edge::Context) {
        let _ = self.0.context.set(context.clone());
    }
}

/// The middleware around all others; costs nothing where nobody reads the lines.
pub(crate) async fn around(mut request: Request, next: Next) -> Response<Body> {
    if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
        return next.run(request).await;
    }
    let learned = Learned::default();
    request.extensions_mut().insert(learned.clone());
    let mut line = Line {
        learned,
        method: request.method().clone(),
        version: request.version(),
        received: declared_length(request.headers()),
        began: Instant::now(),
        status: ABANDONED,
        sent: 0,
    };
    let response = next.run(request).await;
    let meaning = response.extensions().get::<Meaning>();
    line.status = meaning.map_or(response.status(), |meaning| meaning.0).as_u16();
    match response.body().size_hint().exact() {
        Some(length) => {
            line.sent = length;
            response
        }
        // A stream is written down when it ends.
        None => response.map(|body| Body::new(Counted { body, line })),
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Written when it is dropped, so that no request goes without.
struct Line {
    learned: Learned,
    method: Method,
    version: axum::http::Version,
    received: Option<u64>,
    began: Instant,
    status: u16,
    sent: u64,
}

impl Drop for Line {
    fn drop(&mut self) {
        let facts = &self.learned.0;
        let context = facts.context.get();
        let client = context.and_then(|context| context.client);
        let duration_ms = self.began.elapsed().as_secs_f64() * 1000.0;
        tracing::info!(
            target: TARGET,
            {
                http.request.method = method(&self.method),
                http.route = facts.route.get(),
                http.response.status_code = self.status,
                http.request.body.size = self.received,
                http.response.body.size = self.sent,
                network.protocol.version = ?self.version,
                duration_ms,
                request.id = context.map(|context| context.request_id.as_str()),
                client.address = client.map(field::display),
            },
            "request"
        );
    }
}

/// Methods that nobody knows are what a stranger wrote.
fn method(method: &Method) -> &str {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if known.contains(method) { method.as_str() } else { "_OTHER" }
}

/// A body that is written down at its end.
struct Counted {
    body: Body,
    line: Line,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, Bytes::len);
            self.line.sent = self.line.sent.saturating_add(length as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

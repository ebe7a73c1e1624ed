//! One line for each request, of what may be known of it.
//!
//! Paths are written as the template of their route, and without a query: names, filters and tokens stand
//! there. Nothing of a body or of other headers is ever written.

use std::pin::Pin;
use std::task::{self, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response, header};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tracing::field;

use crate::call::Meaning;
use crate::edge::Context;

/// The target of these lines, for `RUST_LOG`: `access=off` silences them.
const TARGET: &str = "access";
/// Whoever goes away before the answer began is noted like this.
const ABANDONED: u16 = 499;

/// Begins the line of a request; nothing where nobody reads the lines.
pub(crate) fn begin(request: &Request, context: &Context) -> Option<Line> {
    tracing::enabled!(target: TARGET, tracing::Level::INFO).then(|| Line {
        context: context.clone(),
        method: request.method().clone(),
        version: request.version(),
        received: declared_length(request.headers()),
        began: Instant::now(),
        status: ABANDONED,
        sent: 0,
    })
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Written when it is dropped, so that no request goes without.
pub(crate) struct Line {
    context: Context,
    method: Method,
    version: axum::http::Version,
    received: Option<u64>,
    began: Instant,
    status: u16,
    sent: u64,
}

impl Line {
    /// Notes the answer; of a stream when it has ended.
    pub(crate) fn answered(mut self, response: Response<Body>) -> Response<Body> {
        let meaning = response.extensions().get::<Meaning>();
        self.status = meaning.map_or(response.status(), |meaning| meaning.0).as_u16();
        match response.body().size_hint().exact() {
            Some(length) => {
                self.sent = length;
                response
            }
            None => response.map(|body| Body::new(Counted { body, line: self })),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let duration_ms = self.began.elapsed().as_secs_f64() * 1000.0;
        tracing::info!(
            target: TARGET,
            {
                http.request.method = method(&self.method),
                http.route = self.context.route.get(),
                http.response.status_code = self.status,
                http.request.body.size = self.received,
                http.response.body.size = self.sent,
                network.protocol.version = ?self.version,
                duration_ms,
                request.id = self.context.request_id.as_str(),
                client.address = self.context.client.map(field::display),
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
        context: &mut task::Context<'_>,
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

//! The answer of the service on its way to the client.

use std::pin::Pin;
use std::task::{Context, Poll};

use artisan_runtime::lifecycle::Shutdown;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Response};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;

use super::refusal;
use crate::deadline::Deadline;
use crate::problem::Problem;
use crate::{status, stream};

const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// What ends an answer before the service does.
pub(super) struct End<'a> {
    pub(super) deadline: Deadline,
    /// Streams end when the gateway stops; other calls are finished.
    pub(super) shutdown: Option<&'a Shutdown>,
}

/// Hands the answer on, frame by frame at the client's pace. One that breaks ends with a status.
pub(super) fn relay(answer: Response<tonic::body::Body>, end: End<'_>) -> Response<Body> {
    let (parts, body) = answer.into_parts();
    // A status in the headers is the whole answer, and has to be seen to be.
    let is_whole = parts.headers.contains_key(GRPC_STATUS) || body.is_end_stream();
    let body = if is_whole {
        Body::empty()
    } else {
        let start = stream::start(&parts.headers).map(|(_, token)| token);
        Body::new(Relay { body: Some(body), end: end.reached(), start })
    };
    Response::from_parts(parts, body)
}

impl End<'_> {
    fn reached(self) -> BoxFuture<'static, Problem> {
        let (deadline, shutdown) = (self.deadline, self.shutdown.cloned());
        async move {
            let stopping = async {
                match &shutdown {
                    Some(shutdown) => shutdown.stopping().await,
                    None => std::future::pending().await,
                }
            };
            match deadline.within(stopping).await {
                Ok(()) => Problem::shutting_down(),
                Err(_) => status::problem(&Status::deadline_exceeded(""), false),
            }
        }
        .boxed()
    }
}

struct Relay {
    /// Gone when the answer is over: the call is cancelled by dropping it.
    body: Option<tonic::body::Body>,
    end: BoxFuture<'static, Problem>,
    /// Where the answer begins, until a part of it has passed.
    start: Option<String>,
}

impl Relay {
    fn break_off(&mut self, mut problem: Problem) -> Frame<Bytes> {
        self.body = None;
        problem.resume_token = self.start.take();
        tracing::debug!(reason = %problem.reason, cause = problem.cause, "answer broke");
        let mut trailers = HeaderMap::new();
        // Only a text that is no header fails, and these are our own words.
        let _ = refusal::status(&problem).add_header(&mut trailers);
        Frame::trailers(trailers)
    }
}

impl HttpBody for Relay {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        match Pin::new(body).poll_frame(cx) {
            Poll::Ready(Some(Err(status))) => {
                let problem = status::problem(&status, false);
                Poll::Ready(Some(Ok(self.break_off(problem))))
            }
            Poll::Ready(frame) => {
                self.start = None;
                Poll::Ready(frame)
            }
            Poll::Pending => match self.end.poll_unpin(cx) {
                Poll::Ready(problem) => Poll::Ready(Some(Ok(self.break_off(problem)))),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::new()
    }
}

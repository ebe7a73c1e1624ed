//! Server streams as lines of JSON, or as server-sent events.

mod format;

use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_transcode::Route;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use tonic::{Status, Streaming};

pub(crate) use format::{Format, resumed};

use crate::deadline::Deadline;
use crate::edge::RequestId;
use crate::problem::Problem;
use crate::status;

/// How long a stream is silent before it says that it lives.
const SILENCE: Duration = Duration::from_secs(15);

/// Each message as it comes; a stream that breaks ends with the problem: the line `{"error":{…}}`, or
/// the event `error`.
///
/// The client's pace is the stream's: nothing is read ahead, and a client that leaves cancels the call.
pub(crate) fn answer(
    route: &'static Route,
    format: Format,
    messages: Streaming<Bytes>,
    request_id: RequestId,
    end: End,
) -> Response<Body> {
    let source = Source { route, format, messages, request_id, end };
    let mut response = Response::new(Body::from_stream(lines(source)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, format.media_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What ends a stream before the service does.
pub(crate) struct End {
    /// How long its client wants it.
    pub(crate) deadline: Deadline,
    /// The end of the gateway.
    pub(crate) shutdown: Option<Shutdown>,
}

struct Source {
    route: &'static Route,
    format: Format,
    messages: Streaming<Bytes>,
    request_id: RequestId,
    end: End,
}

fn lines(source: Source) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    stream::unfold(Some(source), |source| async {
        let mut source = source?;
        match source.next().await {
            Ok(Some(line)) => Some((Ok(line), Some(source))),
            Ok(None) => None,
            Err(problem) => {
                tracing::debug!(reason = %problem.reason, cause = problem.cause, "stream broke");
                let json = problem.to_json(source.request_id.as_str());
                Some((Ok(source.format.problem(&json).into()), None))
            }
        }
    })
}

impl Source {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let stopping = async {
            match &self.end.shutdown {
                Some(shutdown) => shutdown.stopping().await,
                None => std::future::pending().await,
            }
        };
        let silence = async {
            match self.format.sign_of_life() {
                Some(sign) => {
                    tokio::time::sleep(SILENCE).await;
                    sign
                }
                None => std::future::pending().await,
            }
        };
        let message = tokio::select! {
            message = self.messages.message() => message,
            () = self.end.deadline.passed() => Err(Status::deadline_exceeded("")),
            () = stopping => Err(Status::unavailable("the gateway is shutting down")),
            sign = silence => return Ok(Some(Bytes::from_static(sign))),
        };
        let Some(message) = message.map_err(|status| status::problem(&status, false))? else {
            return Ok(None);
        };
        let mut line = Vec::with_capacity(message.len() * 2 + 64);
        (self.route.render)(&message, &mut line)
            .map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Some(self.format.message(line).into()))
    }
}

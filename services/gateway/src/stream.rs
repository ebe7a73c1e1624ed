//! Server streams as lines of JSON, or as server-sent events.

mod format;

use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_transcode::Route;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use tonic::{Status, Streaming};

pub(crate) use format::{Format, resumed};

use crate::deadline::Deadline;
use crate::edge::RequestId;
use crate::problem::Problem;
use crate::status;

/// How long a stream is silent before it says that it lives.
const SILENCE: Duration = Duration::from_secs(15);

/// Where the service says, before the first message, the place at which a stream begins; clients are told
/// in the same way.
const RESUME_TOKEN: HeaderName = HeaderName::from_static("resume-token");

/// Each message as it comes; a stream that breaks ends with the problem: the line `{"error":{…}}`, or
/// the event `error`, with the place to go on from.
///
/// The client's pace is the stream's: nothing is read ahead, and a client that leaves cancels the call.
pub(crate) fn answer(
    route: &'static Route,
    format: Format,
    answer: tonic::Response<Streaming<Bytes>>,
    request_id: RequestId,
    end: End,
) -> Response<Body> {
    let (metadata, messages, _) = answer.into_parts();
    let start = start(metadata.as_ref());
    let place = start.as_ref().map(|(_, token)| token.clone());
    let opening = place.as_deref().and_then(|token| format.opening(token));
    let opening = stream::iter(opening.map(|line| Ok(line.into())));
    let source = Source { route, format, messages, place, last: Bytes::new(), request_id, end };
    let mut response = Response::new(Body::from_stream(opening.chain(lines(source))));
    let headers = response.headers_mut();
    if let Some((header, _)) = start {
        headers.insert(RESUME_TOKEN, header);
    }
    headers.insert(header::CONTENT_TYPE, format.media_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Where a stream begins, as the service says before its first message.
pub(crate) fn start(headers: &HeaderMap) -> Option<(HeaderValue, String)> {
    let header = headers.get(RESUME_TOKEN)?;
    Some((header.clone(), header.to_str().ok()?.to_owned()))
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
    /// Where the stream goes on, as far as it was told before `last`.
    place: Option<String>,
    /// The last line of a format that says the place within its messages only.
    last: Bytes,
    request_id: RequestId,
    end: End,
}

fn lines(source: Source) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    stream::unfold(Some(source), |source| async {
        let mut source = source?;
        match source.next().await {
            Ok(Some(line)) => Some((Ok(line), Some(source))),
            Ok(None) => None,
            Err(mut problem) => {
                tracing::debug!(reason = %problem.reason, cause = problem.cause, "stream broke");
                let json = problem.to_json(source.request_id.as_str());
                let last = || format::token_of(&source.last).or(source.place);
                let place = problem.resume_token.take().or_else(last);
                Some((Ok(source.format.problem(&json, place.as_deref()).into()), None))
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
            () = stopping => return Err(Problem::shutting_down()),
            sign = silence => return Ok(Some(Bytes::from_static(sign))),
        };
        let Some(message) = message.map_err(|status| status::problem(&status, false))? else {
            return Ok(None);
        };
        let mut line = Vec::with_capacity(message.len() * 2 + 64);
        (self.route.render)(&message, &mut line)
            .map_err(|error| Problem::internal(error.to_string()))?;
        if self.format == Format::Ndjson {
            self.last = self.format.message(line, None).into();
            return Ok(Some(self.last.clone()));
        }
        let token = format::token_of(&line);
        let line = self.format.message(line, token.as_deref());
        self.place = token.or(self.place.take());
        Ok(Some(line.into()))
    }
}

//! Server streams as lines of JSON.

use artisan_runtime::lifecycle::Shutdown;
use artisan_transcode::Route;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use tonic::{Status, Streaming};

use crate::edge::RequestId;
use crate::negotiate::NDJSON;
use crate::problem::Problem;
use crate::status;

/// One message per line, as it comes; a stream that breaks ends with the line `{"error":{…}}`.
///
/// The client's pace is the stream's: nothing is read ahead, and a client that leaves cancels the call.
pub(crate) fn answer(
    route: &'static Route,
    messages: Streaming<Bytes>,
    request_id: RequestId,
    shutdown: Option<Shutdown>,
) -> Response<Body> {
    let source = Source { route, messages, request_id, shutdown };
    let mut response = Response::new(Body::from_stream(lines(source)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON));
    response
}

struct Source {
    route: &'static Route,
    messages: Streaming<Bytes>,
    request_id: RequestId,
    shutdown: Option<Shutdown>,
}

fn lines(source: Source) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    stream::unfold(Some(source), |source| async {
        let mut source = source?;
        match source.next().await {
            Ok(Some(line)) => Some((Ok(line), Some(source))),
            Ok(None) => None,
            Err(problem) => {
                tracing::debug!(reason = %problem.reason, cause = problem.cause, "stream broke");
                Some((Ok(last_line(&problem, source.request_id.as_str())), None))
            }
        }
    })
}

impl Source {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let stopping = async {
            match &self.shutdown {
                Some(shutdown) => shutdown.stopping().await,
                None => std::future::pending().await,
            }
        };
        let message = tokio::select! {
            message = self.messages.message() => message,
            () = stopping => Err(Status::unavailable("the gateway is shutting down")),
        };
        let Some(message) = message.map_err(|status| status::problem(&status, false))? else {
            return Ok(None);
        };
        let mut line = Vec::with_capacity(message.len() * 2 + 64);
        (self.route.render)(&message, &mut line)
            .map_err(|error| Problem::internal(error.to_string()))?;
        line.push(b'\n');
        Ok(Some(line.into()))
    }
}

fn last_line(problem: &Problem, request_id: &str) -> Bytes {
    let mut line = b"{\"error\":".to_vec();
    line.extend(problem.to_json(request_id));
    line.extend(b"}\n");
    line.into()
}

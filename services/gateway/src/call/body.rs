//! Reading the body of a request, within limits.

use std::time::Duration;

use artisan_transcode::Route;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::negotiate;
use crate::problem::Problem;

/// A client that is still sending reads no answer. What it sends is thrown away for a while, so that
/// it learns why it was refused before the connection closes.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 64 << 20;

/// The whole body, which has to be what the route takes; at most `limit` bytes of it are ever held.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    route: &Route,
    limit: usize,
) -> Result<Bytes, Problem> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if !is_declared_too_large(headers, limit)
        && route.accepts_body
        && let Err(problem) = negotiate::check_content_type(headers)
    {
        discard(body);
        return Err(problem);
    }
    collect(headers, body, limit).await
}

/// The whole body, whatever it is; at most `limit` bytes of it are ever held.
pub(crate) async fn collect(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Bytes, Problem> {
    if is_declared_too_large(headers, limit) {
        discard(body);
        return Err(too_large(limit));
    }
    let mut limited = Limited::new(body, limit);
    match (&mut limited).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            discard(limited);
            Err(too_large(limit))
        }
        Err(_) => Err(Problem::invalid("INCOMPLETE_BODY", "the body ended too early")),
    }
}

fn is_declared_too_large(headers: &HeaderMap, limit: usize) -> bool {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let declared = declared.and_then(|text| text.parse::<u64>().ok());
    declared.is_some_and(|length| length > limit as u64)
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the body is larger than {limit} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "INVALID_ARGUMENT", "BODY_TOO_LARGE", detail)
}

/// The problem of a body that does not arrive.
pub(crate) fn too_slow() -> Problem {
    let detail = "the body did not arrive in time";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "DEADLINE_EXCEEDED", "BODY_TIMEOUT", detail)
}

fn discard<B>(body: B)
where
    B: http_body::Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Send,
{
    tokio::spawn(tokio::time::timeout(LINGER, async move {
        let mut body = body;
        let mut left = LINGER_BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    }));
}

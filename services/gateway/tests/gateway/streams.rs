//! Server streams: one JSON value per line, with the client's pace and an end that is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use artisan_proto::artisan::user::v1::{UserEvent, WatchUsersRequest, WatchUsersResponse};
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::BodyExt;
use prost::Message;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tonic::Status;

use crate::stack::Stack;
use crate::upstream::Upstream;

const WATCH: &str = "GET /v1/users:watch?resumeToken=t1";

fn event(id: u32) -> Bytes {
    let event = UserEvent { name: format!("users/u1/events/{id}"), ..UserEvent::default() };
    let response = WatchUsersResponse { event: Some(event), ..WatchUsersResponse::default() };
    response.encode_to_vec().into()
}

/// An upstream whose one stream is what the test sends.
fn channel() -> (mpsc::Sender<Result<Bytes, Status>>, Upstream) {
    let (sender, receiver) = mpsc::channel(4);
    let receiver = std::sync::Mutex::new(Some(receiver));
    let upstream = Upstream::new(move |_| {
        let receiver = receiver.lock().unwrap().take().unwrap();
        async move { Ok(tokio_stream::wrappers::ReceiverStream::new(receiver).boxed()) }
    });
    (sender, upstream)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn messages_are_lines() {
    let (sender, upstream) = channel();
    for id in [1, 2] {
        sender.send(Ok(event(id))).await.unwrap();
    }
    drop(sender);
    let stack = Stack::start(upstream).await;
    let answer = stack.send(WATCH, &[], "").await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let lines = lines(&answer.text);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["event"]["name"], "users/u1/events/2");
    let call = stack.upstream.call();
    assert_eq!(call.decode::<WatchUsersRequest>().resume_token, "t1");
    assert_eq!(call.header("grpc-timeout"), None, "streams are exempt from REQUEST_TIMEOUT");
}

#[tokio::test]
async fn a_browser_gets_events_and_goes_on_after_the_last_one() {
    let (sender, upstream) = channel();
    let message = WatchUsersResponse { resume_token: "t2".to_owned(), ..Default::default() };
    sender.send(Ok(message.encode_to_vec().into())).await.unwrap();
    sender.send(Err(Status::unavailable("host db-1 is gone"))).await.unwrap();
    let stack = Stack::start(upstream).await;
    let headers = [("accept", "text/event-stream"), ("last-event-id", "t9")];
    let answer = stack.send(WATCH, &headers, "").await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("cache-control"), "no-store");
    let events: Vec<&str> = answer.text.split_terminator("\n\n").collect();
    assert_eq!(events.len(), 2, "{}", answer.text);
    assert_eq!(events[0].lines().next(), Some("id: t2"));
    let data = events[0].lines().nth(1).unwrap().strip_prefix("data: ").unwrap();
    assert_eq!(lines(data)[0]["resumeToken"], "t2");
    let problem = events[1].strip_prefix("id: t2\nevent: error\ndata: ").unwrap();
    assert_eq!(lines(problem)[0]["code"], "UNAVAILABLE");
    assert!(!answer.text.contains("db-1"));
    assert_eq!(stack.upstream.call().decode::<WatchUsersRequest>().resume_token, "t9");
}

#[tokio::test]
async fn a_message_is_sent_as_soon_as_it_comes() {
    let (sender, upstream) = channel();
    let stack = Stack::start(upstream).await;
    let mut body = stack.open(WATCH, &[], "").await.into_body();
    for id in [1, 2] {
        sender.send(Ok(event(id))).await.unwrap();
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(lines(std::str::from_utf8(&frame).unwrap()).len(), 1);
    }
}

#[tokio::test]
async fn a_stream_that_breaks_says_so_in_its_last_line() {
    let (sender, upstream) = channel();
    sender.send(Ok(event(1))).await.unwrap();
    sender.send(Err(Status::internal("table users_outbox is locked"))).await.unwrap();
    let stack = Stack::start(upstream).await;
    let answer = stack.send(WATCH, &[], "").await;
    assert_eq!(answer.status, 200);
    let lines = lines(&answer.text);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["error"]["code"], "INTERNAL");
    assert_eq!(lines[1]["error"]["request_id"], answer.header("x-request-id"));
    assert!(!answer.text.contains("outbox"), "{answer:?}");
}

#[tokio::test]
async fn a_stream_that_is_refused_is_a_plain_problem() {
    let stack = Stack::start(Upstream::failing(Status::permission_denied("no"))).await;
    stack.send(WATCH, &[], "").await.problem(403, "PERMISSION_DENIED");
    let page = [("accept", "text/html")];
    stack.send(WATCH, &page, "").await.problem(406, "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn a_client_that_leaves_cancels_the_call() {
    let (dropped, was_dropped) = oneshot::channel::<()>();
    let dropped = std::sync::Mutex::new(Some(dropped));
    let upstream = Upstream::new(move |_| {
        let guard = dropped.lock().unwrap().take();
        async move {
            let first = futures_util::stream::iter([Ok(event(1))]);
            let rest = futures_util::stream::once(async move {
                let _guard = guard;
                std::future::pending().await
            });
            Ok(first.chain(rest).boxed())
        }
    });
    let stack = Stack::start(upstream).await;
    let mut body = stack.open(WATCH, &[], "").await.into_body();
    body.frame().await.unwrap().unwrap();
    drop(body);
    assert!(was_dropped.await.is_err(), "the service's stream is dropped");
}

#[tokio::test]
async fn a_shutdown_ends_streams_with_a_line_that_says_so() {
    let (sender, upstream) = channel();
    sender.send(Ok(event(1))).await.unwrap();
    let stack = Stack::start(upstream).await;
    let mut body = stack.open(WATCH, &[], "").await.into_body();
    body.frame().await.unwrap().unwrap();
    stack.shutdown.trigger();
    let rest = body.collect().await.unwrap().to_bytes();
    let lines = lines(std::str::from_utf8(&rest).unwrap());
    assert_eq!(lines[0]["error"]["code"], "UNAVAILABLE");
    assert_eq!(stack.server.await.unwrap(), artisan_runtime::lifecycle::Outcome::Drained);
}

#[tokio::test]
async fn a_stream_ends_when_the_time_is_over_that_its_client_gave_it() {
    let (sender, upstream) = channel();
    sender.send(Ok(event(1))).await.unwrap();
    let stack = Stack::start(upstream).await;
    let answer = stack.send(WATCH, &[("x-request-timeout", "1s")], "").await;
    assert_eq!(answer.status, 200);
    let lines = lines(&answer.text);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["error"]["code"], "DEADLINE_EXCEEDED");
    sender.closed().await;
}

#[tokio::test]
async fn a_stream_may_be_asked_for_longer_than_grpc_can_say() {
    let (sender, upstream) = channel();
    drop(sender);
    let stack = Stack::start(upstream).await;
    let answer = stack.send(WATCH, &[("x-request-timeout", "100000000000d")], "").await;
    assert_eq!(answer.status, 200);
    let call = stack.upstream.call();
    let timeout = call.header("grpc-timeout").unwrap();
    assert!(timeout.len() <= 9 && timeout.ends_with('H'), "{timeout}");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_ahead_for() {
    const MESSAGE: usize = 64 << 10;
    const ENOUGH: usize = 64 << 20;
    let made = Arc::new(AtomicUsize::new(0));
    let counter = made.clone();
    let upstream = Upstream::new(move |call| {
        let counter = counter.clone();
        async move {
            if !call.path.ends_with("/WatchUsers") {
                return Ok(crate::upstream::once(Bytes::new()));
            }
            let token = "x".repeat(MESSAGE);
            let message = WatchUsersResponse { resume_token: token, ..Default::default() };
            let message = Bytes::from(message.encode_to_vec());
            let messages = futures_util::stream::repeat_with(move || {
                counter.fetch_add(1, Ordering::SeqCst);
                Ok(message.clone())
            });
            Ok(messages.take(2 * ENOUGH / MESSAGE).boxed())
        }
    });
    let stack = Stack::start(upstream).await;
    let mut slow = stack.open(WATCH, &[], "").await.into_body();
    slow.frame().await.unwrap().unwrap();
    // It has come to rest when many other calls have been answered and no message was made.
    let (mut last, mut still) = (0, 0);
    while still < 50 {
        stack.get("/v1/users/me").await;
        let now = made.load(Ordering::SeqCst);
        assert!(now * MESSAGE < ENOUGH, "{now} messages were made for nobody");
        still = if now == last { still + 1 } else { 0 };
        last = now;
    }
    let rest = slow.collect().await.unwrap().to_bytes();
    assert!(rest.len() > ENOUGH, "and nothing is lost: {}", rest.len());
}

#[tokio::test]
async fn the_head_of_a_stream_has_no_body() {
    let (sender, upstream) = channel();
    let stack = Stack::start(upstream).await;
    let answer = stack.send(&WATCH.replace("GET", "HEAD"), &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    sender.closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_of_events_says_that_it_lives() {
    let (_sender, upstream) = channel();
    let stack = Stack::in_process(upstream).await;
    let headers = [("accept", "text/event-stream")];
    let mut body = stack.open(WATCH, &headers, "").await.into_body();
    let begin = Instant::now();
    for times in 1..=2 {
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(frame, ": still here\n\n");
        let silence = begin.elapsed().as_secs();
        assert!((15 * times..16 * times).contains(&silence), "{silence} s");
    }
}

//! The place to go on from: told when a stream begins, with each message, and when it ends.

use std::collections::HashMap;

use artisan_proto::artisan::user::v1::{WatchUsersRequest, WatchUsersResponse};
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::BodyExt;
use prost::Message;
use serde_json::Value;
use tokio::sync::mpsc;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::grpc;
use crate::stack::Stack;
use crate::upstream::Upstream;

const WATCH: &str = "GET /v1/users:watch";
const EVENTS: [(&str, &str); 1] = [("accept", "text/event-stream")];

/// An upstream whose streams begin at `t0`, and say this.
fn saying(messages: Vec<Result<Bytes, Status>>) -> Upstream {
    let upstream = Upstream::new(move |_| {
        let messages = messages.clone();
        async move { Ok(futures_util::stream::iter(messages).boxed()) }
    });
    upstream.with_start("t0")
}

/// An upstream whose streams begin at `t0`, and stay silent until the sender is dropped.
fn silent() -> (mpsc::Sender<Result<Bytes, Status>>, Upstream) {
    let (sender, receiver) = mpsc::channel(4);
    let receiver = std::sync::Mutex::new(Some(receiver));
    let upstream = Upstream::new(move |_| {
        let receiver = receiver.lock().unwrap().take().unwrap();
        async move { Ok(tokio_stream::wrappers::ReceiverStream::new(receiver).boxed()) }
    });
    (sender, upstream.with_start("t0"))
}

fn message(token: &str) -> Bytes {
    let message = WatchUsersResponse { resume_token: token.to_owned(), ..Default::default() };
    message.encode_to_vec().into()
}

/// As the user service ends a stream.
fn old_connection(token: &str) -> Status {
    let metadata = HashMap::from([("resume_token".to_owned(), token.to_owned())]);
    let details = ErrorDetails::with_error_info("CONNECTION_OLD", "artisan.user.v1", metadata);
    let text = "the connection has reached its age";
    Status::with_error_details(Code::Unavailable, text, details)
}

fn last_line(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

#[tokio::test]
async fn a_stream_that_ends_before_its_first_message_told_where_it_began() {
    let stack = Stack::start(saying(Vec::new())).await;
    let answer = stack.send(WATCH, &[], "").await;
    assert_eq!((answer.header("resume-token"), answer.text.as_str()), ("t0", ""));
    let answer = stack.send(WATCH, &EVENTS, "").await;
    assert_eq!((answer.header("resume-token"), answer.text.as_str()), ("t0", "id: t0\n\n"));
}

#[tokio::test]
async fn the_end_has_the_place_that_the_service_says() {
    let stack = Stack::start(saying(vec![Ok(message("t1")), Err(old_connection("t7"))])).await;
    let line = last_line(&stack.send(WATCH, &[], "").await.text);
    assert_eq!(line["error"]["reason"], "CONNECTION_OLD");
    assert_eq!(line["resumeToken"], "t7");
    let text = stack.send(WATCH, &EVENTS, "").await.text;
    let events: Vec<&str> = text.split_terminator("\n\n").collect();
    assert!(events[1].starts_with("id: t1\ndata: "), "{text}");
    assert!(events[2].starts_with("id: t7\nevent: error\ndata: "), "{text}");
}

#[tokio::test]
async fn an_end_that_says_no_place_has_that_of_the_last_message() {
    let broken = Err(Status::internal("table users_outbox is locked"));
    let stack = Stack::start(saying(vec![Ok(message("t1")), Ok(message("t2")), broken])).await;
    let line = last_line(&stack.send(WATCH, &[], "").await.text);
    assert_eq!((&line["error"]["code"], &line["resumeToken"]), (&"INTERNAL".into(), &"t2".into()));
}

#[tokio::test]
async fn a_shutdown_says_its_reason_and_the_place() {
    let (_sender, upstream) = silent();
    let stack = Stack::start(upstream).await;
    let body = stack.open(WATCH, &[], "").await.into_body();
    stack.shutdown.trigger();
    let rest = body.collect().await.unwrap().to_bytes();
    let line = last_line(std::str::from_utf8(&rest).unwrap());
    assert_eq!(line["error"]["reason"], "SHUTTING_DOWN");
    assert_eq!(line["resumeToken"], "t0");
}

#[tokio::test]
async fn a_shutdown_says_its_reason_and_the_place_over_grpc() {
    let (_sender, upstream) = silent();
    let stack = Stack::start(upstream).await;
    let mut client = grpc::users(&stack).await;
    let answer = client.watch_users(WatchUsersRequest::default()).await.unwrap();
    assert_eq!(answer.metadata().get("resume-token").unwrap(), "t0");
    stack.shutdown.trigger();
    let error = answer.into_inner().message().await.unwrap_err();
    let details = error.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(info.reason, "SHUTTING_DOWN");
    assert_eq!(info.metadata["resume_token"], "t0");
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_read_where_a_stream_begins() {
    let origin = [("CORS_ORIGINS", "https://shop.example")];
    let stack = Stack::with(saying(Vec::new()), &origin).await;
    let answer = stack.send(WATCH, &[("origin", "https://shop.example")], "").await;
    let exposed = answer.header("access-control-expose-headers");
    assert!(exposed.split(", ").any(|name| name == "resume-token"), "{exposed}");
}

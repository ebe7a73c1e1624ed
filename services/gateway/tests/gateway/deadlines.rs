//! Time is limited, and the limit travels.

use std::time::Duration;

use artisan_proto::artisan::user::v1::User;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;

use crate::stack::Stack;
use crate::upstream::Upstream;

const PATH: &str = "GET /v1/users/me";

/// The `grpc-timeout` that reached the service.
async fn forwarded(variables: &[(&str, &str)], headers: &[(&str, &str)]) -> Duration {
    let stack = Stack::with(Upstream::saying(&User::default()), variables).await;
    stack.send(PATH, headers, "").await;
    let call = stack.upstream.call();
    let text = call.header("grpc-timeout").unwrap();
    let (digits, unit) = text.split_at(text.len() - 1);
    let count: u64 = digits.parse().unwrap();
    match unit {
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => panic!("{text}"),
    }
}

#[track_caller]
fn assert_just_below(value: Duration, limit: Duration) {
    assert!(value <= limit && value + Duration::from_secs(1) > limit, "{value:?} of {limit:?}");
}

#[tokio::test]
async fn the_remaining_time_reaches_the_service() {
    let limit = forwarded(&[], &[]).await;
    assert_just_below(limit, Duration::from_secs(10));
    let limit = forwarded(&[("REQUEST_TIMEOUT", "4s")], &[]).await;
    assert_just_below(limit, Duration::from_secs(4));
}

#[tokio::test]
async fn clients_may_ask_for_less_but_not_for_more() {
    let limit = forwarded(&[], &[("grpc-timeout", "3S")]).await;
    assert_just_below(limit, Duration::from_secs(3));
    let limit = forwarded(&[], &[("x-request-timeout", "2500ms")]).await;
    assert_just_below(limit, Duration::from_millis(2500));
    let limit = forwarded(&[], &[("grpc-timeout", "2H")]).await;
    assert_just_below(limit, Duration::from_secs(10));
}

#[tokio::test]
async fn a_timeout_that_cannot_be_read_is_refused() {
    let stack = Stack::start(Upstream::saying(&User::default())).await;
    for header in ["grpc-timeout", "x-request-timeout"] {
        let answer = stack.send(PATH, &[(header, "soon")], "").await;
        let problem = answer.problem(400, "INVALID_TIMEOUT");
        assert!(problem["detail"].as_str().unwrap().starts_with(header));
    }
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_504() {
    let upstream = Upstream::new(|_| std::future::pending());
    let stack = Stack::start(upstream).await;
    let answer = stack.send(PATH, &[("x-request-timeout", "100ms")], "").await;
    let problem = answer.problem(504, "DEADLINE_EXCEEDED");
    assert_eq!(problem["code"], "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn a_service_in_the_process_is_bounded_as_well() {
    let stack = Stack::in_process(Upstream::new(|_| std::future::pending())).await;
    let answer = stack.send(PATH, &[("x-request-timeout", "100ms")], "").await;
    answer.problem(504, "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_408() {
    let upstream = Upstream::saying(&User::default());
    let stack = Stack::with(upstream, &[("REQUEST_TIMEOUT", "100ms")]).await;
    let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let json = [("content-type", "application/json")];
    stack.send("POST /v1/users", &json, body).await.problem(408, "BODY_TIMEOUT");
}

#[tokio::test]
async fn no_time_at_all_is_always_too_little() {
    let stack = Stack::in_process(Upstream::saying(&User::default())).await;
    for header in [("grpc-timeout", "0n"), ("x-request-timeout", "0s")] {
        stack.send(PATH, &[header], "").await.problem(504, "DEADLINE_EXCEEDED");
    }
    assert!(stack.upstream.calls().is_empty(), "nothing was begun");
}

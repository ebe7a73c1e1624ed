//! gRPC-Web, as a browser speaks it: over HTTP/1.1, with trailers in the body.

use std::collections::HashMap;

use artisan_proto::artisan::user::v1::{GetUserRequest, User, WatchUsersResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use http::HeaderMap;
use http_body_util::BodyExt;
use prost::Message;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::stack::Stack;
use crate::upstream::Upstream;

const GET: &str = "POST /artisan.user.v1.UserService/GetUser";
const WATCH: &str = "POST /artisan.user.v1.UserService/WatchUsers";
const BINARY: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text";

fn user() -> User {
    User { name: "users/u1".to_owned(), ..User::default() }
}

fn frame(message: &impl Message) -> Vec<u8> {
    let message = message.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], &length[..], &message].concat()
}

/// Sends one message in a form, and gives headers and body.
async fn call(
    stack: &Stack,
    line: &str,
    form: &str,
    more: &[(&str, &str)],
) -> (HeaderMap, Vec<u8>) {
    let request = frame(&GetUserRequest { name: "users/me".to_owned() });
    let body = if form == TEXT { STANDARD.encode(request).into_bytes() } else { request };
    let mut headers = vec![("content-type", form), ("x-grpc-web", "1")];
    headers.extend_from_slice(more);
    if form == TEXT {
        headers.push(("accept", TEXT));
    }
    let response = stack.open(line, &headers, body).await;
    assert_eq!(response.status(), 200);
    let (parts, body) = response.into_parts();
    (parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

/// The frames of a body: which kind each is, and what it holds.
fn frames(body: Vec<u8>) -> Vec<(u8, Bytes)> {
    let mut rest = Bytes::from(body);
    let mut frames = Vec::new();
    while rest.has_remaining() {
        let kind = rest.get_u8();
        let length = rest.get_u32() as usize;
        frames.push((kind, rest.split_to(length)));
    }
    frames
}

/// Each part was encoded by itself, as the specification allows.
fn decode(text: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(text).unwrap();
    let mut bytes = Vec::new();
    let mut part = String::new();
    for quad in text.as_bytes().chunks(4) {
        part.push_str(std::str::from_utf8(quad).unwrap());
        if part.ends_with('=') {
            bytes.extend(STANDARD.decode(std::mem::take(&mut part)).unwrap());
        }
    }
    bytes.extend(STANDARD.decode(part).unwrap());
    bytes
}

#[tokio::test]
async fn a_call_is_answered_in_bytes_and_in_text() {
    for form in ["application/grpc-web", BINARY, TEXT] {
        let stack = Stack::start(Upstream::saying(&user())).await;
        let (headers, body) = call(&stack, GET, form, &[]).await;
        let kind = headers["content-type"].to_str().unwrap();
        assert!(kind.starts_with("application/grpc-web"), "{kind}");
        assert_eq!(kind.contains("text"), form == TEXT, "{kind}");
        let frames = frames(if form == TEXT { decode(&body) } else { body });
        assert_eq!(frames.len(), 2, "{form}");
        assert_eq!((frames[0].0, User::decode(&*frames[0].1).unwrap()), (0, user()));
        assert_eq!(frames[1].0, 0x80);
        let trailers = std::str::from_utf8(&frames[1].1).unwrap();
        assert!(trailers.contains("grpc-status:0"), "{trailers}");
        let sent = stack.upstream.call();
        assert_eq!(sent.decode::<GetUserRequest>().name, "users/me");
        assert_eq!(sent.header("content-type"), Some("application/grpc"));
        assert_eq!(sent.header("x-grpc-web"), None);
    }
}

#[tokio::test]
async fn an_error_is_a_status_and_never_a_document() {
    let details =
        ErrorDetails::with_error_info("USER_NOT_FOUND", "artisan.user.v1", HashMap::new());
    let status = Status::with_error_details(Code::NotFound, "no such user", details);
    let stack = Stack::start(Upstream::failing(status)).await;
    let (headers, _) = call(&stack, GET, BINARY, &[]).await;
    assert_eq!(headers["grpc-status"], "5");
    assert_eq!(headers["grpc-message"], "no%20such%20user");
    assert!(headers.contains_key("grpc-status-details-bin"));

    let stack = Stack::with(Upstream::saying(&user()), &[("RATE_LIMIT", "1")]).await;
    let (headers, _) = loop {
        let answer = call(&stack, GET, BINARY, &[]).await;
        if answer.0.contains_key("grpc-status") {
            break answer;
        }
    };
    assert_eq!(headers["grpc-status"], "8");
    let (headers, _) = call(&stack, "POST /grpc.health.v1.Health/Check", TEXT, &[]).await;
    assert!(["8", "12"].contains(&headers["grpc-status"].to_str().unwrap()));
}

#[tokio::test]
async fn a_stream_comes_message_by_message() {
    let message = |token: &str| WatchUsersResponse {
        resume_token: token.to_owned(),
        ..WatchUsersResponse::default()
    };
    let upstream = Upstream::new(move |_| async move {
        let sent = ["t1", "t2"].map(|token| Ok(Bytes::from(message(token).encode_to_vec())));
        let end = futures_util::stream::iter([Err(Status::unavailable("later"))]);
        Ok(futures_util::stream::iter(sent).chain(end).boxed())
    });
    let stack = Stack::start(upstream).await;
    for form in [BINARY, TEXT] {
        let (_, body) = call(&stack, WATCH, form, &[]).await;
        let frames = frames(if form == TEXT { decode(&body) } else { body });
        assert_eq!(frames.len(), 3);
        for (frame, token) in frames.iter().zip(["t1", "t2"]) {
            assert_eq!(WatchUsersResponse::decode(&*frame.1).unwrap(), message(token));
        }
        let trailers = std::str::from_utf8(&frames[2].1).unwrap();
        assert!(trailers.contains("grpc-status:14"), "{trailers}");
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_call_and_read_the_status() {
    let stack =
        Stack::with(Upstream::saying(&user()), &[("CORS_ORIGINS", "https://shop.example")]).await;
    let origin = ("origin", "https://shop.example");
    let asks = [
        origin,
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,x-grpc-web,x-user-agent,grpc-timeout"),
    ];
    let line = GET.replace("POST", "OPTIONS");
    let answer = stack.send(&line, &asks, "").await;
    assert_eq!(answer.status, 204);
    for name in ["content-type", "x-grpc-web", "x-user-agent", "grpc-timeout", "authorization"] {
        assert!(answer.header("access-control-allow-headers").contains(name), "{name}");
    }
    let (headers, _) = call(&stack, GET, BINARY, &[origin]).await;
    assert_eq!(headers["access-control-allow-origin"], "https://shop.example");
    let exposed = headers["access-control-expose-headers"].to_str().unwrap();
    for name in ["grpc-status", "grpc-message", "grpc-status-details-bin"] {
        assert!(exposed.split(", ").any(|exposed| exposed == name), "{name}: {exposed}");
    }
}

#[tokio::test]
async fn a_form_that_nobody_speaks_is_refused() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    for (line, form) in [(GET, "application/grpc-web+json"), (&GET.replace("POST", "GET"), BINARY)]
    {
        let answer = stack.send(line, &[("content-type", form)], "").await;
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn another_method_is_told_which_there_is() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    for method in ["GET", "PUT", "DELETE"] {
        let line = GET.replace("POST", method);
        let response = stack.open(&line, &[("content-type", BINARY)], Vec::new()).await;
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "POST", "{method}");
        assert_eq!(response.headers()["grpc-status"], "12", "{method}");
    }
}

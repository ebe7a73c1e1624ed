//! gRPC clients on the gateway's port: what they send and what they are told is the service's, within the edge's
//! limits.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::time::Duration;

use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    CreateUserRequest, GetUserRequest, User, UserEvent, WatchUsersRequest, WatchUsersResponse,
};
use bytes::Bytes;
use futures_util::StreamExt;
use prost::Message;
use tokio::sync::{mpsc, oneshot};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::{ErrorDetails, StatusExt};

use crate::replicas::{Addresses, Replica, before, soon};
use crate::stack::Stack;
use crate::upstream::Upstream;

async fn channel(stack: &Stack) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{}", stack.address)).unwrap();
    endpoint.connect().await.unwrap()
}

pub(crate) async fn users(stack: &Stack) -> UserServiceClient<Channel> {
    UserServiceClient::new(channel(stack).await)
}

fn user() -> User {
    User { name: "users/u1".to_owned(), email: "ana@example.com".to_owned(), ..User::default() }
}

pub(crate) fn me() -> GetUserRequest {
    GetUserRequest { name: "users/me".to_owned() }
}

fn event(id: u32) -> WatchUsersResponse {
    let event = UserEvent { name: format!("users/u1/events/{id}"), ..UserEvent::default() };
    WatchUsersResponse { event: Some(event), ..WatchUsersResponse::default() }
}

/// An upstream whose one stream is what the test sends.
fn stream() -> (mpsc::Sender<Result<Bytes, Status>>, Upstream) {
    let (sender, receiver) = mpsc::channel(4);
    let receiver = std::sync::Mutex::new(Some(receiver));
    let upstream = Upstream::new(move |_| {
        let receiver = receiver.lock().unwrap().take().unwrap();
        async move { Ok(tokio_stream::wrappers::ReceiverStream::new(receiver).boxed()) }
    });
    (sender, upstream)
}

#[tokio::test]
async fn a_call_is_passed_on_and_answered() {
    for stack in [
        Stack::start(Upstream::saying(&user())).await,
        Stack::in_process(Upstream::saying(&user())).await,
    ] {
        let mut request = Request::new(me());
        request.metadata_mut().insert("x-request-id", "abc-123".parse().unwrap());
        let answer = users(&stack).await.get_user(request).await.unwrap();
        assert_eq!(answer.metadata().get("x-request-id").unwrap(), "abc-123");
        assert_eq!(answer.into_inner(), user());
        let call = stack.upstream.call();
        assert_eq!(call.path, "/artisan.user.v1.UserService/GetUser");
        assert_eq!(call.decode::<GetUserRequest>(), me());
        assert_eq!(call.header("x-request-id"), Some("abc-123"));
    }
}

#[tokio::test]
async fn nothing_but_the_named_headers_passes() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let mut request = Request::new(me());
    for (name, value) in [
        ("authorization", "Bearer token"),
        ("x-forwarded-for", "6.6.6.6"),
        ("cookie", "session=1"),
        ("x-roles", "admin"),
        ("grpc-timeout", "2H"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ] {
        request.metadata_mut().insert(name, value.parse().unwrap());
    }
    users(&stack).await.get_user(request).await.unwrap();
    let call = stack.upstream.call();
    let transport = ["content-length", "content-type", "te", "user-agent"];
    let names = call.metadata.keys().map(http::HeaderName::as_str);
    let passed: BTreeSet<_> = names.filter(|name| !transport.contains(name)).collect();
    let expected =
        ["authorization", "grpc-timeout", "traceparent", "x-forwarded-for", "x-request-id"];
    assert_eq!(passed, BTreeSet::from(expected));
    assert_eq!(call.header("x-forwarded-for"), Some("127.0.0.1"), "the address is overwritten");
    assert!(!call.header("grpc-timeout").unwrap().ends_with('H'), "the time is capped");
    assert_eq!(call.header("authorization"), Some("Bearer token"));
}

#[tokio::test]
async fn an_error_comes_with_its_details() {
    let mut details =
        ErrorDetails::with_error_info("EMAIL_TAKEN", "artisan.user.v1", HashMap::new());
    details.add_bad_request_violation("user.email", "is taken");
    let status = Status::with_error_details(Code::AlreadyExists, "é taken", details);
    let stack = Stack::start(Upstream::failing(status)).await;
    let error = users(&stack).await.get_user(me()).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::AlreadyExists, "é taken"));
    let details = error.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "EMAIL_TAKEN");
    assert_eq!(details.bad_request().unwrap().field_violations[0].field, "user.email");
}

#[tokio::test]
async fn a_stream_comes_message_by_message_and_ends_with_its_status() {
    let (sender, upstream) = stream();
    let stack = Stack::start(upstream).await;
    let request = WatchUsersRequest { resume_token: "t1".to_owned(), ..Default::default() };
    let mut client = users(&stack).await;
    let mut messages = client.watch_users(request).await.unwrap().into_inner();
    for id in [1, 2] {
        sender.send(Ok(event(id).encode_to_vec().into())).await.unwrap();
        assert_eq!(messages.message().await.unwrap(), Some(event(id)));
    }
    sender.send(Err(Status::aborted("go on elsewhere"))).await.unwrap();
    let error = messages.message().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Aborted, "go on elsewhere"));
    assert_eq!(stack.upstream.call().header("grpc-timeout"), None);
}

#[tokio::test]
async fn a_client_that_leaves_cancels_the_call() {
    let (dropped, was_dropped) = oneshot::channel::<()>();
    let dropped = std::sync::Mutex::new(Some(dropped));
    let upstream = Upstream::new(move |_| {
        let guard = dropped.lock().unwrap().take();
        async move {
            let first = futures_util::stream::iter([Ok(event(1).encode_to_vec().into())]);
            let rest = futures_util::stream::once(async move {
                let _guard = guard;
                std::future::pending().await
            });
            Ok(first.chain(rest).boxed())
        }
    });
    let stack = Stack::start(upstream).await;
    let mut client = users(&stack).await;
    let mut messages = client.watch_users(WatchUsersRequest::default()).await.unwrap().into_inner();
    messages.message().await.unwrap().unwrap();
    drop(messages);
    assert!(was_dropped.await.is_err(), "the service's stream is dropped");
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_given_up() {
    for stack in [
        Stack::with(Upstream::new(|_| std::future::pending()), &[("REQUEST_TIMEOUT", "100ms")])
            .await,
        Stack::in_process_with(
            Upstream::new(|_| std::future::pending()),
            &[("REQUEST_TIMEOUT", "100ms")],
        )
        .await,
    ] {
        let error = users(&stack).await.get_user(me()).await.unwrap_err();
        assert_eq!(error.code(), Code::DeadlineExceeded);
        assert_eq!(error.get_error_details().error_info().unwrap().reason, "DEADLINE_EXCEEDED");
    }
}

#[tokio::test]
async fn a_stream_ends_at_the_time_that_its_client_gave_it() {
    let (_sender, upstream) = stream();
    let stack = Stack::start(upstream).await;
    let answer = stack
        .h2("/artisan.user.v1.UserService/WatchUsers", &[("grpc-timeout", "100m")], b"\0\0\0\0\0")
        .await;
    assert_eq!(answer.trailers["grpc-status"], "4", "{answer:?}");
}

#[tokio::test]
async fn other_services_are_not_reached() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let mut health = HealthClient::new(channel(&stack).await);
    let error = health.check(HealthCheckRequest::default()).await.unwrap_err();
    assert_eq!(error.code(), Code::Unimplemented);
    assert_eq!(error.get_error_details().error_info().unwrap().reason, "METHOD_NOT_FOUND");
    for path in [
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/artisan.user.v1.UserService/Nothing",
        "/artisan.user.v1.UserService/../../grpc.health.v1.Health/Check",
        "/v1/users",
        "/docs",
    ] {
        let answer = stack.h2(path, &[], b"\0\0\0\0\0").await;
        assert_eq!(answer.headers["content-type"], "application/grpc", "{path}");
        assert_eq!(answer.headers["grpc-status"], "12", "{path}");
    }
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn limits_are_told_in_grpc() {
    let variables = [("MAX_BODY", "1KiB")];
    let stack = Stack::with(Upstream::saying(&user()), &variables).await;
    let long = CreateUserRequest { user_id: "x".repeat(2 << 10), ..Default::default() };
    let error = users(&stack).await.create_user(long).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(error.get_error_details().error_info().unwrap().reason, "BODY_TOO_LARGE");

    let stack = Stack::with(Upstream::saying(&user()), &[("RATE_LIMIT", "1")]).await;
    let mut client = users(&stack).await;
    let error = loop {
        if let Err(error) = client.get_user(me()).await {
            break error;
        }
    };
    assert_eq!(error.code(), Code::ResourceExhausted);
    let details = error.get_error_details();
    assert_eq!(details.error_info().unwrap().reason, "RATE_LIMITED");
    let delay = details.retry_info().unwrap().retry_delay.unwrap();
    assert_eq!(delay, Duration::from_secs(1));
}

#[tokio::test]
async fn a_service_that_is_away_is_unavailable_and_not_described() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let stack = Stack::before(address, Upstream::saying(&user()), &[]).await;
    let error = users(&stack).await.get_user(me()).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(!format!("{error:?}").contains(&address.port().to_string()), "{error:?}");
    assert!(error.get_error_details().retry_info().is_some());
}

#[tokio::test]
async fn a_shutdown_ends_streams_with_a_status_that_says_so() {
    let (sender, upstream) = stream();
    let stack = Stack::start(upstream).await;
    let mut client = users(&stack).await;
    let mut messages = client.watch_users(WatchUsersRequest::default()).await.unwrap().into_inner();
    sender.send(Ok(event(1).encode_to_vec().into())).await.unwrap();
    messages.message().await.unwrap().unwrap();
    stack.shutdown.trigger();
    let error = messages.message().await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable, "{error:?}");
    drop((messages, client));
    assert_eq!(stack.server.await.unwrap(), artisan_runtime::lifecycle::Outcome::Drained);
}

#[tokio::test]
async fn grpc_over_http_1_is_told_what_it_needs() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let headers = [("content-type", "application/grpc")];
    let answer = stack.send("POST /artisan.user.v1.UserService/GetUser", &headers, "").await;
    assert_eq!((answer.status.as_u16(), answer.header("grpc-status")), (505, "12"));
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn how_messages_are_compressed_is_passed_on() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let path = "/artisan.user.v1.UserService/GetUser";
    let accepts = [("grpc-accept-encoding", "gzip,zstd"), ("grpc-encoding", "identity")];
    stack.h2(path, &accepts, b"\0\0\0\0\0").await;
    let call = stack.upstream.call();
    assert_eq!(call.header("grpc-accept-encoding"), Some("gzip,zstd"));
    let long = "x".repeat(200);
    let answer = stack.h2(path, &[("grpc-encoding", &long)], b"\0\0\0\0\0").await;
    assert_eq!(answer.headers["grpc-status"], "3");
}

#[tokio::test]
async fn a_service_that_dies_ends_its_streams_as_unavailable() {
    let (sender, upstream) = stream();
    let mut replica = Replica::start(upstream);
    let stack = before(&Addresses::of(&[&replica]), soon()).await;
    sender.send(Ok(event(1).encode_to_vec().into())).await.unwrap();
    let answer = users(&stack).await.watch_users(WatchUsersRequest::default()).await.unwrap();
    let mut events = answer.into_inner();
    assert_eq!(events.message().await.unwrap(), Some(event(1)));
    replica.die();
    let status = events.message().await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
}

//! A service in the process is called as one in another process is.

use std::collections::BTreeMap;

use artisan_proto::artisan::user::v1::User;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::client::Answer;
use crate::stack::Stack;
use crate::upstream::{Call, Upstream, once};
use prost::Message;

type Headers = &'static [(&'static str, &'static str)];

const TRACED: Headers = &[
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ("tracestate", "vendor=1"),
    ("baggage", "tenant=7"),
    ("x-request-id", "given-id"),
    ("authorization", "Bearer token"),
    ("x-forwarded-for", "6.6.6.6"),
    ("cookie", "session=1"),
];
const SHORT: Headers = &[("x-request-timeout", "200ms"), ("x-request-id", "short")];
const JSON: Headers = &[("content-type", "application/json"), ("x-request-id", "json")];
const WRONG: Headers = &[("grpc-timeout", "soon"), ("x-request-id", "wrong")];

const TABLE: [(&str, Headers, &str); 10] = [
    ("GET /v1/users/u1", TRACED, ""),
    ("HEAD /v1/users/u1", TRACED, ""),
    ("GET /v1/users/gone", TRACED, ""),
    ("GET /v1/users/busy", TRACED, ""),
    ("GET /v1/users/silent", SHORT, ""),
    ("GET /v1/users/u1", WRONG, ""),
    ("PATCH /v1/users/u1", JSON, r#"{"email":"a@example.com"}"#),
    ("POST /v1/users/u1:activate", JSON, "{}"),
    ("POST /v1/users/u1:activate", JSON, "{"),
    ("GET /v1/users:watch", TRACED, ""),
];

fn upstream() -> Upstream {
    Upstream::new(|call| async move {
        let name = String::from_utf8_lossy(&call.message).into_owned();
        if name.contains("silent") {
            std::future::pending::<()>().await;
        }
        let failure = |code, reason| {
            let details = ErrorDetails::with_error_info(reason, "artisan.user.v1", []);
            Err(Status::with_error_details(code, "so it is", details))
        };
        if name.contains("gone") {
            return failure(Code::NotFound, "USER_NOT_FOUND");
        }
        if name.contains("busy") {
            return failure(Code::ResourceExhausted, "BUSY");
        }
        let user =
            User { name: "users/u1".to_owned(), etag: "\"1\"".to_owned(), ..User::default() };
        Ok(once(user.encode_to_vec().into()))
    })
}

/// What a service sees of a call; the transport's own headers are not its business.
fn seen(call: &Call) -> (String, Vec<u8>, BTreeMap<String, String>) {
    let transport = ["content-type", "te", "user-agent"];
    let headers = call.metadata.iter().filter(|(name, _)| !transport.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| {
        // How much time is left is another thing each time.
        let value = if name == "grpc-timeout" { "some" } else { value.to_str().unwrap() };
        (name.to_string(), value.to_owned())
    });
    (call.path.clone(), call.message.to_vec(), headers.collect())
}

fn told(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status.as_u16(), headers.collect(), answer.text.clone())
}

#[tokio::test]
async fn in_the_process_or_not_calls_and_answers_are_the_same() {
    let (remote, inside) = (Stack::start(upstream()).await, Stack::in_process(upstream()).await);
    for (line, headers, body) in TABLE {
        let answers =
            [remote.send(line, headers, body).await, inside.send(line, headers, body).await];
        assert_eq!(told(&answers[0]), told(&answers[1]), "{line}");
    }
    let calls = [remote.upstream.calls(), inside.upstream.calls()];
    assert_eq!(calls[0].len(), TABLE.len() - 2, "two were refused before");
    for (one, other) in calls[0].iter().zip(&calls[1]) {
        assert_eq!(seen(one), seen(other));
        assert!(one.peer.is_some() && other.peer.is_none(), "no hop in the process");
    }
    assert_eq!(calls[0].len(), calls[1].len());
}

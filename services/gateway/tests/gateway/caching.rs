//! Etags on the way out: `ETag`, `If-None-Match`, and what may be kept.

use artisan_proto::artisan::user::v1::{Jwks, ListUsersResponse, User};
use tonic::Status;

use crate::stack::Stack;
use crate::upstream::Upstream;

fn user() -> User {
    User { name: "users/u1".to_owned(), etag: "v1".to_owned(), ..User::default() }
}

#[tokio::test]
async fn a_resource_has_its_etag_and_must_be_revalidated() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let answer = stack.get("/v1/users/u1").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("etag"), "\"v1\"");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json()["name"], "users/u1");
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    for known in ["\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"] {
        let answer = stack.send("GET /v1/users/u1", &[("if-none-match", known)], "").await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (304, ""), "{known}");
        assert_eq!(answer.header("etag"), "\"v1\"");
        assert_eq!(answer.header("content-type"), "");
    }
    let answer = stack.send("GET /v1/users/u1", &[("if-none-match", "\"v0\"")], "").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn answers_that_have_no_etag_are_not_stored() {
    let stack = Stack::start(Upstream::saying(&ListUsersResponse::default())).await;
    let answer = stack.get("/v1/users").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("etag"), "");
}

#[tokio::test]
async fn keys_that_verify_tokens_are_kept_for_a_while_by_anybody() {
    let stack = Stack::start(Upstream::saying(&Jwks::default())).await;
    let answer = stack.get("/.well-known/jwks.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let broken = Stack::start(Upstream::failing(Status::unavailable("gone"))).await;
    let answer = broken.get("/.well-known/jwks.json").await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (503, "no-store"));
}

#[tokio::test]
async fn what_is_created_has_a_place() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let answer = stack.json("POST /v1/users", &[], r#"{"email":"a@example.com"}"#).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), "/v1/users/u1");
    assert_eq!(answer.header("etag"), "\"v1\"");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let stack = Stack::start(Upstream::saying(&user())).await;
    let get = stack.get("/v1/users/u1").await;
    let head = stack.send("HEAD /v1/users/u1", &[], "").await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    assert_eq!(head.header("etag"), "\"v1\"");
    assert_eq!(head.header("content-length"), get.text.len().to_string());
}

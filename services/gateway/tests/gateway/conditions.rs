//! Etags on the way in: `If-Match`.

use std::collections::HashMap;

use artisan_proto::artisan::user::v1::{DeleteUserRequest, UpdateUserRequest, User};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::stack::Stack;
use crate::upstream::Upstream;

const PATCH: &str = "PATCH /v1/users/me";
const BODY: &str = r#"{"email":"a@example.com"}"#;

fn stale() -> Status {
    let details = ErrorDetails::with_error_info("ETAG_MISMATCH", "artisan.user.v1", HashMap::new());
    Status::with_error_details(Code::Aborted, "the user has changed", details)
}

#[tokio::test]
async fn a_stale_etag_is_412_when_it_came_in_a_header_and_409_otherwise() {
    let stack = Stack::start(Upstream::failing(stale())).await;
    let answer = stack.json(PATCH, &[("if-match", "\"old\"")], BODY).await;
    answer.problem(412, "ETAG_MISMATCH");
    let answer = stack.json(PATCH, &[], BODY).await;
    answer.problem(409, "ETAG_MISMATCH");
}

#[tokio::test]
async fn another_conflict_stays_409_even_with_if_match() {
    let details = ErrorDetails::with_error_info("RETRY_LATER", "artisan.user.v1", HashMap::new());
    let status = Status::with_error_details(Code::Aborted, "deadlock", details);
    let stack = Stack::start(Upstream::failing(status)).await;
    stack.json(PATCH, &[("if-match", "\"old\"")], BODY).await.problem(409, "RETRY_LATER");
}

#[tokio::test]
async fn if_match_fills_the_etag_of_the_request() {
    let stack = Stack::start(Upstream::saying(&User::default())).await;
    stack.json(PATCH, &[("if-match", "\"v7\"")], BODY).await;
    let sent: UpdateUserRequest = stack.upstream.call().decode();
    assert_eq!(sent.user.unwrap().etag.trim_matches('"'), "v7");
    assert_eq!(sent.update_mask.unwrap().paths, ["email"], "the etag is no change");
    let stack = Stack::start(Upstream::saying(&User::default())).await;
    stack.send("DELETE /v1/users/me", &[("if-match", "\"v8\"")], "").await;
    let sent: DeleteUserRequest = stack.upstream.call().decode();
    assert_eq!(sent.etag.trim_matches('"'), "v8");
}

#[tokio::test]
async fn a_condition_that_nobody_keeps_is_refused() {
    let stack = Stack::start(Upstream::saying(&User::default())).await;
    for path in ["POST /v1/users", "POST /v1/users/me:erase", "POST /v1/users/u1:deactivate"] {
        let answer = stack.json(path, &[("if-match", "\"1\"")], "{}").await;
        answer.problem(400, "INVALID_HEADER");
    }
    assert!(stack.upstream.calls().is_empty());
    let read = stack.send("GET /v1/users/me", &[("if-match", "\"1\"")], "").await;
    assert_eq!(read.status, 200);
}

#[tokio::test]
async fn two_conditions_are_refused() {
    let stack = Stack::start(Upstream::saying(&User::default())).await;
    let answer = stack.json(PATCH, &[("if-match", "\"a\""), ("if-match", "\"b\"")], BODY).await;
    answer.problem(400, "INVALID_HEADER");
    assert!(stack.upstream.calls().is_empty());
}

//! Every status of gRPC has its status of HTTP, and tells clients no more than it should.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::client::Answer;
use crate::stack::Stack;
use crate::upstream::Upstream;

const PATH: &str = "/v1/users/me";

fn detailed(code: Code, text: &str, change: impl FnOnce(&mut ErrorDetails)) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info("THE_REASON", "artisan.user.v1", HashMap::new());
    change(&mut details);
    Status::with_error_details(code, text, details)
}

async fn answer_to(status: Status) -> Answer {
    Stack::start(Upstream::failing(status)).await.get(PATH).await
}

#[tokio::test]
async fn every_code_has_its_status() {
    for (code, status, name) in [
        (Code::Cancelled, 499, "CANCELLED"),
        (Code::Unknown, 500, "UNKNOWN"),
        (Code::InvalidArgument, 400, "INVALID_ARGUMENT"),
        (Code::DeadlineExceeded, 504, "DEADLINE_EXCEEDED"),
        (Code::NotFound, 404, "NOT_FOUND"),
        (Code::AlreadyExists, 409, "ALREADY_EXISTS"),
        (Code::PermissionDenied, 403, "PERMISSION_DENIED"),
        (Code::ResourceExhausted, 429, "RESOURCE_EXHAUSTED"),
        (Code::FailedPrecondition, 400, "FAILED_PRECONDITION"),
        (Code::Aborted, 409, "ABORTED"),
        (Code::OutOfRange, 400, "OUT_OF_RANGE"),
        (Code::Unimplemented, 501, "UNIMPLEMENTED"),
        (Code::Internal, 500, "INTERNAL"),
        (Code::Unavailable, 503, "UNAVAILABLE"),
        (Code::DataLoss, 500, "DATA_LOSS"),
        (Code::Unauthenticated, 401, "UNAUTHENTICATED"),
    ] {
        let problem = answer_to(detailed(code, "said", |_| {})).await.problem(status, "THE_REASON");
        assert_eq!(problem["code"], name);
        assert_eq!(problem["domain"], "artisan.user.v1");
        // Without details the name of the code is the reason.
        answer_to(Status::new(code, "said")).await.problem(status, name);
    }
}

#[tokio::test]
async fn text_and_fields_of_the_service_reach_the_client() {
    let status = detailed(Code::InvalidArgument, "the user is not valid", |details| {
        details.add_bad_request_violation("user.address.zip_code", "must not be empty");
        details.add_bad_request_violation("user.email", "must hold an @");
        let metadata = [("position".to_owned(), "7".to_owned())];
        details.set_error_info("THE_REASON", "artisan.user.v1", metadata);
    });
    let problem = answer_to(status).await.problem(400, "THE_REASON");
    assert_eq!(problem["detail"], "the user is not valid");
    assert_eq!(problem["title"], "Bad Request");
    let expected = serde_json::json!([
        {"field": "user.address.zip_code", "description": "must not be empty"},
        {"field": "user.email", "description": "must hold an @"},
    ]);
    assert_eq!(problem["errors"], expected);
    assert_eq!(problem["metadata"], serde_json::json!({"position": "7"}));
}

#[tokio::test]
async fn who_takes_nothing_but_plain_json_gets_a_status() {
    let status = detailed(Code::ResourceExhausted, "slow down", |details| {
        let metadata = [("position".to_owned(), "7".to_owned())];
        details.set_error_info("THE_REASON", "artisan.user.v1", metadata);
        details.set_retry_info(Some(Duration::from_millis(1500)));
        details.add_bad_request_violation("user.address.zip_code", "must not be empty");
    });
    let stack = Stack::start(Upstream::failing(status)).await;
    let line = format!("GET {PATH}");
    let answer = stack.send(&line, &[("accept", "application/json")], "").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (429, "application/json"));
    assert_eq!(answer.header("retry-after"), "2");
    let expected = serde_json::json!({"code": 8, "message": "slow down", "details": [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "THE_REASON",
            "domain": "artisan.user.v1", "metadata": {"position": "7"}},
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
            {"field": "user.address.zip_code", "description": "must not be empty"}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"},
    ]});
    assert_eq!(answer.json(), expected);
    for accept in
        ["application/*", "*/*", "application/json, application/problem+json", "text/html"]
    {
        let answer = stack.send(&line, &[("accept", accept)], "").await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{accept}");
    }
    let answer = stack.send("GET /nowhere", &[("accept", "application/json")], "").await;
    assert_eq!(answer.json()["code"], 5);
}

#[tokio::test]
async fn internal_text_never_reaches_the_client() {
    const INNER: &str = "SELECT * FROM credentials at db-1.internal:5432";
    for code in [Code::Internal, Code::Unknown, Code::DataLoss] {
        let with_details = answer_to(detailed(code, INNER, |_| {})).await;
        assert!(!with_details.text.contains("credentials"), "{with_details:?}");
    }
    // Nobody vouches for the text of a status without details: libraries make those.
    for code in [Code::Internal, Code::Unavailable, Code::InvalidArgument, Code::NotFound] {
        let answer = answer_to(Status::new(code, INNER)).await;
        assert!(!answer.text.contains("credentials"), "{answer:?}");
        assert!(!format!("{:?}", answer.headers).contains("db-1"), "{answer:?}");
    }
}

#[tokio::test]
async fn debug_info_never_reaches_the_client() {
    let status = detailed(Code::NotFound, "no such user", |details| {
        details.set_debug_info(vec!["at handler.rs".to_owned()], "secret detail");
    });
    let answer = answer_to(status).await;
    answer.problem(404, "THE_REASON");
    assert!(!answer.text.contains("secret") && !answer.text.contains("handler.rs"), "{answer:?}");
}

#[tokio::test]
async fn retry_info_becomes_retry_after() {
    let status = detailed(Code::ResourceExhausted, "slow down", |details| {
        details.set_retry_info(Some(Duration::from_millis(2500)));
    });
    assert_eq!(answer_to(status).await.header("retry-after"), "3");
    let status = detailed(Code::Unavailable, "later", |_| {});
    assert_eq!(answer_to(status).await.header("retry-after"), "1");
    let status = detailed(Code::NotFound, "no such user", |_| {});
    assert_eq!(answer_to(status).await.header("retry-after"), "");
}

#[tokio::test]
async fn an_unauthenticated_caller_is_told_how_to_authenticate() {
    let answer = answer_to(detailed(Code::Unauthenticated, "no token", |_| {})).await;
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let answer = answer_to(detailed(Code::PermissionDenied, "not yours", |_| {})).await;
    assert_eq!(answer.header("www-authenticate"), "");
}

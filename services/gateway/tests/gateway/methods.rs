//! Paths and methods that are not there, and what is acceptable.

use artisan_proto::artisan::user::v1::User;

use crate::stack::Stack;
use crate::upstream::Upstream;

async fn stack() -> Stack {
    Stack::start(Upstream::saying(&User::default())).await
}

#[tokio::test]
async fn unknown_paths_are_problems_too() {
    let stack = stack().await;
    for path in ["/", "/v2/users", "/v1/users/", "/v1/users/u1/unknown"] {
        stack.get(path).await.problem(404, "ROUTE_NOT_FOUND");
    }
    stack.get("/v1/users/%zz").await.problem(400, "MALFORMED_PATH");
    stack.get("/v1/users/%ff").await.problem(400, "MALFORMED_PATH");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let stack = stack().await;
    let answer = stack.send("PUT /v1/users/u1", &[], "").await;
    answer.problem(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "DELETE, GET, HEAD, OPTIONS, PATCH");
    let answer = stack.get("/v1/users/u1:activate").await;
    answer.problem(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.header("allow"), "OPTIONS, POST");
    let answer = stack.send("POST /openapi.json", &[], "").await;
    answer.problem(405, "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn options_tells_the_methods() {
    let stack = stack().await;
    let answer = stack.send("OPTIONS /v1/users", &[], "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS, POST");
    stack.send("OPTIONS /v1/nothing", &[], "").await.problem(404, "ROUTE_NOT_FOUND");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn a_client_that_wants_no_json_is_refused_before_anything_happens() {
    let stack = stack().await;
    let answer = stack.send("GET /v1/users/u1", &[("accept", "text/html")], "").await;
    answer.problem(406, "NOT_ACCEPTABLE");
    assert!(stack.upstream.calls().is_empty());
    let browser = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    assert_eq!(stack.send("GET /v1/users/u1", &browser, "").await.status, 200);
}

#[tokio::test]
async fn custom_verbs_and_fixed_paths_find_their_rpc() {
    for (line, rpc) in [
        ("POST /v1/users/u1:activate", "UserService/ActivateUser"),
        ("GET /v1/users:batchGet?names=users/u1", "UserService/BatchGetUsers"),
        ("GET /v1/users/u1", "UserService/GetUser"),
        ("POST /v1/users/u1/sessions:revokeAll", "AuthService/RevokeAllSessions"),
        ("DELETE /v1/users/u1/sessions/s1", "AuthService/RevokeSession"),
        ("GET /.well-known/jwks.json", "AuthService/GetJwks"),
        ("GET /v1/schema", "SchemaService/GetSchemaStatus"),
    ] {
        let stack = stack().await;
        let answer = stack.send(line, &[], "").await;
        assert!(answer.status.is_success(), "{line}: {answer:?}");
        assert_eq!(stack.upstream.call().path, format!("/artisan.user.v1.{rpc}"), "{line}");
    }
}

//! What clients send reaches the service as they meant it, or is refused with the place that is wrong.

use artisan_proto::artisan::user::v1::{
    BatchGetUsersRequest, BatchGetUsersResponse, CreateUserRequest, ListUsersRequest,
    UpdateUserRequest, User, user,
};
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;

use crate::stack::Stack;
use crate::upstream::Upstream;

async fn stack() -> Stack {
    Stack::start(Upstream::saying(&User { name: "users/u1".to_owned(), ..User::default() })).await
}

fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn body_query_and_path_become_one_request() {
    let stack = stack().await;
    let body = r#"{"email":"joao@example.com","buyer":{"fullName":"João da Silva"},"address":{"zip_code":"40000-000"}}"#;
    let answer = stack.json("POST /v1/users?userId=u7&validateOnly=true", &[], body).await;
    assert_eq!(answer.status, 201);
    let call = stack.upstream.call();
    assert_eq!(call.path, "/artisan.user.v1.UserService/CreateUser");
    let sent: CreateUserRequest = call.decode();
    let user = sent.user.unwrap();
    assert_eq!((sent.user_id.as_str(), sent.validate_only), ("u7", true));
    assert_eq!(user.address.unwrap().zip_code, "40000-000");
    let Some(user::Profile::Buyer(buyer)) = user.profile else { panic!("no buyer") };
    assert_eq!(buyer.full_name, "João da Silva");
}

#[tokio::test]
async fn a_thousand_names_fit_into_a_query() {
    let stack = Stack::start(Upstream::saying(&BatchGetUsersResponse::default())).await;
    let names = "names=users%2F01890a5d-ac96-774b-bcce-b302099a8057&".repeat(1000);
    let answer = stack.get(&format!("/v1/users:batchGet?{}", names.trim_end_matches('&'))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(stack.upstream.call().decode::<BatchGetUsersRequest>().names.len(), 1000);
}

#[tokio::test]
async fn a_patch_without_a_mask_changes_what_its_body_names() {
    let stack = stack().await;
    let body = r#"{"address":{"city":"Recife"},"buyer":{"phone":""}}"#;
    stack.json("PATCH /v1/users/u1", &[], body).await;
    let sent: UpdateUserRequest = stack.upstream.call().decode();
    assert_eq!(sent.user.unwrap().name, "users/u1");
    let mut paths = sent.update_mask.unwrap().paths;
    paths.sort();
    assert_eq!(paths, ["address.city", "buyer.phone"]);
}

#[tokio::test]
async fn an_explicit_mask_wins() {
    let stack = stack().await;
    stack.json("PATCH /v1/users/u1?updateMask=email,address.zipCode", &[], "{}").await;
    let sent: UpdateUserRequest = stack.upstream.call().decode();
    assert_eq!(sent.update_mask.unwrap().paths, ["email", "address.zip_code"]);
}

#[tokio::test]
async fn query_parameters_are_typed() {
    let stack = stack().await;
    stack
        .get("/v1/users?pageSize=5&pageToken=a%2Bb%3D&showDeleted=true&order_by=create_time")
        .await;
    let sent: ListUsersRequest = stack.upstream.call().decode();
    assert_eq!((sent.page_size, sent.page_token.as_str()), (5, "a+b="));
    assert!(sent.show_deleted);
    assert_eq!(sent.order_by, "create_time");
}

#[tokio::test]
async fn broken_json_is_refused_with_its_place() {
    let stack = stack().await;
    let answer = stack.json("POST /v1/users", &[], "{\"email\":\n  oops}").await;
    let problem = answer.problem(400, "INVALID_JSON");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("line 2, column 3"), "{detail}");
    assert!(!detail.contains("oops"), "the value is not echoed: {detail}");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn unknown_fields_and_wrong_types_are_named() {
    let stack = stack().await;
    for (body, field) in [
        (r#"{"emial":"a@example.com"}"#, "emial"),
        (r#"{"address":{"zipcode":"1"}}"#, "zipcode"),
        (r#"{"email":7}"#, "email"),
        (r#"{"address":"Salvador"}"#, "address"),
        (r#"{"artisan":{"state":"NOWHERE"}}"#, "artisan.state"),
    ] {
        let answer = stack.json("POST /v1/users", &[], body).await;
        let problem = answer.problem(400, "INVALID_FIELDS");
        let named = fields(&problem);
        assert!(named.iter().any(|name| name.ends_with(field)), "{body}: {named:?}");
    }
    for query in ["pageSize=many", "pagesize=5", "showDeleted=maybe"] {
        let answer = stack.get(&format!("/v1/users?{query}")).await;
        assert_eq!(fields(&answer.problem(400, "INVALID_FIELDS")).len(), 1, "{query}");
    }
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn a_password_in_the_wrong_place_is_not_echoed() {
    let stack = stack().await;
    let body = r#"{"email":{"password":"Hunter2!secret"}}"#;
    let answer = stack.json("POST /v1/users", &[], body).await;
    assert_eq!(answer.status, 400);
    assert!(!answer.text.contains("Hunter2"), "{answer:?}");
}

#[tokio::test]
async fn only_json_is_read() {
    let stack = stack().await;
    for headers in [
        &[("content-type", "application/x-www-form-urlencoded")][..],
        &[("content-type", "application/json; charset=iso-8859-1")],
        &[("content-type", "application/json"), ("content-encoding", "gzip")],
        &[],
    ] {
        let answer = stack.send("POST /v1/users", headers, "{}").await;
        answer.problem(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    let good = [("content-type", "application/json; charset=utf-8")];
    assert_eq!(stack.send("POST /v1/users", &good, "{}").await.status, 201);
}

#[tokio::test]
async fn a_body_where_none_belongs_is_refused() {
    let stack = stack().await;
    stack.json("GET /v1/users", &[], "{}").await.problem(400, "UNEXPECTED_BODY");
    stack.json("DELETE /v1/users/u1", &[], "{}").await.problem(400, "UNEXPECTED_BODY");
}

#[tokio::test]
async fn a_body_of_20_mb_is_refused_however_it_comes() {
    const SIZE: usize = 20 << 20;
    let stack = stack().await;
    let declared = "x".repeat(SIZE);
    let answer = stack.json("POST /v1/users", &[], &declared).await;
    answer.problem(413, "BODY_TOO_LARGE");

    // In chunks: nobody knows how much will come.
    let chunk = Bytes::from(vec![b' '; 64 << 10]);
    let chunks =
        stream::iter((0..SIZE / chunk.len()).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let body = Body::from_stream(chunks);
    let answer = stack.send("POST /v1/users", &[("content-type", "application/json")], body).await;
    answer.problem(413, "BODY_TOO_LARGE");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn max_body_is_the_limit_and_one_byte_more_is_too_much() {
    let upstream = Upstream::saying(&User::default());
    let stack = Stack::with(upstream, &[("MAX_BODY", "1KiB")]).await;
    let body = format!("{{{}}}", " ".repeat(1022));
    assert_eq!(stack.json("POST /v1/users", &[], &body).await.status, 200);
    let body = format!("{{{}}}", " ".repeat(1023));
    stack.json("POST /v1/users", &[], &body).await.problem(413, "BODY_TOO_LARGE");
}

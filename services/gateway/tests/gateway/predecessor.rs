//! The predecessor's routes: its forms in, its answers out, and between them the contract.

use std::collections::HashMap;

use artisan_proto::artisan::user::v1::{self as pb, CreateUserRequest, User, user};
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::client::Answer;
use crate::stack::Stack;
use crate::upstream::Upstream;

const ARTISAN: &str = "POST /api/auth/register/artisan";
const BUYER: &str = "POST /api/auth/register/buyer";
const PASSWORD: &str = "ValidPassword123!";

fn address() -> Value {
    json!({
        "street": "Rua das Flores", "number": "123", "neighborhood": "Pelourinho",
        "city": "Salvador", "state": "BA", "zip_code": "40026-010"
    })
}

fn artisan() -> Value {
    json!({
        "email": "Ana@Example.COM", "password": PASSWORD, "store_name": "Ateliê", "bio": "Rendas",
        "address": address(), "unknown": true
    })
}

fn buyer() -> Value {
    json!({
        "email": "Joao@Example.COM", "password": PASSWORD, "full_name": "João",
        "phone": "71988887777", "address": address()
    })
}

/// A form with one member changed, or taken away.
fn with(mut form: Value, path: &str, value: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = if parent.is_empty() { String::new() } else { format!("/{parent}") };
    let object = form.pointer_mut(&parent).unwrap().as_object_mut().unwrap();
    if value == "ABSENT" {
        object.remove(name);
    } else {
        object.insert(name.to_owned(), value);
    }
    form
}

fn registered(profile: user::Profile) -> User {
    User {
        name: "users/u1".to_owned(),
        uid: "u1".to_owned(),
        email: "ana@example.com".to_owned(),
        state: user::State::Active as i32,
        profile: Some(profile),
        create_time: Some(prost_types::Timestamp { seconds: 1_764_000_000, nanos: 0 }),
        address: Some(pb::Address {
            street: "Rua das Flores".to_owned(),
            neighborhood: "Pelourinho".to_owned(),
            city: "Salvador".to_owned(),
            state: "BA".to_owned(),
            zip_code: "40026-010".to_owned(),
            country: "Brasil".to_owned(),
            ..pb::Address::default()
        }),
        ..User::default()
    }
}

fn shop() -> User {
    registered(user::Profile::Artisan(pb::Artisan {
        store_name: "Ateliê".to_owned(),
        bio: "Rendas".to_owned(),
        ..pb::Artisan::default()
    }))
}

async fn send(stack: &Stack, line: &str, form: &Value) -> Answer {
    stack.json(line, &[], &form.to_string()).await
}

#[tokio::test]
async fn an_artisan_is_registered_by_the_contract_and_answered_as_before() {
    let stack = Stack::start(Upstream::saying(&shop())).await;
    let line_headers = [("idempotency-key", "\"7b0c2f6e-9a51-4b8e-9f0d-3c2a1b0d9e8f\"")];
    let answer = stack.json(ARTISAN, &line_headers, &artisan().to_string()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(
        answer.text,
        r#"{"user_id":"u1","email":"ana@example.com","store_name":"Ateliê","phone":null,"bio":"Rendas","registration_date":"2025-11-24T16:00:00Z","status":"active","role":"artisan","address":{"address_id":"u1","street":"Rua das Flores","number":null,"complement":null,"neighborhood":"Pelourinho","city":"Salvador","state":"BA","zip_code":"40026-010","country":"Brasil"}}"#
    );
    let call = stack.upstream.call();
    assert_eq!(call.path, "/artisan.user.v1.UserService/CreateUser");
    assert_eq!(call.header("x-forwarded-for"), Some("127.0.0.1"));
    assert!(call.header("grpc-timeout").is_some());
    let sent: CreateUserRequest = call.decode();
    assert_eq!(sent.request_id, "7b0c2f6e-9a51-4b8e-9f0d-3c2a1b0d9e8f");
    let user = sent.user.unwrap();
    assert_eq!((user.email.as_str(), user.password.as_str()), ("Ana@Example.COM", PASSWORD));
    let address = user.address.unwrap();
    assert_eq!((address.number.as_str(), address.zip_code.as_str()), ("123", "40026-010"));
    let Some(user::Profile::Artisan(profile)) = user.profile else { panic!("no artisan") };
    assert_eq!((profile.store_name.as_str(), profile.bio.as_str()), ("Ateliê", "Rendas"));
}

#[tokio::test]
async fn a_buyer_is_registered_likewise() {
    let profile = pb::Buyer { full_name: "João".to_owned(), phone: "71988887777".to_owned() };
    let stack = Stack::start(Upstream::saying(&registered(user::Profile::Buyer(profile)))).await;
    let answer = send(&stack, BUYER, &buyer()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let begin = r#"{"user_id":"u1","email":"ana@example.com","full_name":"João","phone":"71988887777","registration_date":"#;
    assert!(answer.text.starts_with(begin), "{}", answer.text);
    assert_eq!(answer.json()["role"], "buyer");
    let sent: CreateUserRequest = stack.upstream.call().decode();
    assert_eq!(sent.user.unwrap().email, "Joao@example.com", "the domain was lower-cased");
}

#[tokio::test]
async fn an_artisan_needs_no_address() {
    let stack = Stack::start(Upstream::saying(&User { address: None, ..shop() })).await;
    let answer = send(&stack, ARTISAN, &with(artisan(), "address", "ABSENT".into())).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.json()["address"], Value::Null);
}

#[tokio::test]
async fn every_answer_says_that_the_routes_go() {
    let stack = Stack::start(Upstream::saying(&shop())).await;
    let form = artisan().to_string();
    for answer in [
        stack.json(ARTISAN, &[], &form).await,
        stack.json(ARTISAN, &[], "{}").await,
        stack.send("GET /api/auth/register/artisan", &[], "").await,
        stack.send(BUYER, &[], "").await,
    ] {
        assert_eq!(answer.header("deprecation"), "@1796083200");
        assert_eq!(answer.header("sunset"), "Wed, 01 Dec 2027 00:00:00 GMT");
        assert!(answer.header("link").contains("</v1/users>; rel=\"successor-version\""));
        assert_ne!(answer.header("x-request-id"), "");
    }
}

#[tokio::test]
async fn the_first_layer_names_every_field() {
    let stack = Stack::start(Upstream::saying(&shop())).await;
    let required = |name: &str| format!("'{name}' is a required property");
    let none = || "None is not of type 'string'".to_owned();
    for (line, form, field, message) in [
        (ARTISAN, with(artisan(), "email", "ABSENT".into()), "email", required("email")),
        (BUYER, with(buyer(), "full_name", "ABSENT".into()), "full_name", required("full_name")),
        (
            ARTISAN,
            with(artisan(), "address/street", "ABSENT".into()),
            "address.street",
            required("street"),
        ),
        (ARTISAN, with(artisan(), "bio", Value::Null), "bio", none()),
        (BUYER, with(buyer(), "address/number", Value::Null), "address.number", none()),
        (
            BUYER,
            with(buyer(), "address", Value::Null),
            "address",
            "None is not of type 'object'".to_owned(),
        ),
        (
            ARTISAN,
            with(artisan(), "password", "Aa1!".into()),
            "password",
            "the value is too short".to_owned(),
        ),
        (
            ARTISAN,
            with(artisan(), "store_name", "é".repeat(256).into()),
            "store_name",
            "the value is too long".to_owned(),
        ),
        (
            BUYER,
            with(buyer(), "email", "plainaddress".into()),
            "email",
            r"the value does not match '^\\S+@\\S+\\.\\S+$'".to_owned(),
        ),
        (ARTISAN, json!([]), "", "the body is not of type 'object'".to_owned()),
    ] {
        let answer = send(&stack, line, &form).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        let errors = json!({ field: message });
        let expected = json!({"errors": errors, "message": "Input payload validation failed"});
        assert_eq!(answer.json(), expected, "{form}");
    }
    let answer = send(&stack, ARTISAN, &json!({})).await;
    let errors = answer.json()["errors"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(errors, ["email", "password", "store_name"], "all at once");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn the_second_layer_has_a_list() {
    let stack = Stack::start(Upstream::saying(&shop())).await;
    for (line, form, detail) in [
        (
            ARTISAN,
            with(artisan(), "bio", "é".repeat(1001).into()),
            json!({"type": "string_too_long", "loc": ["bio"],
                "msg": "String should have at most 1000 characters", "ctx": {"max_length": 1000}}),
        ),
        (
            ARTISAN,
            with(artisan(), "password", format!("Aa1!{}", "x".repeat(61)).into()),
            json!({"type": "string_too_long", "loc": ["password"],
                "msg": "String should have at most 64 characters", "ctx": {"max_length": 64}}),
        ),
        (
            BUYER,
            with(buyer(), "address", "ABSENT".into()),
            json!({"type": "missing", "loc": ["address"], "msg": "Field required"}),
        ),
    ] {
        let answer = send(&stack, line, &form).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert_eq!(answer.json(), json!({"details": [detail], "message": "Invalid input data"}));
    }
    assert!(stack.upstream.calls().is_empty());
}

fn refusing(code: Code, violations: &'static [(&'static str, &'static str)]) -> Status {
    let mut details = ErrorDetails::with_error_info("REASON", "artisan.user.v1", HashMap::new());
    for (field, description) in violations {
        details.add_bad_request_violation(*field, *description);
    }
    Status::with_error_details(code, "the user is not valid", details)
}

#[tokio::test]
async fn what_the_service_refuses_is_told_in_the_old_words() {
    let password = &[("user.password", "must be better")][..];
    for (form, status, code, expected) in [
        (
            artisan(),
            refusing(Code::AlreadyExists, &[("user.email", "is taken")]),
            409,
            json!({"message": "Email already registered."}),
        ),
        (
            artisan(),
            refusing(Code::InvalidArgument, &[("user.email", "must be an e-mail address")]),
            400,
            json!({"message": "Invalid email format"}),
        ),
        (
            with(artisan(), "password", "aAaAaAa!".into()),
            refusing(Code::InvalidArgument, password),
            400,
            json!({"message": "Password must contain at least one number"}),
        ),
        (
            with(artisan(), "password", "AAAAAA1!".into()),
            refusing(Code::InvalidArgument, password),
            400,
            json!({"message": "Password must contain at least one lowercase letter"}),
        ),
        (
            with(artisan(), "password", "aaaaaa1!".into()),
            refusing(Code::InvalidArgument, password),
            400,
            json!({"message": "Password must contain at least one uppercase letter"}),
        ),
        (
            with(artisan(), "password", "aAaAaAa1".into()),
            refusing(Code::InvalidArgument, password),
            400,
            json!({"message": "Password must contain at least one special character"}),
        ),
        (
            artisan(),
            refusing(
                Code::InvalidArgument,
                &[("user.email", "x"), ("user.address.city", "must be set")],
            ),
            400,
            json!({"message": "Invalid input data", "details": [
                {"type": "value_error", "loc": ["address", "city"], "msg": "Value error, must be set"}
            ]}),
        ),
        (artisan(), Status::internal("SELECT"), 500, json!({"message": "Internal server error"})),
        (
            artisan(),
            Status::unavailable("db-1"),
            503,
            json!({"message": "the service is not available at the moment"}),
        ),
    ] {
        let stack = Stack::start(Upstream::failing(status)).await;
        let answer = send(&stack, ARTISAN, &form).await;
        assert_eq!(answer.status.as_u16(), code, "{answer:?}");
        assert_eq!(answer.json(), expected);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("retry-after").is_empty(), code != 503);
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused_as_before() {
    let stack = Stack::start(Upstream::saying(&shop())).await;
    let answer = stack.json(ARTISAN, &[], "{\"email\":").await;
    assert_eq!(answer.status, 400);
    let unreadable = "The browser (or proxy) sent a request that this server could not understand.";
    assert_eq!(answer.json(), json!({ "message": unreadable }));
    for headers in [&[][..], &[("content-type", "application/x-www-form-urlencoded")]] {
        for body in ["", "email=a"] {
            let answer = stack.send(ARTISAN, headers, body.to_owned()).await;
            assert_eq!(answer.status, 415, "{answer:?}");
            let message = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.";
            assert_eq!(answer.json(), json!({ "message": message }));
        }
    }
    let answer = stack.send("GET /api/auth/register/buyer", &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "OPTIONS, POST"));
    let message = "The method is not allowed for the requested URL.";
    assert_eq!(answer.json(), json!({ "message": message }));
    let answer = stack.send("OPTIONS /api/auth/register/buyer", &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (204, "OPTIONS, POST"));
    stack.get("/api/auth/register/nobody").await.problem(404, "ROUTE_NOT_FOUND");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn no_answer_holds_the_password() {
    const SECRET: &str = "hunter2";
    let status = refusing(Code::InvalidArgument, &[("user.password", "must have a digit")]);
    let stack = Stack::start(Upstream::failing(status)).await;
    for password in [
        json!(SECRET),
        json!({ SECRET: SECRET }),
        json!([SECRET]),
        json!(SECRET.repeat(20)),
        json!(format!("{SECRET}xxxx")),
    ] {
        for (line, form) in [(ARTISAN, artisan()), (BUYER, buyer())] {
            let answer = send(&stack, line, &with(form, "password", password.clone())).await;
            assert_eq!(answer.status, 400, "{answer:?}");
            assert!(!answer.text.contains(SECRET), "{answer:?}");
        }
    }
    let answer = send(&stack, ARTISAN, &json!([SECRET])).await;
    assert!(!answer.text.contains(SECRET), "{answer:?}");
}

#[tokio::test]
async fn limits_act_here_too() {
    let stack = Stack::with(Upstream::saying(&shop()), &[("MAX_BODY", "1KiB")]).await;
    let long = with(artisan(), "bio", "x".repeat(2 << 10).into());
    let answer = send(&stack, ARTISAN, &long).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.json()["message"].as_str().unwrap().contains("1024 bytes"), "{answer:?}");
    let stack = Stack::with(Upstream::saying(&shop()), &[("RATE_LIMIT", "1")]).await;
    while send(&stack, ARTISAN, &artisan()).await.status == 201 {}
    let answer = send(&stack, ARTISAN, &artisan()).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    assert_eq!(answer.json(), json!({"message": "too many requests from this address"}));
    for (name, value) in [("ratelimit-policy", "\"client\";q=1;w=1"), ("retry-after", "1")] {
        assert_eq!(answer.header(name), value);
    }
    for name in ["deprecation", "sunset", "link"] {
        assert!(!answer.header(name).is_empty(), "{name}: {answer:?}");
    }
}

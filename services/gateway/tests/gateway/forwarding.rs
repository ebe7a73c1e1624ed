//! What of a request reaches the service, and nothing else does.

use std::collections::BTreeSet;

use artisan_proto::artisan::user::v1::User;

use crate::stack::Stack;
use crate::upstream::Upstream;

fn upstream() -> Upstream {
    Upstream::saying(&User::default())
}

#[tokio::test]
async fn nothing_but_the_named_headers_passes() {
    let stack = Stack::start(upstream()).await;
    let headers = [
        ("authorization", "Bearer token"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("tracestate", "vendor=1"),
        ("baggage", "tenant=7,plan=gold"),
        ("x-request-id", "given-id"),
        ("x-forwarded-for", "6.6.6.6"),
        ("x-real-ip", "6.6.6.6"),
        ("forwarded", "for=6.6.6.6"),
        ("cookie", "session=1"),
        ("user-agent", "curl/8"),
        ("x-roles", "admin"),
        ("grpc-metadata-x", "y"),
        ("accept-language", "pt"),
    ];
    stack.send("GET /v1/users/me", &headers, "").await;
    let call = stack.upstream.call();
    let transport = ["content-type", "te", "user-agent"];
    let passed: BTreeSet<_> = call
        .metadata
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|n| !transport.contains(n))
        .collect();
    let expected = [
        "authorization",
        "baggage",
        "grpc-timeout",
        "traceparent",
        "tracestate",
        "x-forwarded-for",
        "x-request-id",
    ];
    assert_eq!(passed, BTreeSet::from(expected));
    assert_eq!(call.header("authorization"), Some("Bearer token"));
    assert_eq!(call.header("x-request-id"), Some("given-id"));
    assert_eq!(call.header("x-forwarded-for"), Some("127.0.0.1"), "the address is overwritten");
    assert!(call.header("traceparent").unwrap().contains("0af7651916cd43dd8448eb211c80319c"));
    assert!(!call.header("user-agent").unwrap().contains("curl"));
}

#[tokio::test]
async fn baggage_passes_whole_or_not_at_all() {
    let stack = Stack::start(upstream()).await;
    let (fits, large) = ("k=".to_owned() + &"v".repeat(4094), "k=".to_owned() + &"v".repeat(4095));
    for (given, passed) in [
        (vec!["a=1", "b=2"], Some("a=1,b=2")),
        (vec![&fits], Some(fits.as_str())),
        (vec![&large], None),
        (vec!["a=1", &fits], None),
    ] {
        let headers: Vec<_> = given.into_iter().map(|value| ("baggage", value)).collect();
        stack.send("GET /v1/users/me", &headers, "").await;
        assert_eq!(stack.upstream.calls().last().unwrap().header("baggage"), passed);
    }
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let stack = Stack::with(upstream(), &[("TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")]).await;
    let headers = [("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.1.1.1")];
    stack.send("GET /v1/users/me", &headers, "").await;
    assert_eq!(stack.upstream.call().header("x-forwarded-for"), Some("203.0.113.9"));
}

#[tokio::test]
async fn one_request_id_everywhere() {
    let stack = Stack::start(upstream()).await;
    let answer = stack.send("GET /v1/users/me", &[("x-request-id", "abc-123")], "").await;
    assert_eq!(answer.header("x-request-id"), "abc-123");

    let answer = stack.send("GET /v1/users/me", &[("x-request-id", "a b\"c")], "").await;
    let made = answer.header("x-request-id");
    assert!(made.parse::<uuid::Uuid>().is_ok(), "{made}");
    assert_eq!(stack.upstream.calls()[1].header("x-request-id"), Some(made));

    let answer = stack.get("/nowhere").await;
    let problem = answer.problem(404, "ROUTE_NOT_FOUND");
    assert_ne!(problem["request_id"], "");
}

#[tokio::test]
async fn a_credential_that_the_service_could_not_take_is_refused_before_it() {
    let stack = Stack::start(upstream()).await;
    let long = format!("Bearer {}", "x".repeat(9 << 10));
    let answer = stack.send("GET /v1/users/me", &[("authorization", &long)], "").await;
    answer.problem(400, "INVALID_HEADER");
    let twice = [("authorization", "Bearer one"), ("authorization", "Bearer two")];
    let answer = stack.send("GET /v1/users/me", &twice, "").await;
    answer.problem(400, "INVALID_HEADER");
    assert!(!answer.text.contains("one") && !answer.text.contains("two"), "{answer:?}");
    assert!(stack.upstream.calls().is_empty());
}

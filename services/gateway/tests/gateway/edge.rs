//! Origins, rates and headers.

use artisan_proto::artisan::user::v1::User;

use crate::stack::Stack;
use crate::upstream::Upstream;

const SHOP: (&str, &str) = ("origin", "https://shop.example");

fn upstream() -> Upstream {
    Upstream::saying(&User::default())
}

#[tokio::test]
async fn no_origin_is_allowed_by_default() {
    let stack = Stack::start(upstream()).await;
    let answer = stack.send("GET /v1/users/me", &[SHOP], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn an_allowed_origin_may_ask_and_call() {
    let stack = Stack::with(upstream(), &[("CORS_ORIGINS", "https://shop.example")]).await;
    let asks = [
        SHOP,
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "authorization,if-match"),
    ];
    let answer = stack.send("OPTIONS /v1/users/me", &asks, "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    assert!(answer.header("access-control-allow-headers").contains("if-match"));
    assert!(stack.upstream.calls().is_empty());

    let answer = stack.send("GET /v1/users/me", &[SHOP], "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    let exposed: Vec<_> = answer.header("access-control-expose-headers").split(", ").collect();
    for name in ["etag", "location", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"]
    {
        assert!(exposed.contains(&name), "{name}: {exposed:?}");
    }
    assert!(exposed.contains(&"deprecation"), "{exposed:?}");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert!(answer.header("vary").contains("origin"));

    let other = [("origin", "https://evil.example"), asks[1]];
    let answer = stack.send("OPTIONS /v1/users/me", &other, "").await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("access-control-allow-methods"), "");
}

#[tokio::test]
async fn a_client_beyond_its_rate_waits_and_others_do_not() {
    let variables = [("RATE_LIMIT", "2"), ("TRUSTED_PROXIES", "127.0.0.1")];
    let stack = Stack::with(upstream(), &variables).await;
    let from = |address| [("x-forwarded-for", address)];
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let answer = stack.send("GET /v1/users/me", &from("203.0.113.1"), "").await;
        statuses.push(answer.status.as_u16());
        assert_eq!(answer.header("ratelimit-policy"), "\"client\";q=2;w=1");
        assert!(answer.header("ratelimit").starts_with("\"client\";r="), "{answer:?}");
        if answer.status == 429 {
            assert_eq!(answer.header("ratelimit"), "\"client\";r=0;t=1");
            answer.problem(429, "RATE_LIMITED");
            assert_eq!(answer.header("retry-after"), "1");
        }
    }
    assert_eq!(statuses[..2], [200, 200]);
    assert!(statuses.contains(&429), "{statuses:?}");
    let answer = stack.send("GET /v1/users/me", &from("203.0.113.2"), "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(stack.get("/livez").await.status, 200);
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let stack = Stack::start(upstream()).await;
    for path in ["/v1/users/me", "/nowhere", "/openapi.json", "/docs"] {
        let answer = stack.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: nobody spoke TLS");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
    }
}

#[tokio::test]
async fn a_service_in_the_process_is_served_alike() {
    let stack = Stack::in_process(upstream()).await;
    let headers = [("authorization", "Bearer token"), ("x-request-id", "one")];
    let answer = stack.send("GET /v1/users/me", &headers, "").await;
    assert_eq!(answer.status, 200);
    let call = stack.upstream.call();
    assert_eq!(call.path, "/artisan.user.v1.UserService/GetUser");
    assert_eq!(call.header("authorization"), Some("Bearer token"));
    assert_eq!(call.header("x-request-id"), Some("one"));
    assert!(call.header("grpc-timeout").is_some());
}

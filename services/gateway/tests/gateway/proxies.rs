//! Balancers and proxies before the gateway: who is believed, about what.

use std::net::SocketAddr;

use artisan_proto::artisan::user::v1::User;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stack::Stack;
use crate::upstream::Upstream;

const REQUEST: &[u8] = b"GET /v1/users/me HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n";
const TRUSTED: [(&str, &str); 2] = [("PROXY_PROTOCOL", "on"), ("TRUSTED_PROXIES", "127.0.0.1")];

async fn stack(variables: &[(&str, &str)]) -> Stack {
    Stack::with(Upstream::saying(&User::default()), variables).await
}

async fn exchange(address: SocketAddr, parts: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    for part in parts {
        // The server may close before it has read everything.
        let _ = stream.write_all(part).await;
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_balancer_says_whose_connection_it_passes_on() {
    let v2 = [
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".as_slice(),
        &[203, 0, 113, 7, 192, 0, 2, 1, 200, 34, 1, 187],
    ]
    .concat();
    for (header, client) in [
        (b"PROXY TCP4 203.0.113.7 192.0.2.1 51234 443\r\n".as_slice(), "203.0.113.7"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n", "2001:db8::7"),
        (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
        (&v2, "203.0.113.7"),
    ] {
        let stack = stack(&TRUSTED).await;
        let answer = exchange(stack.address, &[header, REQUEST]).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(stack.upstream.call().header("x-forwarded-for"), Some(client));
    }
}

#[tokio::test]
async fn a_balancer_that_says_nothing_is_not_served() {
    let stack = stack(&TRUSTED).await;
    assert_eq!(exchange(stack.address, &[REQUEST]).await, "");
    assert_eq!(exchange(stack.address, &[b"PROXY TCP4 nonsense\r\n", REQUEST]).await, "");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn nobody_else_can_say_who_they_are() {
    let header = b"PROXY TCP4 203.0.113.7 192.0.2.1 51234 443\r\n";
    for variables in [
        &[("PROXY_PROTOCOL", "on"), ("TRUSTED_PROXIES", "10.0.0.0/8")][..],
        &[("TRUSTED_PROXIES", "127.0.0.1")],
    ] {
        let stack = stack(variables).await;
        let answer = exchange(stack.address, &[header, REQUEST]).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(stack.upstream.calls().is_empty());
        // Without a header they are served, as who they are.
        let answer = exchange(stack.address, &[REQUEST]).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(stack.upstream.call().header("x-forwarded-for"), Some("127.0.0.1"));
    }
}

#[tokio::test]
async fn addresses_in_headers_are_read_from_the_last_one_that_is_trusted() {
    for (forwarded, client) in [
        ("6.6.6.6, 2001:db8::9, 127.0.0.1", "2001:db8::9"),
        ("6.6.6.6, ::ffff:203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, unknown", "127.0.0.1"),
    ] {
        let stack = stack(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
        let headers = [("x-forwarded-for", forwarded), ("forwarded", "for=7.7.7.7")];
        stack.send("GET /v1/users/me", &headers, "").await;
        assert_eq!(stack.upstream.call().header("x-forwarded-for"), Some(client), "{forwarded}");
    }
}

#[tokio::test]
async fn a_trusted_proxy_that_was_spoken_to_over_tls_makes_it_last() {
    let name = "strict-transport-security";
    let https = [("x-forwarded-proto", "http, https")];
    let trusting = stack(&[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let answer = trusting.send("GET /v1/users/me", &https, "").await;
    assert_eq!(answer.header(name), "max-age=31536000");
    let http = [("x-forwarded-proto", "https, http")];
    assert_eq!(trusting.send("GET /v1/users/me", &http, "").await.header(name), "");
    assert_eq!(trusting.get("/v1/users/me").await.header(name), "");
    let other = stack(&[]).await.send("GET /v1/users/me", &https, "").await;
    assert_eq!(other.header(name), "", "anybody can write that");
}

#[test]
fn the_protocol_needs_somebody_to_believe() {
    let env = artisan_runtime::env::Env::from_pairs([("PROXY_PROTOCOL", "on")]);
    let error = artisan_gateway::Config::from_env(&env).unwrap_err();
    assert_eq!(error.problems()[0].variable, "PROXY_PROTOCOL");
}

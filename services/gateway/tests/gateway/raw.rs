//! Bytes that no decent client sends.

use std::net::SocketAddr;
use std::time::Duration;

use artisan_proto::artisan::user::v1::{User, WatchUsersResponse};
use artisan_runtime::http::Limits;
use futures_util::StreamExt;
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stack::Stack;
use crate::upstream::Upstream;

fn upstream() -> Upstream {
    Upstream::saying(&User::default())
}

async fn connect(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has read everything.
    let _ = stream.write_all(bytes).await;
    stream
}

/// Everything that comes back until the server closes.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut answer = Vec::new();
    let _ = connect(address, bytes).await.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or_default()
}

#[tokio::test]
async fn requests_whose_end_is_a_matter_of_opinion_are_refused() {
    let stack = Stack::start(upstream()).await;
    let post = "POST /v1/users HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\n";
    // The second request must never be seen as one.
    let smuggled = "GET /v1/users/smuggled HTTP/1.1\r\nhost: g\r\n\r\n";
    for (name, head) in [
        ("two lengths", "content-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        ("a list of lengths", "content-length: 2, 3\r\n\r\n{}"),
        ("a signed length", "content-length: +2\r\n\r\n{}"),
        ("a length in hexadecimal", "content-length: 0x2\r\n\r\n{}"),
        ("an unknown coding", "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("chunked is not the last", "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ("a folded line", "x: a\r\n b\r\ncontent-length: 2\r\n\r\n{}"),
        ("a blank before the colon", "content-length : 2\r\n\r\n{}"),
        ("a NUL", "x: a\0b\r\ncontent-length: 2\r\n\r\n{}"),
        ("a bare CR", "x: a\rb\r\ncontent-length: 2\r\n\r\n{}"),
        ("a size that is none", "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        ("a size too large", "transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n"),
        ("a chunk without its end", "transfer-encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n"),
    ] {
        let answer = exchange(stack.address, format!("{post}{head}{smuggled}").as_bytes()).await;
        assert_eq!(status(&answer), "400", "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{name}: {answer}");
    }
    assert!(stack.upstream.calls().is_empty(), "{:?}", stack.upstream.calls());
}

#[tokio::test]
async fn a_length_beside_chunks_ends_the_connection_after_the_request() {
    let stack = Stack::start(upstream()).await;
    let both = [
        "content-length: 4\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 4",
    ];
    for head in both {
        let request = format!(
            "POST /v1/users HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\n{head}\r\n\r\n\
             2\r\n{{}}\r\n0\r\n\r\nGET /v1/users/smuggled HTTP/1.1\r\nhost: g\r\n\r\n"
        );
        let answer = exchange(stack.address, request.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    }
    let calls = stack.upstream.calls();
    assert!(calls.iter().all(|call| call.path.ends_with("/CreateUser")), "{calls:?}");
}

#[tokio::test]
async fn a_request_names_one_host() {
    let stack = Stack::start(upstream()).await;
    for hosts in [
        "",
        "host: a\r\nhost: b\r\n",
        "host: a b\r\n",
        "host: a/..\r\n",
        "host: me@a\r\n",
        "host: a:b\r\n",
    ] {
        let request = format!("GET /v1/users/me HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
        let answer = exchange(stack.address, request.as_bytes()).await;
        assert_eq!(status(&answer), "400", "{answer}");
        assert!(answer.contains("INVALID_HOST"), "{answer}");
    }
    let old = exchange(stack.address, b"GET /v1/users/me HTTP/1.0\r\n\r\n").await;
    assert_eq!(status(&old), "200", "{old}");
}

#[tokio::test]
async fn heads_have_a_size() {
    let stack = Stack::start(upstream()).await;
    let request = |path: &str, headers: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: g\r\nconnection: close\r\n{headers}\r\n").into_bytes()
    };
    let long = "x".repeat(62 << 10);
    let answer = exchange(stack.address, &request(&format!("/v1/users?filter={long}"), "")).await;
    assert_eq!(status(&answer), "414", "{answer}");
    assert!(answer.contains("URI_TOO_LONG"), "{answer}");
    let many = "x-many: y\r\n".repeat(101);
    for headers in [format!("x: {}\r\n", "y".repeat(128 << 10)), many] {
        let answer = exchange(stack.address, &request("/v1/users/me", &headers)).await;
        assert_eq!(status(&answer), "431", "{answer}");
    }
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn methods_that_are_no_business_of_an_interface_are_refused() {
    let stack = Stack::start(upstream()).await;
    for (line, expected, allow) in [
        ("TRACE /v1/users/me", "405", "allow: DELETE, GET, HEAD, OPTIONS, PATCH\r\n"),
        ("TRACE /v1/users", "405", "allow: GET, HEAD, OPTIONS, POST\r\n"),
        ("TRACE /docs", "405", "allow: GET, HEAD\r\n"),
        ("TRACE /livez", "405", "allow: GET,HEAD\r\n"),
        ("TRACE /api/auth/register/buyer", "405", "POST"),
        ("TRACE /nothing", "404", ""),
        ("CONNECT example.com:443", "405", "allow: \r\n"),
    ] {
        let request = format!("{line} HTTP/1.1\r\nhost: g\r\nconnection: close\r\n\r\n");
        let answer = exchange(stack.address, request.as_bytes()).await;
        assert_eq!(status(&answer), expected, "{line}: {answer}");
        assert!(answer.contains(allow), "{answer}");
        assert_eq!(answer.contains("allow: "), expected == "405", "{answer}");
    }
}

#[tokio::test]
async fn clients_that_are_slow_to_ask_are_cut_off() {
    let limits = Limits { head_timeout: Duration::from_millis(100), ..Limits::default() };
    let stack = Stack::within(limits, upstream()).await;
    assert_eq!(exchange(stack.address, b"GET /v1/users/me HTTP/1.1\r\nhost:").await, "");
    // One that was served may be idle as long, and no longer.
    let served = exchange(stack.address, b"GET /livez HTTP/1.1\r\nhost: g\r\n\r\n").await;
    assert_eq!(status(&served), "200", "{served}");
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() {
    let stack = Stack::with(upstream(), &[("REQUEST_TIMEOUT", "100ms")]).await;
    let request = b"POST /v1/users HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\n\
                    content-length: 1000\r\n\r\n{";
    let mut stream = connect(stack.address, request).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert!(stack.upstream.calls().is_empty());
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_turn() {
    let stack = Stack::within(Limits { connections: 1, ..Limits::default() }, upstream()).await;
    let ask = b"GET /livez HTTP/1.1\r\nhost: g\r\n\r\n";
    let mut first = connect(stack.address, ask).await;
    let mut answer = [0; 1024];
    assert!(first.read(&mut answer).await.unwrap() > 0);
    let mut second = connect(stack.address, ask).await;
    for _ in 0..20 {
        first.write_all(ask).await.unwrap();
        assert!(first.read(&mut answer).await.unwrap() > 0);
    }
    assert!(second.try_read(&mut answer).is_err(), "nobody has taken it yet");
    drop(first);
    assert!(second.read(&mut answer).await.unwrap() > 0);
}

#[tokio::test]
async fn a_client_that_asks_and_never_reads_is_cut_off() {
    let (dropped, was_dropped) = tokio::sync::oneshot::channel::<()>();
    let dropped = std::sync::Mutex::new(Some(dropped));
    let upstream = Upstream::new(move |_| {
        let guard = dropped.lock().unwrap().take();
        async move {
            let token = "x".repeat(64 << 10);
            let message = WatchUsersResponse { resume_token: token, ..Default::default() };
            let message = bytes::Bytes::from(message.encode_to_vec());
            Ok(futures_util::stream::repeat_with(move || {
                let _held = &guard;
                Ok(message.clone())
            })
            .boxed())
        }
    });
    let limits = Limits { stall: Duration::from_millis(100), ..Limits::default() };
    let stack = Stack::within(limits, upstream).await;
    let _client = connect(stack.address, b"GET /v1/users:watch HTTP/1.1\r\nhost: g\r\n\r\n").await;
    assert!(was_dropped.await.is_err(), "the call is cancelled");
}

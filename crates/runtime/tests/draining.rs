//! Connections of HTTP/1.1 while the program ends.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::time::Duration;

use artisan_runtime::http::{bind, serve};
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

const LONG: Duration = Duration::from_mins(1);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n";

async fn start(shutdown: &Shutdown) -> (SocketAddr, JoinHandle<Outcome>) {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = bind(loopback, "HTTP_ADDR").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(|| async { "hi" }));
    (address, tokio::spawn(serve(listener, router, shutdown.clone())))
}

/// One answer of a connection that may go on.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    while !text.ends_with("hi") {
        let byte = stream.read_u8().await.unwrap();
        text.push(char::from(byte));
    }
    text
}

async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn answers_say_close_from_the_signal_on() {
    let shutdown = Shutdown::new(LONG, 2 * LONG);
    let (address, server) = start(&shutdown).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(REQUEST).await.unwrap();
    assert!(!answer(&mut stream).await.contains("connection:"));
    shutdown.trigger();
    stream.write_all(REQUEST).await.unwrap();
    assert!(rest(stream).await.contains("connection: close\r\n"), "and it is closed");
    let stream = TcpStream::connect(address).await;
    assert!(stream.is_ok(), "others are still taken");
    server.abort();
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered() {
    for part in [1, REQUEST.len() - 1, REQUEST.len()] {
        let shutdown = Shutdown::new(Duration::ZERO, LONG);
        let (address, server) = start(&shutdown).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(REQUEST).await.unwrap();
        answer(&mut stream).await;
        let (begun, late) = REQUEST.split_at(part);
        stream.write_all(begun).await.unwrap();
        shutdown.trigger();
        shutdown.stopping().await;
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        if !late.is_empty() {
            stream.write_all(late).await.unwrap();
        }
        let text = rest(stream).await;
        assert!(text.contains("connection: close\r\n"), "{part}: {text:?}");
        assert_eq!(server.await.unwrap(), Outcome::Drained);
    }
}

#[tokio::test]
async fn a_request_that_does_not_come_to_its_end_holds_nobody_up() {
    for answered in [false, true] {
        let shutdown = Shutdown::new(Duration::ZERO, LONG);
        let (address, server) = start(&shutdown).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        if answered {
            stream.write_all(REQUEST).await.unwrap();
            answer(&mut stream).await;
        }
        stream.write_all(b"GET /").await.unwrap();
        shutdown.trigger();
        assert_eq!(server.await.unwrap(), Outcome::Drained, "answered before: {answered}");
    }
}

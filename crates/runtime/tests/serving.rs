//! A real listener, real sockets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::time::Duration;

use artisan_runtime::http::{BindError, Limits, Transport, bind, serve, serve_with};
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_runtime::telemetry::Telemetry;
use artisan_runtime::{admin, exit};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use opentelemetry::metrics::MeterProvider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

const LOOPBACK: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);
const LONG: Duration = Duration::from_mins(1);

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = bind(LOOPBACK, "HTTP_ADDR").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn start(router: Router, shutdown: &Shutdown) -> (SocketAddr, JoinHandle<Outcome>) {
    let (listener, address) = listen().await;
    (address, tokio::spawn(serve(listener, router, shutdown.clone())))
}

async fn request(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn read(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

/// A route that says when it was entered, and answers when it is told to.
fn slow() -> (Router, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (entered, has_entered) = mpsc::channel(1);
    let (release, released) = mpsc::channel::<()>(1);
    let released = std::sync::Arc::new(tokio::sync::Mutex::new(released));
    let handler = get(move || async move {
        entered.send(()).await.unwrap();
        released.lock().await.recv().await;
        "finished"
    });
    (Router::new().route("/slow", handler), has_entered, release)
}

#[tokio::test]
async fn requests_know_their_peer() {
    let peer = get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
    let shutdown = Shutdown::new(Duration::ZERO, LONG);
    let (address, server) = start(Router::new().route("/", peer), &shutdown).await;
    let stream = request(address, "/").await;
    let local = stream.local_addr().unwrap().to_string();
    assert!(read(stream).await.ends_with(&local));
    shutdown.trigger();
    assert_eq!(server.await.unwrap(), Outcome::Drained);
}

#[tokio::test]
async fn a_request_in_flight_is_finished_and_a_new_one_refused() {
    let (router, mut entered, release) = slow();
    let shutdown = Shutdown::new(Duration::ZERO, LONG);
    let (address, server) = start(router, &shutdown).await;
    let stream = request(address, "/slow").await;
    entered.recv().await.unwrap();
    shutdown.trigger();
    shutdown.stopping().await;
    // The listener closes a moment after the phase changes.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.send(()).await.unwrap();
    assert!(read(stream).await.ends_with("finished"));
    assert_eq!(server.await.unwrap(), Outcome::Drained);
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_end() {
    let shutdown = Shutdown::new(Duration::ZERO, LONG);
    let (address, server) =
        start(Router::new().route("/", get(|| async { "hi" })), &shutdown).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    idle.read_exact(&mut answer).await.unwrap();
    let _silent = TcpStream::connect(address).await.unwrap();
    shutdown.trigger();
    assert_eq!(server.await.unwrap(), Outcome::Drained);
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_off() {
    let (router, mut entered, _release) = slow();
    let shutdown = Shutdown::new(Duration::ZERO, Duration::from_millis(50));
    let (address, server) = start(router, &shutdown).await;
    let _stream = request(address, "/slow").await;
    entered.recv().await.unwrap();
    shutdown.trigger();
    let outcome = server.await.unwrap();
    assert_eq!(outcome, Outcome::CutOff);
    assert_eq!(outcome.exit(), exit::Exit::Failed);
}

#[tokio::test]
async fn clients_that_stay_silent_or_trickle_are_cut_off() {
    let (listener, address) = listen().await;
    let shutdown = Shutdown::new(Duration::ZERO, LONG);
    let limits = Limits { head_timeout: Duration::from_millis(50), ..Limits::default() };
    tokio::spawn(serve_with(listener, Router::new(), shutdown, limits, Transport::default()));
    let silent = TcpStream::connect(address).await.unwrap();
    assert_eq!(read(silent).await, "");
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
    assert_eq!(read(half).await, "");
    let mut half_preface = TcpStream::connect(address).await.unwrap();
    half_preface.write_all(b"PRI * HTTP").await.unwrap();
    assert_eq!(read(half_preface).await, "");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_431() {
    let shutdown = Shutdown::new(Duration::ZERO, LONG);
    let (address, _server) = start(Router::new(), &shutdown).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET / HTTP/1.1\r\nhost: test\r\nx: {}\r\n\r\n", "x".repeat(128 << 10));
    // The server may close before it has read everything.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
}

#[tokio::test]
async fn a_taken_port_says_which_variable_to_change() {
    let (_listener, address) = listen().await;
    let error = bind(address, "HTTP_ADDR").await.unwrap_err();
    assert!(matches!(error, BindError::InUse { .. }));
    assert_eq!(error.exit(), exit::Exit::Config);
    let text = error.to_string();
    assert!(text.starts_with(&format!("HTTP_ADDR: {address} is already in use")), "{text}");
}

#[tokio::test]
async fn an_address_of_another_machine_is_said_to_be_one() {
    // TEST-NET-1, RFC 5737: no machine has it.
    let error = bind("192.0.2.1:8080".parse().unwrap(), "HTTP_ADDR").await.unwrap_err();
    assert!(error.to_string().contains("no address 192.0.2.1; set HTTP_ADDR"), "{error}");
}

#[tokio::test]
async fn probes_and_metrics_answer() {
    let readiness = Readiness::new();
    let telemetry = Telemetry::detached("test").unwrap();
    let shutdown = Shutdown::new(Duration::ZERO, LONG);
    let router = admin::router(readiness.clone(), telemetry.clone());
    let (address, _server) = start(router, &shutdown).await;

    readiness.set("database", false);
    assert!(read(request(address, "/livez").await).await.starts_with("HTTP/1.1 200"));
    let answer = read(request(address, "/readyz").await).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.ends_with("not ready: database\n"), "{answer}");
    readiness.set("database", true);
    assert!(read(request(address, "/readyz").await).await.starts_with("HTTP/1.1 200"));

    let counter = telemetry.meter_provider().meter("test").u64_counter("things").build();
    counter.add(3, &[]);
    let answer = read(request(address, "/metrics").await).await;
    assert!(answer.contains("\nthings_total 3\n"), "{answer}");
    assert!(answer.contains(r#"service_name="test""#), "{answer}");
}

//! The program as operators start it.

use std::io::Read;
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};

use artisan_proto::artisan::user::v1::User;
use prost::Message;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckResponse;

use crate::client::HttpClient;
use crate::upstream::{Upstream, once};

fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = command(arguments, variables);
    let output: Output =
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Ends the process when the test ends, however that is.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

fn healthy() -> Upstream {
    Upstream::new(|call| async move {
        let serving = HealthCheckResponse { status: ServingStatus::Serving as i32 };
        let user = User { name: "users/u1".to_owned(), ..User::default() };
        let health = call.path.starts_with("/grpc.health");
        let message = if health { serving.encode_to_vec() } else { user.encode_to_vec() };
        Ok(once(message.into()))
    })
    .with_own_health()
}

#[tokio::test]
async fn every_bad_variable_is_named_and_the_exit_is_2() {
    let names = ["HTTP_ADDR", "MAX_BODY", "RATE_LIMIT", "LOG_FORMAT"];
    let (code, text) = run(&[], &names.map(|name| (name, "nonsense"))).await;
    assert_eq!(code, Some(2), "{text}");
    for name in names {
        assert!(text.contains(&format!("gateway: {name}: ")), "{text}");
    }
    assert_eq!(text.lines().count(), names.len(), "one line each: {text}");
}

#[tokio::test]
async fn a_taken_port_is_one_clear_line_and_exit_2() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let (code, text) = run(&[], &[("HTTP_ADDR", &taken), ("ADMIN_ADDR", "127.0.0.1:0")]).await;
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains(&format!("gateway: HTTP_ADDR: {taken} is already in use")), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[tokio::test]
async fn wait_ends_when_the_service_serves_and_gives_up_with_exit_4() {
    let up = format!("http://{}", healthy().start().await);
    let (code, text) = run(&["wait"], &[("USER_SERVICE_URL", &up)]).await;
    assert_eq!(code, Some(0), "{text}");

    let down = format!("http://{}", free().await);
    let variables = [("USER_SERVICE_URL", down.as_str()), ("WAIT_TIMEOUT", "200ms")];
    let (code, text) = run(&["wait"], &variables).await;
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("WAIT_TIMEOUT"), "{text}");
}

/// The program in front of an upstream, ready, with its public and its private address.
async fn start(upstream: &Upstream, more: &[(&str, &str)]) -> (Running, SocketAddr, HttpClient) {
    let upstream = format!("http://{}", upstream.start().await);
    // Somebody else may take a port that was free.
    for _ in 0..5 {
        if let Some(running) = try_start(&upstream, more).await {
            return running;
        }
    }
    panic!("it ended early, each time")
}

async fn try_start(
    upstream: &str,
    more: &[(&str, &str)],
) -> Option<(Running, SocketAddr, HttpClient)> {
    let (http, admin) = (free().await, free().await);
    let (http_addr, admin_addr) = (http.to_string(), admin.to_string());
    let mut variables = vec![
        ("USER_SERVICE_URL", upstream),
        ("HTTP_ADDR", &http_addr),
        ("ADMIN_ADDR", &admin_addr),
        ("DRAIN_DELAY", "10ms"),
    ];
    variables.extend_from_slice(more);
    let mut child = Running(command(&[], &variables).stderr(Stdio::piped()).spawn().unwrap());
    while tokio::net::TcpStream::connect(admin).await.is_err() {
        if child.0.try_wait().unwrap().is_some() {
            return None;
        }
        tokio::task::yield_now().await;
    }
    let admin = HttpClient::new(admin);
    while admin.get("/readyz").await.status != 200 {
        tokio::task::yield_now().await;
    }
    Some((child, http, admin))
}

#[cfg(unix)]
#[tokio::test]
async fn it_serves_becomes_ready_measures_and_ends_cleanly_at_sigterm() {
    let (mut child, http, admin) = start(&healthy(), &[]).await;
    let answer = HttpClient::new(http).get("/v1/users/u1").await;
    assert_eq!(answer.json()["name"], "users/u1");
    let metrics = admin.get("/metrics").await.text;
    let line = metrics
        .lines()
        .find(|line| line.starts_with("http_server_request_duration_seconds_count"))
        .unwrap_or_else(|| panic!("{metrics}"));
    assert!(line.contains(r#"http_route="/v1/{name=users/*}""#) && line.ends_with(" 1"), "{line}");

    for sample in ["artisan_upstream_replicas{", "http_client_open_connections{"] {
        let open = |line: &&str| line.starts_with(sample) && !line.ends_with(" 0");
        assert!(metrics.lines().any(|line| open(&line)), "{sample}: {metrics}");
    }

    let pid = child.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        child.0.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        (child.0.wait().unwrap(), text)
    });
    let (status, text) = status.await.unwrap();
    assert_eq!(status.code(), Some(0), "{text}");
    assert!(
        text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "{text}"
    );
}

/// Ends the program in order, and gives what it wrote.
async fn ended(mut child: Running) -> String {
    let pid = child.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let reading = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        child.0.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    });
    reading.await.unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn each_request_is_a_line_without_what_it_asked_for() {
    let (child, http, _) = start(&healthy(), &[]).await;
    let client = HttpClient::new(http);
    let headers = [("authorization", "Bearer hunter2"), ("x-request-id", "read-1")];
    client.send("GET /v1/users/u1?pageToken=hunter2", &headers, "").await;
    client.json("POST /v1/users?userId=hunter2", &[], r#"{"email":"hunter2@example.com"}"#).await;
    client.send("HUNTER2 /hunter2", &[], "").await;
    let text = ended(child).await;
    assert!(!text.contains("unter2") && !text.contains("HUNTER2"), "{text}");
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let lines: Vec<_> = lines.filter(|line| line["target"] == "access").collect();
    assert_eq!(lines.len(), 3, "{text}");
    let line = &lines[0];
    assert_eq!(line["http.request.method"], "GET");
    assert_eq!(line["http.route"], "/v1/{name=users/*}");
    assert_eq!(line["http.response.status_code"], 400, "it knows no pageToken");
    assert_eq!(line["request.id"], "read-1");
    assert_eq!(line["client.address"], "127.0.0.1");
    assert!(line["duration_ms"].as_f64().unwrap() > 0.0, "{line}");
    assert!(line["http.response.body.size"].as_u64().unwrap() > 0, "{line}");
    assert_eq!(lines[1]["http.request.body.size"], 31);
    assert_eq!(lines[2]["http.request.method"], "_OTHER");
    assert_eq!(lines[2]["http.route"], serde_json::Value::Null);

    let (child, http, _) = start(&healthy(), &[("RUST_LOG", "info,access=off")]).await;
    HttpClient::new(http).get("/v1/users/u1").await;
    let text = ended(child).await;
    assert!(!text.contains("\"access\""), "{text}");
}

#[tokio::test]
async fn a_trace_goes_on_through_the_gateway_with_a_span_of_its_own() {
    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const PARENT: &str = "b7ad6b7169203331";
    // Nobody collects there: that must not matter to clients.
    let collector = format!("http://{}", free().await);
    let upstream = healthy();
    let (_child, http, _) = start(&upstream, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector)]).await;
    let parent = format!("00-{TRACE}-{PARENT}-01");
    let headers = [("traceparent", parent.as_str())];
    let answer = HttpClient::new(http).send("GET /v1/users/u1", &headers, "").await;
    assert_eq!(answer.status, 200);
    let calls = upstream.calls();
    let call = calls.iter().find(|call| call.path.ends_with("/GetUser")).unwrap();
    let sent = call.header("traceparent").unwrap();
    assert!(sent.contains(TRACE) && sent.ends_with("-01"), "{sent}");
    assert!(!sent.contains(PARENT), "the gateway's span is the parent: {sent}");
}

#[tokio::test]
async fn a_client_that_went_away_is_measured_and_written_down() {
    let healthy = healthy();
    let upstream = Upstream::new(move |call| {
        let healthy = healthy.clone();
        async move {
            if !call.path.starts_with("/grpc.health") {
                std::future::pending::<()>().await;
            }
            healthy.answer(call).await
        }
    })
    .with_own_health();
    let (child, http, admin) = start(&upstream, &[]).await;
    let mut client = tokio::net::TcpStream::connect(http).await.unwrap();
    let request = b"GET /v1/users/u1 HTTP/1.1\r\nhost: gateway\r\nx-request-id: gone-1\r\n\r\n";
    client.write_all(request).await.unwrap();
    while !upstream.calls().iter().any(|call| call.path.ends_with("/GetUser")) {
        tokio::task::yield_now().await;
    }
    drop(client);
    let is_measured = |line: &str| {
        line.starts_with("http_server_request_duration_seconds_count")
            && line.contains(r#"http_response_status_code="499""#)
    };
    while !admin.get("/metrics").await.text.lines().any(is_measured) {
        tokio::task::yield_now().await;
    }
    let text = ended(child).await;
    let line = text.lines().find(|line| line.contains("gone-1")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["http.response.status_code"], 499, "{line}");
    assert_eq!(line["http.route"], "/v1/{name=users/*}");
}

/// More lines than a pipe holds and than wait for a reader.
const REQUESTS: u64 = 5000;

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_nobody_reads_keeps_no_request_waiting_and_tells_what_is_lost() {
    let (child, http, admin) = start(&healthy(), &[]).await;
    let client = HttpClient::new(http);
    for _ in 0..REQUESTS {
        assert_eq!(client.get("/v1/users/u1").await.status, 200);
    }
    assert_eq!(admin.get("/livez").await.status, 200);
    let text = ended(child).await;
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let (mut kept, mut lost) = (0, 0);
    for line in lines {
        kept += u64::from(line["target"] == "access");
        lost += line["lines"].as_u64().unwrap_or_default();
    }
    assert!(lost > 0 && kept + lost >= REQUESTS, "{kept} kept, {lost} lost");
}

#[cfg(unix)]
#[tokio::test]
async fn the_end_does_not_wait_for_who_reads_the_log() {
    let (mut child, http, _) = start(&healthy(), &[]).await;
    let client = HttpClient::new(http);
    // A pipe holds 64 KiB.
    for _ in 0..600 {
        assert_eq!(client.get("/v1/users/u1").await.status, 200);
    }
    let pid = child.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || child.0.wait().unwrap()).await.unwrap();
    assert_eq!(status.code(), Some(0));
}

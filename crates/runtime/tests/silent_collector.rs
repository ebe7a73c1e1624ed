//! A collector that takes connections and says nothing. One test: telemetry is started once per process.

use std::time::{Duration, Instant};

use artisan_runtime::env::Env;
use artisan_runtime::telemetry;

#[tokio::test(flavor = "multi_thread")]
async fn the_end_does_not_wait_for_a_silent_collector() {
    // The system takes connections, and nobody reads them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let env = Env::from_pairs([
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("LOG_FORMAT", "json"),
    ]);
    let telemetry = telemetry::init("program", &env).unwrap();
    drop(tracing::info_span!("http.users.create").entered());
    let begin = Instant::now();
    telemetry.shutdown().await;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

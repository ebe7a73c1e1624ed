//! Readiness, and the way down.

use std::time::Duration;

use artisan_proto::artisan::user::v1::CreateSessionRequest;
use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use artisan_user_service::config::ServiceConfig;
use artisan_user_service::hash::{Argon2Settings, HashPoolSettings};
use tokio::net::TcpListener;
use tonic::Streaming;
use tonic::transport::Channel;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::harness::{Harness, config, migrate};

on_every_engine! { health_is_not_serving_until_the_schema_is_there }
on_engine!(
    sqlite_only,
    Sqlite,
    drain_tells_health_and_finishes_what_is_in_flight,
    what_does_not_finish_is_cut_off,
);

const SERVICES: [&str; 4] = [
    "",
    "artisan.user.v1.UserService",
    "artisan.user.v1.AuthService",
    "artisan.user.v1.SchemaService",
];

struct Server {
    channel: Channel,
    shutdown: Shutdown,
    readiness: Readiness,
    serving: tokio::task::JoinHandle<Outcome>,
}

impl Server {
    async fn start(harness: &Harness, drain_delay: Duration, grace: Duration) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let uri = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown, readiness) = (Shutdown::new(drain_delay, grace), harness.app.readiness());
        let app = harness.app.clone();
        let (ready, stop) = (readiness.clone(), shutdown.clone());
        let serving = tokio::spawn(async move { app.serve(listener, ready, stop).await.unwrap() });
        let channel = Channel::from_shared(uri).unwrap().connect().await.unwrap();
        Self { channel, shutdown, readiness, serving }
    }

    async fn watch(&self, service: &str) -> Streaming<HealthCheckResponse> {
        let request = HealthCheckRequest { service: service.to_owned() };
        HealthClient::new(self.channel.clone()).watch(request).await.unwrap().into_inner()
    }
}

/// Waits for a status; the stream tells every change.
async fn until(watch: &mut Streaming<HealthCheckResponse>, status: ServingStatus) {
    while let Some(seen) = watch.message().await.unwrap() {
        if seen.status() == status {
            return;
        }
    }
    panic!("the watch ended before {status:?}");
}

async fn health_is_not_serving_until_the_schema_is_there(database: TestDatabase) {
    let harness = Harness::start_unmigrated(database, config());
    assert!(!harness.app.readiness().is_ready(), "nothing was looked at yet");
    let server = Server::start(&harness, Duration::ZERO, Duration::from_secs(5)).await;
    for service in SERVICES {
        let mut watch = server.watch(service).await;
        until(&mut watch, ServingStatus::NotServing).await;
    }
    assert!(server.readiness.reasons().contains(&"schema"));
    migrate(&harness.database).await;
    for service in SERVICES {
        let mut watch = server.watch(service).await;
        until(&mut watch, ServingStatus::Serving).await;
    }
    server.readiness.ready().await;
    harness.admin().await;
    server.shutdown.trigger();
    assert_eq!(server.serving.await.unwrap(), Outcome::Drained);
}

/// A sign-in that takes a while, with a server to send it to.
async fn slow_server(database: TestDatabase, iterations: u32, grace: Duration) -> Server {
    let argon2 = Argon2Settings { memory_kib: 32_768, iterations };
    let hashing = HashPoolSettings { threads: 1, queue: 8, argon2 };
    let harness = Harness::start_with(database, ServiceConfig { hashing, ..config() }).await;
    let server = Server::start(&harness, Duration::from_millis(200), grace).await;
    until(&mut server.watch("").await, ServingStatus::Serving).await;
    server
}

fn sign_in(server: &Server) -> tokio::task::JoinHandle<Result<(), tonic::Status>> {
    let mut auth = AuthServiceClient::new(server.channel.clone());
    let request =
        CreateSessionRequest { email: "a@b.example".to_owned(), password: "x".to_owned() };
    tokio::spawn(async move { auth.create_session(request).await.map(|_| ()) })
}

async fn drain_tells_health_and_finishes_what_is_in_flight(database: TestDatabase) {
    let server = slow_server(database, 20, Duration::from_secs(30)).await;
    let mut watch = server.watch("").await;
    until(&mut watch, ServingStatus::Serving).await;
    server.shutdown.trigger();
    until(&mut watch, ServingStatus::NotServing).await;
    // Load balancers have not heard of it yet: what still arrives is served.
    let late = sign_in(&server).await.unwrap().unwrap_err();
    assert_eq!(late.code(), tonic::Code::Unauthenticated);
    assert_eq!(server.serving.await.unwrap(), Outcome::Drained);
}

async fn what_does_not_finish_is_cut_off(database: TestDatabase) {
    let server = slow_server(database, 64, Duration::from_millis(300)).await;
    let attempts = (0..8).map(|_| sign_in(&server)).collect::<Vec<_>>();
    server.shutdown.trigger();
    assert_eq!(server.serving.await.unwrap(), Outcome::CutOff);
    for attempt in attempts {
        attempt.abort();
    }
}

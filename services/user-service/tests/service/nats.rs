//! Events as others are told of them: in order, nothing lost, whoever is down or dies.

use std::io::{Read as _, Seek as _};
use std::process::Stdio;
use std::time::Duration;

use artisan_proto::artisan::user::v1::DeactivateUserRequest;
use artisan_store::{Event, Store, StoreOptions};
use artisan_testkit::{NatsServer, TestDatabase, on_engine, on_every_engine};
use artisan_user_service::config::NatsSettings;
use artisan_user_service::token::SigningKeys;
use artisan_user_service::{RelayError, Relayed};
use async_nats::jetstream::consumer::{DeliverPolicy, PullConsumer, pull};
use async_nats::jetstream::{self, Context, stream};
use async_nats::{Client, ConnectOptions, Subscriber};
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::harness::{Harness, artisan, buyer, by, config};

on_every_engine! {
    events_arrive_once_in_order_as_they_are_stored,
    what_happens_while_the_server_is_down_comes_later,
    replicas_that_relay_at_once_leave_no_gap_and_no_duplicate,
    replica_that_was_killed_is_followed_without_a_gap,
}
on_engine!(
    sqlite_only,
    Sqlite,
    nothing_is_lost_while_there_is_no_stream,
    database_that_is_away_is_gone_on_from_later,
    replica_that_leaves_gives_its_place_away,
    credentials_let_in_and_stay_out_of_the_log,
    metrics_tell_what_was_relayed_and_what_waits,
);

const STREAM: &str = "ARTISAN";
const NOTHING: Relayed = Relayed { in_charge: false, events: 0 };

fn relayed(events: u64) -> Relayed {
    Relayed { in_charge: true, events }
}

async fn start(database: TestDatabase, server: &NatsServer) -> Harness {
    let nats = Some(NatsSettings::parse(&url(server)).unwrap());
    Harness::start_with(database, artisan_user_service::config::ServiceConfig { nats, ..config() })
        .await
}

/// The server for `NATS_URL`.
fn url(server: &NatsServer) -> String {
    match server.login() {
        Some((user, password)) => server.url().replace("//", &format!("//{user}:{password}@")),
        None => server.url(),
    }
}

async fn client(server: &NatsServer) -> Client {
    let (user, password) = server.login().unwrap_or_default();
    let options = ConnectOptions::with_user_and_password(user.to_owned(), password.to_owned());
    options.connect(server.url()).await.unwrap()
}

async fn jetstream(server: &NatsServer) -> Context {
    jetstream::new(client(server).await)
}

/// The stream as docs/events.md has it.
async fn make_stream(server: &NatsServer) {
    let config = stream::Config {
        name: STREAM.to_owned(),
        subjects: vec!["artisan.user.v1.>".to_owned()],
        ..stream::Config::default()
    };
    jetstream(server).await.create_stream(config).await.unwrap();
}

/// What comes to the server, whether a stream takes it or not.
async fn passing_by(server: &NatsServer) -> Subscriber {
    let client = client(server).await;
    let subscriber = client.subscribe("artisan.user.v1.>").await.unwrap();
    client.flush().await.unwrap();
    subscriber
}

/// Waits until so many have passed.
async fn pass(passing: &mut Subscriber, count: usize) {
    let passed = passing.take(count).count();
    assert_eq!(tokio::time::timeout(Duration::from_mins(1), passed).await.unwrap(), count);
}

/// A message as the server has it: subject, id, media type, body.
type Told = (String, String, String, Value);

/// Everything that is in the stream.
async fn told(server: &NatsServer) -> Vec<Told> {
    let stream = jetstream(server).await.get_stream(STREAM).await.unwrap();
    let count = usize::try_from(stream.get_info().await.unwrap().state.messages).unwrap();
    let all = pull::Config { deliver_policy: DeliverPolicy::All, ..pull::Config::default() };
    let consumer: PullConsumer = stream.create_consumer(all).await.unwrap();
    let mut messages = consumer.messages().await.unwrap().take(count);
    let mut told = Vec::new();
    while let Some(message) = messages.next().await {
        let message = message.unwrap();
        let headers = message.headers.clone().unwrap();
        let header = |name: &str| headers.get(name).unwrap().to_string();
        let body = serde_json::from_slice(&message.payload).unwrap();
        let subject = message.subject.to_string();
        told.push((subject, header("Nats-Msg-Id"), header("Content-Type"), body));
    }
    told
}

/// The events of the database, in the order of their numbers.
async fn stored(harness: &Harness) -> Vec<Event> {
    let store = Store::connect(harness.database.url(), StoreOptions::default()).unwrap();
    while store.number_events(1000).await.unwrap() > 0 {}
    store.list_numbered_events(0, 10_000).await.unwrap()
}

/// The stream has every event of the database once, and in order.
async fn assert_whole(harness: &Harness, server: &NatsServer) {
    let stored: Vec<String> =
        stored(harness).await.iter().map(|event| event.id.to_string()).collect();
    let told: Vec<String> = told(server).await.into_iter().map(|(_, id, ..)| id).collect();
    assert_eq!(told, stored);
}

async fn register(harness: &Harness, name: &str, count: usize) {
    for number in 0..count {
        harness.register(buyer(&format!("{name}{number}@example.com"))).await.unwrap();
    }
}

async fn events_arrive_once_in_order_as_they_are_stored(database: TestDatabase) {
    let server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    let admin = harness.admin().await;
    let user = harness.register(artisan("ana@example.com")).await.unwrap();
    let deactivate = DeactivateUserRequest { name: user.name.clone() };
    harness.users().deactivate_user(by(&admin, deactivate)).await.unwrap();
    let events = stored(&harness).await;
    let count = u64::try_from(events.len()).unwrap();
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(count));
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(0));
    let told = told(&server).await;
    assert_eq!(told.len(), events.len());
    for (at, (event, (subject, id, media_type, body))) in events.iter().zip(&told).enumerate() {
        assert_eq!(*subject, format!("artisan.user.v1.{}", event.kind));
        assert_eq!(*id, event.id.to_string());
        assert_eq!(media_type, "application/cloudevents+json");
        assert_eq!(body["specversion"], "1.0");
        assert_eq!(body["id"], *id.as_str());
        assert_eq!(body["source"], "//artisan.user.v1");
        assert_eq!(body["type"], *subject.as_str());
        assert_eq!(body["subject"], format!("users/{}", event.user_id.0));
        assert_eq!(body["sequence"], format!("{:020}", at + 1));
        assert_eq!(body["datacontenttype"], "application/json");
        assert_eq!(body["time"], body["data"]["createTime"]);
    }
    let (.., last) = told.last().unwrap();
    assert_eq!(last["type"], "artisan.user.v1.user.deactivated");
    assert_eq!(last["subject"], user.name);
    assert_eq!(last["data"]["type"], "user.deactivated");
    assert_eq!(
        last["data"]["name"],
        format!("{}/events/{}", user.name, last["id"].as_str().unwrap())
    );
    let actor = last["data"]["actor"].as_str().unwrap();
    assert!(actor.starts_with("users/") && actor != user.name, "{last}");
    for (.., body) in &told {
        let text = body.to_string();
        assert!(!text.contains("example.com") && !text.contains("Workshop"), "{text}");
    }
}

async fn what_happens_while_the_server_is_down_comes_later(database: TestDatabase) {
    let mut server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    register(&harness, "before", 3).await;
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(3));
    server.kill();
    // More than are noted at a time.
    register(&harness, "meanwhile", 120).await;
    for _ in 0..2 {
        let error = harness.app.relay_events().await.unwrap_err();
        assert!(matches!(error, RelayError::Connect(_) | RelayError::Publish(_)), "{error:?}");
    }
    server.up();
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(120));
    register(&harness, "after", 2).await;
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(2));
    assert_whole(&harness, &server).await;
}

async fn replicas_that_relay_at_once_leave_no_gap_and_no_duplicate(database: TestDatabase) {
    let server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    let other = harness.replica();
    for round in 0..6 {
        let name = format!("round{round}-");
        let writing = register(&harness, &name, 10);
        let relaying = async {
            let both = tokio::join!(harness.app.relay_events(), other.relay_events());
            let both = [both.0.unwrap(), both.1.unwrap()];
            assert_eq!(both.iter().filter(|one| one.in_charge).count(), 1, "{both:?}");
            assert!(both.contains(&NOTHING), "{both:?}");
        };
        tokio::join!(writing, relaying);
        // The lease ends: whoever comes first takes it.
        harness.clock.advance(Duration::from_mins(1));
    }
    let (one, two) = (harness.app.relay_events().await, other.relay_events().await);
    assert!(one.unwrap().in_charge != two.unwrap().in_charge);
    assert_whole(&harness, &server).await;
}

/// The program on the same database.
fn program(harness: &Harness, server: &NatsServer) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_user-service"));
    command
        .env_clear()
        .current_dir(std::env::temp_dir())
        .env("DATABASE_URL", harness.database.url())
        .env("TOKEN_SIGNING_KEY", SigningKeys::generate_pem().unwrap().as_str())
        .env("GRPC_ADDR", "127.0.0.1:0")
        .env("ADMIN_ADDR", "127.0.0.1:0")
        .env("DRAIN_DELAY", "0s")
        .env("NATS_URL", url(server))
        .env("RUST_LOG", "trace")
        .kill_on_drop(true);
    command
}

/// The program itself, killed while it relays: what it has sent and not noted is sent again by the heir, and
/// dropped by the server.
async fn replica_that_was_killed_is_followed_without_a_gap(database: TestDatabase) {
    let server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    register(&harness, "user", 250).await;
    let mut passing = passing_by(&server).await;
    let mut program = program(&harness, &server).stderr(Stdio::null()).spawn().unwrap();
    pass(&mut passing, 130).await;
    program.kill().await.unwrap();
    // Its lease is by the machine's clock, and outlives it.
    assert_eq!(harness.app.relay_events().await.unwrap(), NOTHING);
    harness.clock.advance(Duration::from_hours(24 * 365 * 100));
    let heir = harness.app.relay_events().await.unwrap();
    // It noted every hundred.
    assert!(heir.in_charge && matches!(heir.events, 0..=150), "{heir:?}");
    assert_whole(&harness, &server).await;
}

async fn nothing_is_lost_while_there_is_no_stream(database: TestDatabase) {
    let server = NatsServer::start();
    let harness = start(database, &server).await;
    register(&harness, "user", 2).await;
    let error = harness.app.relay_events().await.unwrap_err();
    assert!(
        matches!(&error, RelayError::NoStream { subject } if subject == "artisan.user.v1.user.created")
    );
    make_stream(&server).await;
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(2));
    assert_whole(&harness, &server).await;
}

async fn database_that_is_away_is_gone_on_from_later(database: TestDatabase) {
    let server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    register(&harness, "user", 2).await;
    assert_eq!(harness.app.relay_events().await.unwrap(), relayed(2));
    register(&harness, "later", 2).await;
    let path = harness.database.url().strip_prefix("sqlite://").unwrap().to_owned();
    let (away, replica) = (format!("{path}.away"), harness.replica());
    harness.app.close().await;
    std::fs::rename(&path, &away).unwrap();
    let error = replica.relay_events().await.unwrap_err();
    assert!(matches!(error, RelayError::Database(_)), "{error:?}");
    std::fs::rename(&away, &path).unwrap();
    // The lease of the one that was closed ends by itself.
    assert_eq!(replica.relay_events().await.unwrap(), NOTHING);
    harness.clock.advance(Duration::from_mins(1));
    assert_eq!(replica.relay_events().await.unwrap(), relayed(2));
    assert_whole(&harness, &server).await;
}

async fn replica_that_leaves_gives_its_place_away(database: TestDatabase) {
    let server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    let other = harness.replica();
    register(&harness, "user", 2).await;
    let shutdown =
        artisan_runtime::lifecycle::Shutdown::new(Duration::ZERO, Duration::from_mins(1));
    let readiness = artisan_runtime::readiness::Readiness::new();
    let running = harness.app.watch(readiness, shutdown.clone());
    let mut passing = passing_by(&server).await;
    let ending = async {
        pass(&mut passing, 2).await;
        shutdown.trigger();
    };
    tokio::join!(running, ending);
    register(&harness, "later", 1).await;
    // The last one may be sent again: its answer came when nobody waited for it any more.
    let after = other.relay_events().await.unwrap();
    assert!([relayed(1), relayed(2)].contains(&after), "{after:?}");
    assert_whole(&harness, &server).await;
}

async fn credentials_let_in_and_stay_out_of_the_log(database: TestDatabase) {
    const PASSWORD: &str = "Nats-Geheim-1";
    let server = NatsServer::start_for(Some(("relay", PASSWORD)));
    make_stream(&server).await;
    let harness = start(database, &server).await;
    register(&harness, "user", 2).await;
    let mut passing = passing_by(&server).await;
    let mut log = tempfile::tempfile().unwrap();
    let mut program = program(&harness, &server).stderr(log.try_clone().unwrap()).spawn().unwrap();
    pass(&mut passing, 2).await;
    let pid = program.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    let status = program.wait().await.unwrap();
    let mut said = String::new();
    log.rewind().unwrap();
    log.read_to_string(&mut said).unwrap();
    assert!(status.success() && said.contains("this replica relays events"), "{said}");
    assert!(!said.contains(PASSWORD), "{said}");
}

/// The value of a metric on the program's page of them.
async fn metric(admin: &str, name: &str) -> Option<String> {
    let mut stream = TcpStream::connect(admin).await.unwrap();
    let request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let line = answer.lines().find(|line| line.starts_with(name))?;
    line.rsplit_once(' ').map(|(_, value)| value.to_owned())
}

async fn metrics_tell_what_was_relayed_and_what_waits(database: TestDatabase) {
    let mut server = NatsServer::start();
    make_stream(&server).await;
    let harness = start(database, &server).await;
    register(&harness, "user", 2).await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut passing = passing_by(&server).await;
    let _program = program(&harness, &server).stderr(log.reopen().unwrap()).spawn().unwrap();
    pass(&mut passing, 2).await;
    let said = std::fs::read_to_string(log.path()).unwrap();
    let (_, rest) = said.split_once("\"admin\":\"").unwrap();
    let (admin, _) = rest.split_once('"').unwrap();
    let becomes = async |name: &str, value: &str| {
        let reached = async {
            while metric(admin, name).await.as_deref() != Some(value) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), reached).await.unwrap();
    };
    becomes("events_relayed_total", "2").await;
    becomes("events_relay_lag", "0").await;
    assert_eq!(metric(admin, "events_relay_failures_total").await, None);
    server.kill();
    register(&harness, "later", 3).await;
    becomes("events_relay_lag", "3").await;
    server.up();
    becomes("events_relay_lag", "0").await;
    becomes("events_relayed_total", "5").await;
    assert!(metric(admin, "events_relay_failures_total").await.is_some());
}

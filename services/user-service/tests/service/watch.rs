//! The stream of changes: nothing lost, nothing twice, whatever ends it.

use std::time::Duration;

use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    CreateUserRequest, DeactivateUserRequest, DeleteUserRequest, SetUserRolesRequest,
    WatchUsersRequest, WatchUsersResponse,
};
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_testkit::{Engine, TestDatabase, on_every_engine};
use artisan_user_service::App;
use artisan_user_service::config::ServiceConfig;
use tokio::net::TcpListener;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use crate::harness::{Harness, PASSWORD, buyer, by, config, problem, problem_of, said};

on_every_engine! {
    changes_arrive_in_order_with_their_users,
    stream_is_resumed_on_any_replica_without_loss_or_repetition,
    replicas_that_write_at_once_show_one_order,
    stream_outlives_the_request_timeout,
    stream_ends_when_the_caller_may_no_longer_watch,
    stream_ends_when_the_token_expires,
    drain_ends_the_streams_and_is_over_at_once,
    slow_watcher_is_dropped_and_can_resume,
    filter_lets_through_what_it_matches,
    bad_requests_name_their_field,
}

type Stream = Streaming<WatchUsersResponse>;

fn from(resume_token: &str) -> WatchUsersRequest {
    WatchUsersRequest { resume_token: resume_token.to_owned(), ..WatchUsersRequest::default() }
}

async fn watch(app: &App, token: &str, request: WatchUsersRequest) -> Result<Stream, Status> {
    let mut users = UserServiceClient::new(app.routes());
    Ok(users.watch_users(by(token, request)).await?.into_inner())
}

async fn message(stream: &mut Stream) -> Result<Option<WatchUsersResponse>, Status> {
    let message = tokio::time::timeout(Duration::from_mins(1), stream.message()).await;
    message.unwrap()
}

async fn next(stream: &mut Stream) -> WatchUsersResponse {
    message(stream).await.unwrap().unwrap()
}

/// Kind and name of the events that come next.
async fn take(stream: &mut Stream, count: usize) -> (Vec<String>, String) {
    let (mut events, mut last) = (Vec::new(), String::new());
    for _ in 0..count {
        let WatchUsersResponse { event, resume_token, .. } = next(stream).await;
        events.push(event.unwrap().name);
        last = resume_token;
    }
    (events, last)
}

/// Reads on to the error that ends the stream.
async fn end(stream: &mut Stream) -> Status {
    loop {
        match message(stream).await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended without a reason"),
            Err(status) => return status,
        }
    }
}

fn place(status: &Status) -> String {
    let info = status.get_details_error_info().unwrap();
    info.metadata.get("resume_token").unwrap().clone()
}

async fn changes_arrive_in_order_with_their_users(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    harness.register(buyer("before@example.com")).await.unwrap();
    let mut stream = watch(&harness.app, &admin, from("")).await.unwrap();
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let first = next(&mut stream).await;
    let event = first.event.unwrap();
    assert!(event.name.starts_with(&user.name), "what was before is not shown");
    assert_eq!((event.r#type.as_str(), event.actor.as_str()), ("user.created", ""));
    assert_eq!(first.user, Some(user.clone()));
    let delete = DeleteUserRequest { name: user.name, ..DeleteUserRequest::default() };
    let gone = harness.users().delete_user(by(&admin, delete)).await.unwrap().into_inner();
    let second = next(&mut stream).await;
    assert_eq!(second.event.unwrap().r#type, "user.deleted");
    assert_eq!(second.user, Some(gone));
    assert_ne!(second.resume_token, first.resume_token);
    // What is left of nobody is told without a user.
    harness.database.execute("DELETE FROM users WHERE email LIKE 'a@%'").await;
    let mut later = watch(&harness.app, &admin, from(&first.resume_token)).await.unwrap();
    let told = next(&mut later).await;
    assert_eq!(told.event.unwrap().r#type, "user.deleted");
    assert_eq!((told.user, told.resume_token), (None, second.resume_token));
}

async fn stream_is_resumed_on_any_replica_without_loss_or_repetition(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let start = watch(&harness.app, &admin, from("")).await.unwrap();
    drop(start);
    let mut users = harness.users();
    let opened = users.watch_users(by(&admin, from(""))).await.unwrap();
    // Who loses the stream before the first event can resume too.
    let begin = opened.metadata().get("resume-token").unwrap().to_str().unwrap().to_owned();
    let mut whole = opened.into_inner();
    let (mut seen, mut token) = (Vec::new(), begin.clone());
    for round in 0..4 {
        for number in 0..5 {
            harness.register(buyer(&format!("u{round}-{number}@example.com"))).await.unwrap();
        }
        // Each time another process, as after a restart, and a part of what there is.
        let mut stream = watch(&harness.replica(), &admin, from(&token)).await.unwrap();
        let (events, last) = take(&mut stream, 3 + round).await;
        seen.extend(events);
        token = last;
    }
    let mut stream = watch(&harness.app, &admin, from(&token)).await.unwrap();
    seen.extend(take(&mut stream, 20 - seen.len()).await.0);
    let (expected, _) = take(&mut whole, 20).await;
    assert_eq!(seen, expected);
    let mut again = watch(&harness.replica(), &admin, from(&begin)).await.unwrap();
    assert_eq!(take(&mut again, 20).await.0, expected);
}

async fn replicas_that_write_at_once_show_one_order(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let replicas = [harness.app.clone(), harness.replica(), harness.replica()];
    let mut streams = Vec::new();
    for app in &replicas {
        streams.push(watch(app, &admin, from("")).await.unwrap());
    }
    let writers = replicas.iter().enumerate().map(|(replica, app)| {
        let mut users = UserServiceClient::new(app.routes());
        tokio::spawn(async move {
            for number in 0..20 {
                let user = Some(buyer(&format!("u{replica}-{number}@example.com")));
                let request = CreateUserRequest { user, ..CreateUserRequest::default() };
                users.create_user(request).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut orders = Vec::new();
    for stream in &mut streams {
        orders.push(take(stream, 60).await.0);
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(orders[0], orders[2]);
    let distinct: std::collections::BTreeSet<_> = orders[0].iter().collect();
    assert_eq!(distinct.len(), 60);
}

async fn stream_outlives_the_request_timeout(database: TestDatabase) {
    let request_timeout = Duration::from_secs(2);
    let harness =
        Harness::start_with(database, ServiceConfig { request_timeout, ..config() }).await;
    let admin = harness.admin().await;
    let mut stream = watch(&harness.app, &admin, from("")).await.unwrap();
    let silence = tokio::time::timeout(request_timeout * 2, stream.message()).await;
    assert!(silence.is_err(), "{silence:?}");
    harness.register(buyer("a@example.com")).await.unwrap();
    assert_eq!(next(&mut stream).await.event.unwrap().r#type, "user.created");
}

async fn stream_ends_when_the_caller_may_no_longer_watch(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let root = harness.admin().await;
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let roles = |roles| SetUserRolesRequest { name: user.name.clone(), roles };
    let admin = i32::from(artisan_proto::artisan::user::v1::user::Role::Admin);
    harness.users().set_user_roles(by(&root, roles(vec![admin]))).await.unwrap();
    let sign_in = || async { harness.sign_in("a@example.com", PASSWORD).await.unwrap() };

    // The role is gone, though the session is not.
    let token = sign_in().await.access_token;
    let mut stream = watch(&harness.replica(), &token, from("")).await.unwrap();
    harness.database.execute("DELETE FROM user_roles WHERE user_id = (SELECT id FROM users WHERE email = 'a@example.com')").await;
    let change = harness.users().set_user_roles(by(&root, roles(vec![admin]))).await;
    change.unwrap();
    let status = end(&mut stream).await;
    assert_eq!(problem(&status), said(Code::Unauthenticated, "SESSION_ENDED", &[]));

    // The account is locked: nothing that is committed after that is shown.
    let token = sign_in().await.access_token;
    let mut stream = watch(&harness.app, &token, from("")).await.unwrap();
    let lock = DeactivateUserRequest { name: user.name.clone() };
    harness.users().deactivate_user(by(&root, lock)).await.unwrap();
    let later = harness.register(buyer("later@example.com")).await.unwrap();
    let status = message(&mut stream).await.unwrap_err();
    assert_eq!(problem(&status), said(Code::Unauthenticated, "SESSION_ENDED", &[]));
    let mut resumed = watch(&harness.app, &root, from(&place(&status))).await.unwrap();
    assert_eq!(next(&mut resumed).await.event.unwrap().r#type, "user.deactivated");
    assert_eq!(next(&mut resumed).await.user.unwrap().name, later.name);
    let refused = watch(&harness.app, &token, from("")).await;
    assert_eq!(problem_of(refused).1, "SESSION_ENDED");
}

async fn stream_ends_when_the_token_expires(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut stream = watch(&harness.app, &admin, from("")).await.unwrap();
    let shown = harness.register(buyer("a@example.com")).await.unwrap();
    assert_eq!(next(&mut stream).await.user.unwrap().name, shown.name);
    harness.clock.advance(Duration::from_mins(16));
    let hidden = harness.register(buyer("b@example.com")).await.unwrap();
    let status = message(&mut stream).await.unwrap_err();
    assert_eq!(problem(&status), said(Code::Unauthenticated, "TOKEN_EXPIRED", &[]));
    let admin = harness.admin().await;
    let mut resumed = watch(&harness.app, &admin, from(&place(&status))).await.unwrap();
    assert_eq!(next(&mut resumed).await.user.unwrap().name, hidden.name);
}

async fn drain_ends_the_streams_and_is_over_at_once(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    let shutdown = Shutdown::new(Duration::from_millis(100), Duration::from_mins(5));
    let (app, stop) = (harness.app.clone(), shutdown.clone());
    let serving =
        tokio::spawn(async move { app.serve(listener, Readiness::new(), stop).await.unwrap() });
    let channel = Channel::from_shared(uri).unwrap().connect().await.unwrap();
    let mut users = UserServiceClient::new(channel);
    let mut streams = Vec::new();
    for _ in 0..3 {
        let request = by(&admin, from(""));
        streams.push(users.watch_users(request).await.unwrap().into_inner());
    }
    harness.register(buyer("a@example.com")).await.unwrap();
    shutdown.trigger();
    for stream in &mut streams {
        let status = end(stream).await;
        assert_eq!(problem(&status), said(Code::Unavailable, "SHUTTING_DOWN", &[]));
        assert!(status.get_details_retry_info().is_some());
        assert!(!place(&status).is_empty());
    }
    assert_eq!(serving.await.unwrap(), Outcome::Drained);
    let refused = watch(&harness.app, &admin, from("")).await;
    let ended = end(&mut refused.unwrap()).await;
    assert_eq!(problem(&ended).1, "SHUTTING_DOWN");
}

/// More events than a feed holds for those who are behind.
const FLOOD: usize = 2500;

async fn flood(database: &TestDatabase) {
    let literal = |number: usize| match database.engine() {
        Engine::Postgres => format!("'{number:032x}'"),
        Engine::Sqlite | Engine::MariaDb | Engine::MySql => format!("X'{number:032x}'"),
    };
    let time = match database.engine() {
        Engine::Sqlite => "1795000000000000",
        Engine::Postgres | Engine::MariaDb | Engine::MySql => "'2026-11-29 00:00:00'",
    };
    for from in (0..FLOOD).step_by(500) {
        let rows = (from..from + 500).map(|number| {
            let (id, user) = (literal(number + 1), literal(0));
            format!("({id}, {user}, 'user.updated', '', '{{}}', {time})")
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let columns = "(id, user_id, kind, request_id, details, create_time)";
        database.execute(&format!("INSERT INTO user_events {columns} VALUES {rows}")).await;
    }
}

async fn slow_watcher_is_dropped_and_can_resume(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut slow = watch(&harness.app, &admin, from("")).await.unwrap();
    let mut good = watch(&harness.app, &admin, from("")).await.unwrap();
    harness.register(buyer("a@example.com")).await.unwrap();
    let (mut seen, _) = take(&mut slow, 1).await;
    let (first, _) = take(&mut good, 1).await;
    assert_eq!(seen, first);
    flood(&harness.database).await;
    let (all, _) = take(&mut good, FLOOD).await;
    // The other one took nothing meanwhile.
    let status = loop {
        match message(&mut slow).await {
            Ok(response) => seen.push(response.unwrap().event.unwrap().name),
            Err(status) => break status,
        }
    };
    assert_eq!(problem(&status), said(Code::ResourceExhausted, "WATCHER_TOO_SLOW", &[]));
    assert!(status.get_details_retry_info().is_some());
    assert!(seen.len() < 200, "{} events were kept for it", seen.len());
    let mut resumed = watch(&harness.app, &admin, from(&place(&status))).await.unwrap();
    let missing = FLOOD + 1 - seen.len();
    seen.extend(take(&mut resumed, missing).await.0);
    assert_eq!(seen[1..], all);
}

async fn filter_lets_through_what_it_matches(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let filter = "email = \"ana*\"".to_owned();
    let request = WatchUsersRequest { filter, ..from("") };
    let mut stream = watch(&harness.app, &admin, request.clone()).await.unwrap();
    for email in ["bia@example.com", "ana@example.com", "eva@example.com", "anabela@example.com"] {
        harness.register(buyer(email)).await.unwrap();
    }
    let first = next(&mut stream).await;
    assert_eq!(first.user.unwrap().email, "ana@example.com");
    assert_eq!(next(&mut stream).await.user.unwrap().email, "anabela@example.com");
    let request = WatchUsersRequest { resume_token: first.resume_token, ..request };
    let mut resumed = watch(&harness.app, &admin, request).await.unwrap();
    assert_eq!(next(&mut resumed).await.user.unwrap().email, "anabela@example.com");
    let wrong = WatchUsersRequest { filter: "artisan.bio = \"x\"".to_owned(), ..from("") };
    let refused = watch(&harness.app, &admin, wrong).await;
    assert_eq!(problem_of(refused), said(Code::InvalidArgument, "FILTER_NOT_INDEXED", &["filter"]));
}

async fn bad_requests_name_their_field(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut stream = watch(&harness.app, &admin, from("")).await.unwrap();
    harness.register(buyer("a@example.com")).await.unwrap();
    let good = next(&mut stream).await.resume_token;
    let bad = said(Code::InvalidArgument, "RESUME_TOKEN_INVALID", &["resume_token"]);
    let other = Harness::start(TestDatabase::create(harness.database.engine()).await).await;
    let other_admin = other.admin().await;
    for token in ["x", "AAAA", "é", &good[1..], &format!("{good}A"), &"A".repeat(100_000)] {
        let refused = watch(&harness.app, &admin, from(token)).await;
        assert_eq!(problem_of(refused), bad, "{token}");
    }
    // Of a database that is further on.
    for number in 0..3 {
        harness.register(buyer(&format!("u{number}@example.com"))).await.unwrap();
    }
    let ahead = take(&mut stream, 3).await.1;
    assert_eq!(problem_of(watch(&other.app, &other_admin, from(&ahead)).await), bad);
}

//! Too much at once, and too little time.

use std::time::Duration;

use artisan_proto::artisan::user::v1::{CreateSessionRequest, GetJwksRequest, GetUserRequest};
use artisan_testkit::{TestDatabase, on_engine};
use artisan_user_service::config::ServiceConfig;
use artisan_user_service::hash::{Argon2Settings, HashPoolSettings};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_types::StatusExt;

use crate::harness::{Harness, PASSWORD, buyer, by, config, problem, said};

on_engine!(
    sqlite,
    Sqlite,
    sign_ins_beyond_the_queue_are_told_when_to_come_back,
    work_that_cannot_be_done_in_time_is_refused_before_it_begins,
    deadline_of_the_caller_is_kept,
    deadline_of_the_service_is_kept,
    calls_over_the_limit_are_refused_at_once_and_probes_are_not,
);

/// One thread, few places, and a hash that takes a while.
fn slow(queue: usize) -> ServiceConfig {
    let argon2 = Argon2Settings { memory_kib: 32_768, iterations: 4 };
    ServiceConfig { hashing: HashPoolSettings { threads: 1, queue, argon2 }, ..config() }
}

fn sign_in() -> CreateSessionRequest {
    CreateSessionRequest { email: "a@example.com".to_owned(), password: PASSWORD.to_owned() }
}

async fn sign_ins_beyond_the_queue_are_told_when_to_come_back(database: TestDatabase) {
    let harness = Harness::start_with(database, slow(1)).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    let attempts = (0..8).map(|_| harness.sign_in("a@example.com", PASSWORD));
    let me = GetUserRequest { name: "users/me".to_owned() };
    let mut users = harness.users();
    let reading = users.get_user(by(&token, me));
    let (results, read) =
        futures_util::future::join(futures_util::future::join_all(attempts), reading).await;
    assert!(read.is_ok(), "reads go on");
    let (done, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert!(!done.is_empty() && refused.len() >= 4, "{} of 8 were refused", refused.len());
    for result in refused {
        let status = result.unwrap_err();
        let expected = said(Code::ResourceExhausted, "PASSWORD_HASHING_OVERLOADED", &[]);
        assert_eq!(problem(&status), expected);
        let retry = status.get_details_retry_info().and_then(|info| info.retry_delay);
        assert!(retry.is_some_and(|delay| !delay.is_zero()));
    }
    // What was refused left nothing behind.
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
}

async fn work_that_cannot_be_done_in_time_is_refused_before_it_begins(database: TestDatabase) {
    let harness = Harness::start_with(database, slow(64)).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let patient = (0..6).map(|_| harness.sign_in("a@example.com", PASSWORD));
    let patient = futures_util::future::join_all(patient);
    let mut auth = harness.auth();
    let hurried = async {
        // Behind the others, which were polled first and passed one query before hashing.
        loop {
            let mut request = Request::new(sign_in());
            request.set_timeout(Duration::from_millis(40));
            let status = auth.create_session(request).await.unwrap_err();
            if status.code() != Code::DeadlineExceeded {
                return status;
            }
        }
    };
    let (done, status) = futures_util::future::join(patient, hurried).await;
    assert!(done.iter().all(Result::is_ok));
    assert_eq!(problem(&status).1, "PASSWORD_HASHING_OVERLOADED");
}

async fn deadline_of_the_caller_is_kept(database: TestDatabase) {
    let harness = Harness::start_with(database, slow(64)).await;
    let late = late_sign_in(&harness, Duration::from_millis(5)).await;
    assert_eq!(problem(&late), said(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &[]));
    let mut request = Request::new(GetJwksRequest {});
    request.metadata_mut().insert("grpc-timeout", "1S".parse().unwrap());
    assert!(harness.auth().get_jwks(request).await.is_ok());
}

/// The answer to a sign-in that comes too late. On a busy machine the deadline may be so near when
/// the password comes to be hashed that it is refused before that: then it is asked again.
async fn late_sign_in(harness: &Harness, timeout: Duration) -> Status {
    let refused = said(Code::ResourceExhausted, "PASSWORD_HASHING_OVERLOADED", &[]);
    for _ in 0..50 {
        let mut request = Request::new(sign_in());
        request.set_timeout(timeout);
        let status = harness.auth().create_session(request).await.unwrap_err();
        if problem(&status) != refused {
            return status;
        }
    }
    panic!("refused before the deadline fifty times");
}

async fn deadline_of_the_service_is_kept(database: TestDatabase) {
    let config = ServiceConfig { request_timeout: Duration::from_millis(5), ..slow(64) };
    let harness = Harness::start_with(database, config).await;
    let late = late_sign_in(&harness, Duration::from_hours(1)).await;
    assert_eq!(problem(&late), said(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &[]));
}

async fn calls_over_the_limit_are_refused_at_once_and_probes_are_not(database: TestDatabase) {
    let config = ServiceConfig { max_concurrent_calls: 1, ..slow(64) };
    let harness = Harness::start_with(database, config).await;
    let mut auth = harness.auth();
    let busy = tokio::spawn(async move {
        loop {
            let code = auth.create_session(sign_in()).await.unwrap_err().code();
            // The other call may have been in first.
            if code != Code::ResourceExhausted {
                return code;
            }
        }
    });
    // Until that one is in: the answer says so.
    let refused = loop {
        match harness.auth().get_jwks(GetJwksRequest {}).await {
            Ok(_) => assert!(!busy.is_finished(), "nothing was refused"),
            Err(refused) => break refused,
        }
    };
    assert_eq!(problem(&refused), said(Code::ResourceExhausted, "TOO_MANY_CALLS", &[]));
    let retry = refused.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some_and(|delay| !delay.is_zero()));
    let mut health = HealthClient::new(harness.app.routes());
    health.check(HealthCheckRequest::default()).await.unwrap();
    let mut reflection = ServerReflectionClient::new(harness.app.routes());
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = reflection.server_reflection_info(tokio_stream::once(ask)).await.unwrap();
    assert!(answers.into_inner().message().await.unwrap().is_some());
    // The place is free again.
    assert_eq!(busy.await.unwrap(), Code::Unauthenticated);
    harness.auth().get_jwks(GetJwksRequest {}).await.unwrap();
}

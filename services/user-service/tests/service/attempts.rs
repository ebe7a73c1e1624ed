//! Guessing passwords, and who is held up by it.

use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::batch_create_users_request::Item;
use artisan_proto::artisan::user::v1::{
    BatchCreateUsersRequest, ChangePasswordRequest, CreateSessionRequest, User,
};
use artisan_runtime::lifecycle::{Outcome, Shutdown};
use artisan_runtime::readiness::Readiness;
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use artisan_user_service::App;
use tokio::net::TcpListener;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

use crate::harness::{Harness, PASSWORD, buyer, by, problem, problem_of, said};

on_every_engine! {
    guesses_are_held_back_where_they_come_from_and_nowhere_else,
    of_many_guesses_at_once_on_two_replicas_no_more_are_looked_at,
    guesses_from_many_places_lock_nobody_out,
    place_that_tries_many_accounts_is_held_back,
    guesses_of_who_stole_a_token_are_held_back,
}
on_engine!(
    sqlite_only,
    Sqlite,
    caller_over_the_network_is_believed_only_where_it_is_trusted,
    guess_counts_though_nobody_waits_for_the_answer,
);

const ANA: &str = "ana@example.com";
const GUESS: &str = "Senha-Errada-1";
/// Takes far longer to compare with than what is made here.
const SLOW: &str = "pbkdf2:sha256:1000000$saltSALT$\
    e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833";

fn credentials(from: &str, email: &str, password: &str) -> Request<CreateSessionRequest> {
    let (email, password) = (email.to_owned(), password.to_owned());
    let mut request = Request::new(CreateSessionRequest { email, password });
    request.metadata_mut().insert("x-forwarded-for", from.parse().unwrap());
    request
}

/// Signs in from an address, as the gateway in the same process tells it.
async fn sign_in(app: &App, from: &str, email: &str, password: &str) -> Result<(), Status> {
    let request = credentials(from, email, password);
    AuthServiceClient::new(app.routes()).create_session(request).await.map(drop)
}

fn wrong() -> (Code, String, Vec<String>) {
    said(Code::Unauthenticated, "CREDENTIALS_WRONG", &[])
}

fn limited() -> (Code, String, Vec<String>) {
    said(Code::ResourceExhausted, "SIGN_INS_LIMITED", &[])
}

async fn guess(app: &App, from: &str, email: &str, times: usize) {
    for number in 0..times {
        let answer = sign_in(app, from, email, GUESS).await;
        assert_eq!(problem_of(answer), wrong(), "guess {number} from {from}");
    }
}

async fn guesses_are_held_back_where_they_come_from_and_nowhere_else(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer(ANA)).await.unwrap();
    // An account that is not there is held back alike.
    for email in [ANA, "nobody@example.com"] {
        guess(&harness.app, "203.0.113.1", email, 10).await;
        let refused = sign_in(&harness.app, "203.0.113.1", email, PASSWORD).await.unwrap_err();
        assert_eq!(problem(&refused), limited());
        let retry = refused.get_details_retry_info().and_then(|info| info.retry_delay);
        assert!(retry.is_some_and(|delay| !delay.is_zero()), "{retry:?}");
    }
    let again = harness.replica();
    let refused = sign_in(&again, "203.0.113.1", ANA, PASSWORD).await;
    assert_eq!(problem_of(refused), limited(), "on another replica and after a restart");
    sign_in(&harness.app, "203.0.113.2", ANA, PASSWORD).await.unwrap();
    // The owner is held up no longer than the guesses were many, and then starts afresh.
    harness.clock.advance(Duration::from_secs(2));
    sign_in(&harness.app, "203.0.113.1", ANA, PASSWORD).await.unwrap();
    guess(&harness.app, "203.0.113.1", ANA, 10).await;
}

async fn of_many_guesses_at_once_on_two_replicas_no_more_are_looked_at(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer(ANA)).await.unwrap();
    let other = harness.replica();
    let guesses = (0..24).map(|number| {
        let app = if number % 2 == 0 { &harness.app } else { &other };
        sign_in(app, "203.0.113.1", ANA, GUESS)
    });
    let answers = futures_util::future::join_all(guesses).await;
    let answers: Vec<_> = answers.into_iter().map(problem_of).collect();
    let looked_at = answers.iter().filter(|answer| **answer == wrong()).count();
    assert_eq!(looked_at, 10, "{answers:?}");
    let refused = ["SIGN_INS_LIMITED", "DATABASE_CONTENDED"];
    assert!(
        answers
            .iter()
            .all(|(_, reason, _)| refused.contains(&reason.as_str())
                || reason == "CREDENTIALS_WRONG")
    );
}

async fn guesses_from_many_places_lock_nobody_out(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer(ANA)).await.unwrap();
    sign_in(&harness.app, "192.0.2.1", ANA, PASSWORD).await.unwrap();
    for place in 0..50 {
        guess(&harness.app, &format!("203.0.113.{place}"), ANA, 1).await;
    }
    // At a new place the right password gets in, and guesses are held back at once.
    sign_in(&harness.app, "198.51.100.1", ANA, PASSWORD).await.unwrap();
    guess(&harness.app, "198.51.100.2", ANA, 1).await;
    let second = sign_in(&harness.app, "198.51.100.2", ANA, GUESS).await;
    assert_eq!(problem_of(second), limited());
    // At home a few slips are forgiven.
    guess(&harness.app, "192.0.2.1", ANA, 15).await;
    sign_in(&harness.app, "192.0.2.1", ANA, PASSWORD).await.unwrap();
}

async fn place_that_tries_many_accounts_is_held_back(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer(ANA)).await.unwrap();
    let home = harness.register(buyer("bia@example.com")).await.unwrap().email;
    sign_in(&harness.app, "203.0.113.1", &home, PASSWORD).await.unwrap();
    for number in 0..100 {
        guess(&harness.app, "203.0.113.1", &format!("u{number}@example.com"), 1).await;
    }
    let refused = sign_in(&harness.app, "203.0.113.1", ANA, PASSWORD).await;
    assert_eq!(problem_of(refused), limited());
    sign_in(&harness.app, "203.0.113.2", ANA, PASSWORD).await.unwrap();
    sign_in(&harness.app, "203.0.113.1", &home, PASSWORD).await.unwrap();
}

async fn guesses_of_who_stole_a_token_are_held_back(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, stolen) = harness.registered(buyer(ANA)).await;
    let own = harness.sign_in(ANA, PASSWORD).await.unwrap().access_token;
    let change = |token: &str, current: &str| {
        let request = ChangePasswordRequest {
            name: "users/me".to_owned(),
            current_password: current.to_owned(),
            new_password: "Outra-Senha-2".to_owned(),
        };
        let (mut auth, request) = (harness.auth(), by(token, request));
        async move { auth.change_password(request).await.map(drop) }
    };
    for _ in 0..10 {
        let answer = change(&stolen, GUESS).await;
        assert_eq!(problem_of(answer).1, "CURRENT_PASSWORD_WRONG");
    }
    assert_eq!(problem_of(change(&stolen, PASSWORD).await), limited());
    change(&own, PASSWORD).await.unwrap();
}

async fn caller_over_the_network_is_believed_only_where_it_is_trusted(database: TestDatabase) {
    let mut harness = Harness::start(database).await;
    for (trusted, email, last) in [
        (None, "a@example.com", limited()),
        (Some("192.0.2.0/24"), "b@example.com", limited()),
        (Some("127.0.0.0/8"), "c@example.com", wrong()),
    ] {
        harness.config.trusted_proxies =
            trusted.map(|network| network.parse().unwrap()).into_iter().collect();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let uri = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = Shutdown::new(Duration::ZERO, Duration::from_mins(1));
        let (app, stop) = (harness.replica(), shutdown.clone());
        let serving =
            tokio::spawn(async move { app.serve(listener, Readiness::new(), stop).await });
        let channel = Channel::from_shared(uri).unwrap().connect().await.unwrap();
        let mut auth = AuthServiceClient::new(channel);
        // As many as one place has free behind a gateway that nobody trusts.
        for number in 0..20 {
            let request = credentials(&format!("203.0.113.{number}"), email, GUESS);
            assert_eq!(problem_of(auth.create_session(request).await), wrong(), "{trusted:?}");
        }
        let request = credentials("203.0.113.20", email, GUESS);
        assert_eq!(problem_of(auth.create_session(request).await), last, "{trusted:?}");
        drop(auth);
        shutdown.trigger();
        assert_eq!(serving.await.unwrap().unwrap(), Outcome::Drained);
    }
}

async fn guess_counts_though_nobody_waits_for_the_answer(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer(ANA)).await.unwrap();
    // After this comparison every no has to wait for as long.
    let admin = harness.admin().await;
    let user = Some(User { password: String::new(), ..buyer("bia@example.com") });
    let item = Item { user, password_hash: SLOW.to_owned(), ..Item::default() };
    let batch = BatchCreateUsersRequest { requests: vec![item] };
    harness.users().batch_create_users(by(&admin, batch)).await.unwrap();
    guess(&harness.app, "203.0.113.9", "bia@example.com", 1).await;
    for _ in 0..60 {
        let guessing = sign_in(&harness.app, "203.0.113.1", ANA, GUESS);
        let answer = tokio::time::timeout(Duration::from_millis(100), guessing).await;
        if let Ok(Err(status)) = answer
            && problem(&status) == limited()
        {
            return;
        }
    }
    panic!("sixty guesses for whose answer nobody waited were all looked at");
}

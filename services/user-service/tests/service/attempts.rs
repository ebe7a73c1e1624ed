//! Guessing passwords, and who is held up by it.

use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::{ChangePasswordRequest, CreateSessionRequest};
use artisan_testkit::{TestDatabase, on_every_engine};
use artisan_user_service::App;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

use crate::harness::{Harness, PASSWORD, buyer, by, problem, problem_of, said};
use crate::net::Net;

on_every_engine! {
    guesses_are_held_back_where_they_come_from_and_nowhere_else,
    of_many_guesses_at_once_on_two_replicas_no_more_are_looked_at,
    guesses_from_many_places_lock_nobody_out,
    place_that_tries_many_accounts_is_held_back,
    guesses_of_who_stole_a_token_are_held_back,
    what_a_direct_caller_says_of_where_it_is_counts_for_nothing,
}

const ANA: &str = "ana@example.com";
const GUESS: &str = "Senha-Errada-1";

/// Signs in from an address, as the gateway in the same process tells it.
async fn sign_in(app: &App, from: &str, email: &str, password: &str) -> Result<(), Status> {
    let (email, password) = (email.to_owned(), password.to_owned());
    let mut request = Request::new(CreateSessionRequest { email, password });
    request.metadata_mut().insert("x-forwarded-for", from.parse().unwrap());
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

async fn what_a_direct_caller_says_of_where_it_is_counts_for_nothing(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer(ANA)).await.unwrap();
    let net = Net::start(&harness.app).await;
    let channel = net.endpoint().connect().await.unwrap();
    let mut answers = Vec::new();
    for number in 0..25 {
        let (email, password) = (ANA.to_owned(), GUESS.to_owned());
        let mut request = Request::new(CreateSessionRequest { email, password });
        let claimed = format!("203.0.113.{number}").parse().unwrap();
        request.metadata_mut().insert("x-forwarded-for", claimed);
        let answer = AuthServiceClient::new(channel.clone()).create_session(request).await;
        answers.push(problem_of(answer.map(drop)));
    }
    assert!(answers.contains(&limited()), "{answers:?}");
}

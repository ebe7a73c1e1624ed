//! Requests that are sent again under the same id.

use std::time::Duration;

use artisan_proto::artisan::user::v1::user::Profile;
use artisan_proto::artisan::user::v1::{
    Buyer, CreateUserRequest, EraseUserRequest, UpdateUserRequest, User,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use prost_types::FieldMask;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::harness::{Harness, PASSWORD, buyer, by, problem_of, said};

on_every_engine! {
    registration_that_is_sent_again_gets_the_same_answer,
    id_of_another_request_is_refused,
    registrations_under_one_id_at_the_same_instant_make_one_user,
    change_that_is_sent_again_happens_once,
    ids_are_forgotten_after_a_day,
    ids_of_callers_are_their_own,
    nobody_is_not_the_user_whose_id_is_nil,
    validation_alone_uses_no_id_up,
    what_is_no_uuid_is_refused,
}

fn create(user: User, request_id: &str) -> CreateUserRequest {
    CreateUserRequest {
        user: Some(user),
        request_id: request_id.to_owned(),
        ..CreateUserRequest::default()
    }
}

fn id(number: u128) -> String {
    Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_0000_0000 + number).to_string()
}

async fn register(harness: &Harness, request: CreateUserRequest) -> Result<User, Status> {
    Ok(harness.users().create_user(request).await?.into_inner())
}

async fn registration_that_is_sent_again_gets_the_same_answer(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let request = || create(buyer("a@example.com"), &id(1));
    let first = register(&harness, request()).await.unwrap();
    harness.clock.advance(Duration::from_hours(1));
    assert_eq!(register(&harness, request()).await.unwrap(), first);
    // Without the id it is another registration.
    let again = register(&harness, create(buyer("a@example.com"), "")).await;
    assert_eq!(problem_of(again).1, "EMAIL_TAKEN");
    // What is gone does not come back by a repetition.
    let admin = harness.admin().await;
    let erase = EraseUserRequest { name: first.name.clone() };
    harness.users().erase_user(by(&admin, erase)).await.unwrap();
    let anew = register(&harness, request()).await.unwrap();
    assert_ne!(anew.name, first.name);
}

async fn id_of_another_request_is_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    register(&harness, create(buyer("a@example.com"), &id(1))).await.unwrap();
    let taken = || said(Code::InvalidArgument, "REQUEST_ID_REUSED", &["request_id"]);
    let mut password = buyer("a@example.com");
    password.password.push('2');
    for other in [buyer("b@example.com"), password] {
        assert_eq!(problem_of(register(&harness, create(other, &id(1))).await), taken());
    }
    // A refused request leaves its id free.
    let refused = register(&harness, create(buyer("A@example.com"), &id(2))).await;
    assert_eq!(problem_of(refused).1, "EMAIL_TAKEN");
    register(&harness, create(buyer("b@example.com"), &id(2))).await.unwrap();
}

async fn registrations_under_one_id_at_the_same_instant_make_one_user(database: TestDatabase) {
    let harness = Harness::start(database).await;
    for round in 0..3 {
        let request = || create(buyer(&format!("u{round}@example.com")), &id(round));
        let calls = (0..4).map(|_| register(&harness, request()));
        let answers = futures_util::future::join_all(calls).await;
        let first = answers[0].as_ref().unwrap();
        assert!(answers.iter().all(|answer| answer.as_ref().unwrap() == first));
    }
    let emails = ["v@example.com", "w@example.com"];
    let calls = emails.map(|email| register(&harness, create(buyer(email), &id(9))));
    let answers = futures_util::future::join_all(calls).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    assert_eq!(problem_of(refused.into_iter().next().unwrap()).1, "REQUEST_ID_REUSED");
}

fn rename(user: &User, name: &str, request_id: &str) -> UpdateUserRequest {
    let buyer = Buyer { full_name: name.to_owned(), ..Buyer::default() };
    let (name, etag) = (user.name.clone(), user.etag.clone());
    let user = User { name, etag, profile: Some(Profile::Buyer(buyer)), ..User::default() };
    UpdateUserRequest {
        user: Some(user),
        update_mask: Some(FieldMask { paths: vec!["buyer.full_name".to_owned()] }),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

async fn change_that_is_sent_again_happens_once(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let send = |request: UpdateUserRequest| {
        let mut users = harness.users();
        let request = by(&token, request);
        async move { users.update_user(request).await.map(tonic::Response::into_inner) }
    };
    let first = send(rename(&user, "Maria", &id(1))).await.unwrap();
    assert_ne!(first.etag, user.etag);
    // The etag is stale by now: without the id this would be refused.
    assert_eq!(send(rename(&user, "Maria", &id(1))).await.unwrap(), first);
    let stale = send(rename(&user, "Maria", &id(2))).await;
    assert_eq!(problem_of(stale).1, "ETAG_MISMATCH");
    let other = send(rename(&user, "José", &id(1))).await;
    assert_eq!(problem_of(other).1, "REQUEST_ID_REUSED");
    // Nothing to change is an answer too.
    assert_eq!(send(rename(&first, "Maria", &id(3))).await.unwrap(), first);
    let moved = send(rename(&first, "José", &id(4))).await.unwrap();
    assert_eq!(send(rename(&first, "Maria", &id(3))).await.unwrap(), first);
    let both = futures_util::future::join_all((0..3).map(|_| send(rename(&moved, "Ana", &id(5)))));
    let answers: Vec<User> = both.await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

async fn ids_are_forgotten_after_a_day(database: TestDatabase) {
    let harness = Harness::start(database).await;
    register(&harness, create(buyer("a@example.com"), &id(1))).await.unwrap();
    harness.clock.advance(Duration::from_hours(23));
    let kept = register(&harness, create(buyer("b@example.com"), &id(1))).await;
    assert_eq!(problem_of(kept).1, "REQUEST_ID_REUSED");
    assert_eq!(harness.app.keep_house().await.unwrap().requests_forgotten, 0);
    harness.clock.advance(Duration::from_hours(2));
    register(&harness, create(buyer("b@example.com"), &id(1))).await.unwrap();
    register(&harness, create(buyer("c@example.com"), &id(2))).await.unwrap();
    harness.clock.advance(Duration::from_hours(25));
    assert_eq!(harness.app.keep_house().await.unwrap().requests_forgotten, 2);
}

async fn ids_of_callers_are_their_own(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    register(&harness, create(buyer("b@example.com"), &id(1))).await.unwrap();
    let request = by(&token, create(buyer("b@example.com"), &id(1)));
    let other = harness.users().create_user(request).await;
    assert_eq!(problem_of(other).1, "EMAIL_TAKEN");
}

async fn nobody_is_not_the_user_whose_id_is_nil(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let user_id = Uuid::nil().to_string();
    let request = CreateUserRequest { user_id, ..create(buyer("nil@example.com"), "") };
    register(&harness, request).await.unwrap();
    let token = harness.sign_in("nil@example.com", PASSWORD).await.unwrap().access_token;
    let request = || create(buyer("a@example.com"), &id(1));
    register(&harness, request()).await.unwrap();
    let other = harness.users().create_user(by(&token, request())).await;
    assert_eq!(problem_of(other).1, "EMAIL_TAKEN", "the answer is somebody else's");
}

async fn validation_alone_uses_no_id_up(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let validate =
        CreateUserRequest { validate_only: true, ..create(buyer("a@example.com"), &id(1)) };
    register(&harness, validate).await.unwrap();
    register(&harness, create(buyer("b@example.com"), &id(1))).await.unwrap();
}

async fn what_is_no_uuid_is_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    for wrong in ["1", "x'; --", &Uuid::nil().to_string(), &id(1)[1..]] {
        let refused = register(&harness, create(buyer("a@example.com"), wrong)).await;
        let expected = said(Code::InvalidArgument, "VALIDATION_FAILED", &["request_id"]);
        assert_eq!(problem_of(refused), expected, "{wrong}");
    }
}

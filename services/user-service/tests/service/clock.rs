//! A clock that is set back.

use std::time::Duration;

use artisan_proto::artisan::user::v1::{
    Buyer, ListUserEventsRequest, ListUsersRequest, RefreshSessionRequest, UpdateUserRequest, User,
    WatchUsersRequest, user::Profile,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::Code;

use crate::harness::{Harness, PASSWORD, buyer, by, problem_of, said};

on_every_engine! {
    sessions_live_on_by_a_refresh,
    trail_and_stream_lose_and_repeat_nothing,
    pages_go_on_where_they_were,
    housekeeping_stays_with_who_has_it,
}

const HOUR: Duration = Duration::from_hours(1);

async fn rename(harness: &Harness, token: &str, full_name: &str) {
    let profile = Buyer { full_name: full_name.to_owned(), ..Buyer::default() };
    let profile = Some(Profile::Buyer(profile));
    let user = User { name: "users/me".to_owned(), profile, ..User::default() };
    let request = UpdateUserRequest { user: Some(user), ..UpdateUserRequest::default() };
    harness.users().update_user(by(token, request)).await.unwrap();
}

async fn sessions_live_on_by_a_refresh(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let tokens = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    // As much as replicas differ does no harm.
    harness.clock.set_back(Duration::from_secs(30));
    harness.me(&tokens.access_token).await.unwrap();
    harness.clock.set_back(HOUR);
    let early = harness.me(&tokens.access_token).await;
    assert_eq!(problem_of(early), said(Code::Unauthenticated, "TOKEN_INVALID", &[]));
    let request = RefreshSessionRequest { refresh_token: tokens.refresh_token.clone() };
    let fresh = harness.auth().refresh_session(request.clone()).await.unwrap().into_inner();
    harness.me(&fresh.access_token).await.unwrap();
    // The other way round a lost answer is no longer given, and the token counts as stolen.
    harness.clock.set_back(HOUR);
    let reused = harness.auth().refresh_session(request).await;
    assert_eq!(problem_of(reused).1, "REFRESH_TOKEN_REUSED");
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
}

async fn trail_and_stream_lose_and_repeat_nothing(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let watching = harness.users().watch_users(by(&admin, WatchUsersRequest::default())).await;
    let mut stream = watching.unwrap().into_inner();
    let mut shown = Vec::new();
    let (user, mut token) = harness.registered(buyer("a@example.com")).await;
    for number in 0..3 {
        rename(&harness, &token, &format!("Nome {number}")).await;
        harness.clock.set_back(HOUR);
        token = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
        // The user was created, signed in, and did both again each time.
        while shown.len() < 2 + 2 * (number + 1) {
            let message = tokio::time::timeout(Duration::from_mins(1), stream.message()).await;
            let event = message.unwrap().unwrap().unwrap().event.unwrap();
            assert!(event.name.starts_with(&user.name));
            shown.push(event.name);
        }
    }
    let (mut listed, mut page_token) = (Vec::new(), String::new());
    loop {
        let parent = "users/me".to_owned();
        let request = ListUserEventsRequest { parent, page_size: 1, page_token };
        let page = harness.users().list_user_events(by(&token, request)).await.unwrap();
        let page = page.into_inner();
        listed.extend(page.user_events.into_iter().map(|event| event.name));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let count = shown.len();
    for names in [&mut shown, &mut listed] {
        names.sort();
        names.dedup();
    }
    assert_eq!((shown.len(), &shown), (count, &listed));
}

async fn pages_go_on_where_they_were(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.admin().await;
    for number in 0..4 {
        harness.register(buyer(&format!("u{number}@example.com"))).await.unwrap();
        harness.clock.set_back(HOUR);
    }
    let admin = harness.admin().await;
    let (mut names, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListUsersRequest { page_size: 2, page_token, ..ListUsersRequest::default() };
        let page = harness.users().list_users(by(&admin, request)).await.unwrap().into_inner();
        names.extend(page.users.into_iter().map(|user| user.name));
        harness.clock.set_back(Duration::from_secs(1));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5);
}

async fn housekeeping_stays_with_who_has_it(database: TestDatabase) {
    let harness = Harness::start(database).await;
    assert!(harness.app.keep_house().await.unwrap().in_charge);
    harness.clock.set_back(HOUR);
    assert!(harness.app.keep_house().await.unwrap().in_charge);
    assert!(!harness.replica().keep_house().await.unwrap().in_charge);
}

//! Sessions seen and ended, passwords changed, tokens looked into, and the trail of it all.

use std::time::Duration;

use artisan_proto::artisan::user::v1::user::Role;
use artisan_proto::artisan::user::v1::{
    ChangePasswordRequest, GetUserRequest, IntrospectTokenRequest, IntrospectTokenResponse,
    ListSessionsRequest, ListSessionsResponse, ListUserEventsRequest, ListUserEventsResponse,
    RevokeAllSessionsRequest, RevokeSessionRequest, User,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::harness::{Harness, PASSWORD, buyer, by, problem_of, said, seconds};

on_every_engine! {
    sessions_are_listed_newest_first_in_pages,
    revoked_session_ends_at_once_and_the_others_live,
    all_sessions_end_at_once,
    bad_requests_about_sessions_name_their_field,
    changed_password_ends_the_other_sessions,
    bad_password_changes_are_refused,
    one_of_two_changes_from_the_same_password_wins,
    only_good_tokens_are_active,
    trail_tells_what_happened_and_who_did_it,
    bad_requests_for_the_trail_name_their_field,
}

const OTHER: &str = "Outra-Senha-2";

async fn list(
    harness: &Harness,
    token: &str,
    request: ListSessionsRequest,
) -> Result<ListSessionsResponse, Status> {
    Ok(harness.auth().list_sessions(by(token, request)).await?.into_inner())
}

fn of(parent: &str) -> ListSessionsRequest {
    ListSessionsRequest { parent: parent.to_owned(), ..ListSessionsRequest::default() }
}

async fn revoke(harness: &Harness, token: &str, name: &str) -> Result<(), Status> {
    let request = RevokeSessionRequest { name: name.to_owned() };
    harness.auth().revoke_session(by(token, request)).await.map(drop)
}

async fn revoke_all(harness: &Harness, token: &str, parent: &str) -> Result<(), Status> {
    let request = RevokeAllSessionsRequest { parent: parent.to_owned() };
    harness.auth().revoke_all_sessions(by(token, request)).await.map(drop)
}

async fn change(harness: &Harness, token: &str, from: &str, to: &str) -> Result<(), Status> {
    let request = ChangePasswordRequest {
        name: "users/me".to_owned(),
        current_password: from.to_owned(),
        new_password: to.to_owned(),
    };
    harness.auth().change_password(by(token, request)).await.map(drop)
}

async fn me(harness: &Harness, token: &str) -> Result<User, Status> {
    let request = GetUserRequest { name: "users/me".to_owned() };
    Ok(harness.users().get_user(by(token, request)).await?.into_inner())
}

/// Ends with an answer that does not let the token through any more.
async fn is_ended(harness: &Harness, token: &str) -> bool {
    me(harness, token).await.is_err_and(|status| problem_of::<()>(Err(status)).1 == "SESSION_ENDED")
}

async fn sessions_are_listed_newest_first_in_pages(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    for _ in 0..4 {
        harness.sign_in("a@example.com", PASSWORD).await.unwrap();
        harness.clock.advance(Duration::from_secs(1));
    }
    let all = list(&harness, &token, of("users/me")).await.unwrap().sessions;
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|session| session.name.starts_with(&user.name)));
    assert!(all.is_sorted_by_key(|session| -seconds(session.create_time)));
    revoke(&harness, &token, &all[1].name).await.unwrap();
    let (mut names, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListSessionsRequest { page_size: 2, page_token, ..of(&user.name) };
        let page = list(&harness, &admin, request).await.unwrap();
        assert!(page.sessions.len() <= 2);
        names.extend(page.sessions.into_iter().map(|session| session.name));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected: Vec<_> = all.iter().map(|session| session.name.clone()).collect();
    assert_eq!(names, expected, "a session that ended is shown too");
}

async fn revoked_session_ends_at_once_and_the_others_live(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    let other = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    // The token is known to be good, and remembered as such.
    assert!(me(&harness, &other.access_token).await.is_ok());
    let name = other.session.unwrap().name;
    revoke(&harness, &token, &name).await.unwrap();
    assert!(is_ended(&harness, &other.access_token).await);
    assert!(me(&harness, &token).await.is_ok());
    revoke(&harness, &token, &name).await.unwrap();
    let listed = list(&harness, &token, of("users/me")).await.unwrap().sessions;
    let revoked: Vec<_> = listed.iter().filter(|session| session.revoke_time.is_some()).collect();
    assert_eq!(revoked.len(), 1);
    assert_eq!(revoked[0].name, name);
    // The own one, named by `me`.
    let own = listed.iter().find(|session| session.revoke_time.is_none()).unwrap();
    let own = format!("users/me/sessions/{}", own.name.rsplit('/').next().unwrap());
    revoke(&harness, &token, &own).await.unwrap();
    assert!(is_ended(&harness, &token).await);
}

async fn all_sessions_end_at_once(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, one) = harness.registered(buyer("a@example.com")).await;
    let two = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
    let (_, stranger) = harness.registered(buyer("b@example.com")).await;
    revoke_all(&harness, &two, "users/me").await.unwrap();
    assert!(is_ended(&harness, &one).await && is_ended(&harness, &two).await);
    assert!(me(&harness, &stranger).await.is_ok());
    let three = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
    revoke_all(&harness, &admin, &user.name).await.unwrap();
    assert!(is_ended(&harness, &three).await);
    revoke_all(&harness, &admin, &user.name).await.unwrap();
}

async fn bad_requests_about_sessions_name_their_field(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let (_, stranger) = harness.registered(buyer("b@example.com")).await;
    let hers = list(&harness, &stranger, of("users/me")).await.unwrap().sessions.remove(0).name;
    let invalid = |field: &str| said(Code::InvalidArgument, "VALIDATION_FAILED", &[field]);
    let denied = said(Code::PermissionDenied, "PERMISSION_DENIED", &[]);
    let missing = said(Code::NotFound, "SESSION_NOT_FOUND", &[]);
    let id = hers.rsplit('/').next().unwrap();
    let cases = [
        (String::new(), invalid("name")),
        ("users/me".to_owned(), invalid("name")),
        ("users/me/sessions/".to_owned(), invalid("name")),
        ("users/me/sessions/1".to_owned(), invalid("name")),
        (format!("users/me/sessions/{id}/x"), invalid("name")),
        (format!("sessions/{id}"), invalid("name")),
        (format!("users/x/sessions/{id}"), invalid("name")),
        // Another user's session, by its own name and under the caller's.
        (hers.clone(), denied.clone()),
        (format!("users/me/sessions/{id}"), missing.clone()),
        (format!("users/me/sessions/{}", Uuid::new_v4()), missing),
    ];
    for (name, expected) in cases {
        assert_eq!(problem_of(revoke(&harness, &token, &name).await), expected, "{name}");
    }
    assert!(me(&harness, &stranger).await.is_ok());

    let negative = ListSessionsRequest { page_size: -1, ..of("users/me") };
    let forged = ListSessionsRequest { page_token: "AAAA".to_owned(), ..of("users/me") };
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let first = ListSessionsRequest { page_size: 1, ..of("users/me") };
    let page_token = list(&harness, &token, first).await.unwrap().next_page_token;
    let of_another = ListSessionsRequest { page_token, ..of("users/me") };
    let page_token = said(Code::InvalidArgument, "PAGE_TOKEN_INVALID", &["page_token"]);
    let cases = [
        (&token, negative, invalid("page_size")),
        (&token, of(""), invalid("parent")),
        (&token, of("users/1"), invalid("parent")),
        (&token, forged, page_token.clone()),
        (&stranger, of_another, page_token),
        (&stranger, of(&user.name), denied.clone()),
    ];
    for (token, request, expected) in cases {
        assert_eq!(problem_of(list(&harness, token, request).await), expected);
    }
    let nobody = format!("users/{}", Uuid::new_v4());
    let not_found = said(Code::NotFound, "USER_NOT_FOUND", &[]);
    assert_eq!(problem_of(list(&harness, &admin, of(&nobody)).await), not_found);
    assert_eq!(problem_of(revoke_all(&harness, &admin, &nobody).await), not_found);
    assert_eq!(problem_of(revoke_all(&harness, &stranger, &user.name).await), denied);
    assert_eq!(problem_of(revoke_all(&harness, &token, "users/1").await), invalid("parent"));
}

async fn changed_password_ends_the_other_sessions(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    let other = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
    change(&harness, &token, PASSWORD, OTHER).await.unwrap();
    assert!(me(&harness, &token).await.is_ok(), "who changed it stays signed in");
    assert!(is_ended(&harness, &other).await);
    let old = harness.sign_in("a@example.com", PASSWORD).await;
    assert_eq!(problem_of(old).1, "CREDENTIALS_WRONG");
    harness.sign_in("a@example.com", OTHER).await.unwrap();
}

async fn bad_password_changes_are_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    let invalid = |fields: &[&str]| said(Code::InvalidArgument, "VALIDATION_FAILED", fields);
    let long = |count: usize| format!("Aa1!{}", "é".repeat(count - 4));
    let wrong = said(Code::InvalidArgument, "CURRENT_PASSWORD_WRONG", &["current_password"]);
    let (seven, longest, longer) = (long(7), long(64), long(65));
    let cases = [
        ("", OTHER, invalid(&["current_password"])),
        (PASSWORD, "", invalid(&["new_password"])),
        (PASSWORD, &seven, invalid(&["new_password"])),
        (PASSWORD, &longer, invalid(&["new_password"])),
        (PASSWORD, PASSWORD, invalid(&["new_password"])),
        ("", "", invalid(&["current_password", "new_password"])),
        ("Senha-Errada-1", OTHER, wrong.clone()),
        (&longest, OTHER, wrong),
    ];
    for (from, to, expected) in cases {
        assert_eq!(problem_of(change(&harness, &token, from, to).await), expected);
    }
    assert!(me(&harness, &token).await.is_ok(), "a wrong password does not sign out");
    change(&harness, &token, PASSWORD, &longest).await.unwrap();
    change(&harness, &token, &longest, &long(8)).await.unwrap();
}

async fn one_of_two_changes_from_the_same_password_wins(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, one) = harness.registered(buyer("a@example.com")).await;
    let two = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
    let changes = tokio::join!(
        change(&harness, &one, PASSWORD, "Nova-Senha-1"),
        change(&harness, &two, PASSWORD, "Nova-Senha-2"),
    );
    let (won, refused) = match changes {
        (Ok(()), Err(refused)) => ("Nova-Senha-1", refused),
        (Err(refused), Ok(())) => ("Nova-Senha-2", refused),
        other => panic!("{other:?}"),
    };
    let reason = problem_of::<()>(Err(refused)).1;
    assert!(["CURRENT_PASSWORD_WRONG", "SESSION_ENDED"].contains(&reason.as_str()), "{reason}");
    harness.sign_in("a@example.com", won).await.unwrap();
}

async fn introspect(harness: &Harness, admin: &str, token: &str) -> IntrospectTokenResponse {
    let request = IntrospectTokenRequest { token: token.to_owned() };
    harness.auth().introspect_token(by(admin, request)).await.unwrap().into_inner()
}

async fn only_good_tokens_are_active(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let tokens = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let found = introspect(&harness, &admin, &tokens.access_token).await;
    let session = tokens.session.unwrap();
    assert!(found.active == Some(true) && found.roles.is_empty());
    assert_eq!((&found.user, &found.session), (&user.name, &session.name));
    assert_eq!(found.expire_time, tokens.access_token_expire_time);
    assert_eq!(seconds(found.issue_time), seconds(session.create_time));
    assert_eq!(introspect(&harness, &admin, &admin).await.roles, [i32::from(Role::Admin)]);

    let none =
        IntrospectTokenResponse { active: Some(false), ..IntrospectTokenResponse::default() };
    let forged = format!("{}x", tokens.access_token);
    for token in ["x", &forged, &tokens.refresh_token, &"x".repeat(100_000)] {
        assert_eq!(introspect(&harness, &admin, token).await, none);
    }
    revoke(&harness, &admin, &session.name).await.unwrap();
    assert_eq!(introspect(&harness, &admin, &tokens.access_token).await, none);
    let second = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
    harness.database.execute("UPDATE users SET state = 'INACTIVE' WHERE email LIKE 'a@%'").await;
    assert_eq!(introspect(&harness, &admin, &second).await, none);
    harness.database.execute("UPDATE users SET state = 'ACTIVE' WHERE email LIKE 'a@%'").await;
    assert!(introspect(&harness, &admin, &second).await.active == Some(true));
    harness.clock.advance(Duration::from_mins(16));
    let admin = harness.admin().await;
    assert_eq!(introspect(&harness, &admin, &second).await, none);
    let empty =
        harness.auth().introspect_token(by(&admin, IntrospectTokenRequest::default())).await;
    let expected = said(Code::InvalidArgument, "VALIDATION_FAILED", &["token"]);
    assert_eq!(problem_of(empty), expected);
}

async fn trail(
    harness: &Harness,
    token: &str,
    request: ListUserEventsRequest,
) -> Result<ListUserEventsResponse, Status> {
    Ok(harness.users().list_user_events(by(token, request)).await?.into_inner())
}

fn trail_of(parent: &str) -> ListUserEventsRequest {
    ListUserEventsRequest { parent: parent.to_owned(), ..ListUserEventsRequest::default() }
}

async fn trail_tells_what_happened_and_who_did_it(database: TestDatabase) {
    use artisan_proto::artisan::user::v1::user::Profile;
    use artisan_proto::artisan::user::v1::{Buyer, DeactivateUserRequest, UpdateUserRequest};

    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let root = me(&harness, &admin).await.unwrap().name;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let full_name = "João Segundo".to_owned();
    let profile = Some(Profile::Buyer(Buyer { full_name, ..Buyer::default() }));
    let wanted = User { name: user.name.clone(), profile, ..User::default() };
    let update = UpdateUserRequest { user: Some(wanted), ..UpdateUserRequest::default() };
    harness.users().update_user(by(&token, update)).await.unwrap();
    let own = trail(&harness, &token, trail_of("users/me")).await.unwrap().user_events;
    assert_eq!(own.len(), 3);
    let mut request = Request::new(DeactivateUserRequest { name: user.name.clone() });
    request.metadata_mut().insert("authorization", format!("Bearer {admin}").parse().unwrap());
    request.metadata_mut().insert("x-request-id", "from-the-caller".parse().unwrap());
    harness.users().deactivate_user(request).await.unwrap();

    let (mut events, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListUserEventsRequest { page_size: 3, page_token, ..trail_of(&user.name) };
        let page = trail(&harness, &admin, request).await.unwrap();
        events.extend(page.user_events);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let told: Vec<_> = events.iter().map(|e| (e.r#type.as_str(), e.actor.as_str())).collect();
    let expected = [
        ("user.deactivated", root.as_str()),
        ("user.updated", user.name.as_str()),
        ("session.created", user.name.as_str()),
        ("user.created", ""),
    ];
    assert_eq!(told, expected);
    assert_eq!(events[0].request_id, "from-the-caller");
    assert_eq!(events[0].changed_fields, ["state"]);
    assert_eq!(events[1].changed_fields, ["buyer.full_name"]);
    assert!(events.iter().all(|event| event.name.starts_with(&format!("{}/events/", user.name))));
    assert!(events.iter().all(|event| !event.request_id.is_empty()));
    let text = format!("{events:?}");
    assert!(!text.contains("example.com") && !text.contains("Segundo"), "{text}");
}

async fn bad_requests_for_the_trail_name_their_field(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let (_, stranger) = harness.registered(buyer("b@example.com")).await;
    let first = ListUserEventsRequest { page_size: 1, ..trail_of("users/me") };
    let page_token = trail(&harness, &token, first).await.unwrap().next_page_token;
    let invalid = |field: &str| said(Code::InvalidArgument, "VALIDATION_FAILED", &[field]);
    let bad_token = said(Code::InvalidArgument, "PAGE_TOKEN_INVALID", &["page_token"]);
    let nobody = format!("users/{}", Uuid::new_v4());
    let with = |page_token: &str| ListUserEventsRequest {
        page_token: page_token.to_owned(),
        ..trail_of("users/me")
    };
    let cases = [
        (&token, trail_of(""), invalid("parent")),
        (&token, trail_of("users/1"), invalid("parent")),
        (&token, ListUserEventsRequest { page_size: -1, ..with("") }, invalid("page_size")),
        (&token, with("AAAA"), bad_token.clone()),
        (&stranger, with(&page_token), bad_token),
        (&stranger, trail_of(&user.name), said(Code::PermissionDenied, "PERMISSION_DENIED", &[])),
        (&admin, trail_of(&nobody), said(Code::NotFound, "USER_NOT_FOUND", &[])),
    ];
    for (token, request, expected) in cases {
        assert_eq!(problem_of(trail(&harness, token, request).await), expected);
    }
}

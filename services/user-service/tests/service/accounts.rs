//! What administrators do to accounts.

use std::time::Duration;

use artisan_proto::artisan::user::v1::user::{Role, State};
use artisan_proto::artisan::user::v1::{
    ActivateUserRequest, BatchGetUsersRequest, DeactivateUserRequest, DeleteUserRequest,
    GetUserRequest, SetUserRolesRequest, UndeleteUserRequest, User,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::harness::{Harness, PASSWORD, artisan, buyer, by, problem, problem_of, said};

on_every_engine! {
    users_are_read_at_once_in_the_order_of_their_names,
    one_missing_or_wrong_name_spoils_the_batch,
    deleted_user_is_restored_as_it_was,
    undeletion_obeys_etag_and_purge_time,
    deactivated_user_is_signed_out_at_once_and_can_be_activated,
    roles_are_replaced_and_sessions_revoked,
    last_active_admin_stays_one,
    two_admins_cannot_demote_each_other,
    wrong_targets_are_refused_alike,
}

fn name(user: &User) -> String {
    user.name.clone()
}

async fn undelete(harness: &Harness, token: &str, name: &str, etag: &str) -> Result<User, Status> {
    let request = UndeleteUserRequest { name: name.to_owned(), etag: etag.to_owned() };
    Ok(harness.users().undelete_user(by(token, request)).await?.into_inner())
}

async fn activate(harness: &Harness, token: &str, name: &str) -> Result<User, Status> {
    let request = ActivateUserRequest { name: name.to_owned() };
    Ok(harness.users().activate_user(by(token, request)).await?.into_inner())
}

async fn deactivate(harness: &Harness, token: &str, name: &str) -> Result<User, Status> {
    let request = DeactivateUserRequest { name: name.to_owned() };
    Ok(harness.users().deactivate_user(by(token, request)).await?.into_inner())
}

async fn set_roles(
    harness: &Harness,
    token: &str,
    name: &str,
    roles: &[i32],
) -> Result<User, Status> {
    let request = SetUserRolesRequest { name: name.to_owned(), roles: roles.to_vec() };
    Ok(harness.users().set_user_roles(by(token, request)).await?.into_inner())
}

async fn me(harness: &Harness, token: &str) -> Result<User, Status> {
    let request = GetUserRequest { name: "users/me".to_owned() };
    Ok(harness.users().get_user(by(token, request)).await?.into_inner())
}

async fn batch(harness: &Harness, token: &str, names: Vec<String>) -> Result<Vec<User>, Status> {
    let request = BatchGetUsersRequest { names };
    Ok(harness.users().batch_get_users(by(token, request)).await?.into_inner().users)
}

const ADMIN: i32 = Role::Admin as i32;

async fn users_are_read_at_once_in_the_order_of_their_names(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut users = vec![me(&harness, &admin).await.unwrap()];
    for number in 0..13 {
        users.push(harness.register(artisan(&format!("u{number}@example.com"))).await.unwrap());
    }
    users.reverse();
    let names: Vec<String> = users.iter().map(name).collect();
    assert_eq!(batch(&harness, &admin, names).await.unwrap(), users);
    // A name may stand twice, in either case, and `users/me` is one.
    let first = users[0].clone();
    let names = [&first.name, "users/me", &first.name.to_uppercase().replace("USERS", "users")];
    let found = batch(&harness, &admin, names.iter().map(ToString::to_string).collect()).await;
    assert_eq!(found.unwrap(), [first.clone(), users[13].clone(), first.clone()]);
    let most = batch(&harness, &admin, vec![name(&first); 1000]).await.unwrap();
    assert_eq!(most.len(), 1000);
    // Deleted ones are read too, as GetUser reads them.
    let delete = DeleteUserRequest { name: name(&first), ..DeleteUserRequest::default() };
    let gone = harness.users().delete_user(by(&admin, delete)).await.unwrap().into_inner();
    assert_eq!(batch(&harness, &admin, vec![name(&first)]).await.unwrap(), [gone]);
}

async fn one_missing_or_wrong_name_spoils_the_batch(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let missing = format!("users/{}", Uuid::new_v4());
    let status = batch(&harness, &admin, vec![name(&user), missing.clone()]).await.unwrap_err();
    assert_eq!(problem(&status), said(Code::NotFound, "USER_NOT_FOUND", &[]));
    assert!(status.message().contains(&missing), "{}", status.message());
    assert!(!status.message().contains(&user.name), "{}", status.message());
    let invalid = |fields: &[&str]| said(Code::InvalidArgument, "VALIDATION_FAILED", fields);
    let many = |count: usize| vec![name(&user); count];
    let mixed = ["users/1", &user.name, "shops/me", ""].map(ToOwned::to_owned).to_vec();
    let cases = [
        (vec![], invalid(&["names"])),
        (many(1001), invalid(&["names"])),
        (mixed, invalid(&["names[0]", "names[2]", "names[3]"])),
    ];
    for (names, expected) in cases {
        assert_eq!(problem_of(batch(&harness, &admin, names).await), expected);
    }
    let absent = (0..1000).map(|_| format!("users/{}", Uuid::new_v4())).collect();
    let status = batch(&harness, &admin, absent).await.unwrap_err();
    assert!(status.message().len() < 2_000, "{}", status.message());
}

async fn deleted_user_is_restored_as_it_was(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (before, token) = harness.registered(artisan("a@example.com")).await;
    let delete = DeleteUserRequest { name: name(&before), ..DeleteUserRequest::default() };
    let gone = harness.users().delete_user(by(&token, delete)).await.unwrap().into_inner();
    let restored = undelete(&harness, &admin, &before.name, "").await.unwrap();
    assert_ne!(restored.etag, gone.etag);
    let (update_time, etag) = (restored.update_time, restored.etag.clone());
    assert_eq!(restored, User { update_time, etag, ..before.clone() });
    // The sessions stay revoked; the password is as it was.
    assert_eq!(problem_of(me(&harness, &token).await).1, "SESSION_ENDED");
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let again = undelete(&harness, &admin, &before.name, "").await;
    assert_eq!(problem_of(again), said(Code::AlreadyExists, "USER_NOT_DELETED", &[]));
}

async fn undeletion_obeys_etag_and_purge_time(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut users = Vec::new();
    for email in ["a@example.com", "b@example.com"] {
        let user = harness.register(buyer(email)).await.unwrap();
        let delete = DeleteUserRequest { name: user.name, ..DeleteUserRequest::default() };
        users.push(harness.users().delete_user(by(&admin, delete)).await.unwrap().into_inner());
    }
    let (one, two) = (&users[0], &users[1]);
    for etag in ["\"1\"", "2", "nonsense"] {
        let stale = undelete(&harness, &admin, &one.name, etag).await;
        assert_eq!(problem_of(stale), said(Code::Aborted, "ETAG_MISMATCH", &[]), "{etag}");
    }
    undelete(&harness, &admin, &one.name, &one.etag).await.unwrap();
    harness.clock.advance(Duration::from_hours(30 * 24));
    let admin = harness.admin().await;
    let late = undelete(&harness, &admin, &two.name, "").await;
    assert_eq!(problem_of(late), said(Code::FailedPrecondition, "PURGE_DUE", &[]));
}

async fn deactivated_user_is_signed_out_at_once_and_can_be_activated(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    assert!(me(&harness, &token).await.is_ok());
    let locked = deactivate(&harness, &admin, &user.name).await.unwrap();
    assert_eq!(locked.state(), State::Inactive);
    assert_eq!(problem_of(me(&harness, &token).await).1, "SESSION_ENDED");
    let signed = harness.sign_in("a@example.com", PASSWORD).await;
    assert_eq!(problem_of(signed).1, "ACCOUNT_NOT_ACTIVE");
    let again = deactivate(&harness, &admin, &user.name).await.unwrap();
    assert_eq!(again, locked, "what is done already makes no new version");
    let open = activate(&harness, &admin, &user.name).await.unwrap();
    assert_eq!(open.state(), State::Active);
    assert_eq!(activate(&harness, &admin, &user.name).await.unwrap(), open);
    // What was revoked stays revoked.
    assert_eq!(problem_of(me(&harness, &token).await).1, "SESSION_ENDED");
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    harness.database.execute("UPDATE users SET state = 'PENDING' WHERE email LIKE 'a@%'").await;
    let admitted = activate(&harness, &admin, &user.name).await.unwrap();
    assert_eq!(admitted.state(), State::Active);
}

async fn roles_are_replaced_and_sessions_revoked(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let same = set_roles(&harness, &admin, &user.name, &[]).await.unwrap();
    assert_eq!(same, user, "the same roles make no new version");
    assert!(me(&harness, &token).await.is_ok());
    let promoted = set_roles(&harness, &admin, &user.name, &[ADMIN, ADMIN]).await.unwrap();
    assert_eq!(promoted.roles, [ADMIN]);
    assert_ne!(promoted.etag, user.etag);
    assert_eq!(problem_of(me(&harness, &token).await).1, "SESSION_ENDED");
    let token = harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token;
    assert!(batch(&harness, &token, vec![user.name.clone()]).await.is_ok());
    let demoted = set_roles(&harness, &admin, &user.name, &[]).await.unwrap();
    assert!(demoted.roles.is_empty());
    assert_eq!(problem_of(batch(&harness, &token, vec![]).await).1, "SESSION_ENDED");
    for (roles, field) in [(vec![0], "roles[0]"), (vec![ADMIN, 99], "roles[1]")] {
        let refused = set_roles(&harness, &admin, &user.name, &roles).await;
        let expected = said(Code::InvalidArgument, "VALIDATION_FAILED", &[field]);
        assert_eq!(problem_of(refused), expected);
    }
}

async fn last_active_admin_stays_one(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let last = said(Code::FailedPrecondition, "LAST_ADMIN", &[]);
    assert_eq!(problem_of(set_roles(&harness, &admin, "users/me", &[]).await), last);
    assert_eq!(problem_of(deactivate(&harness, &admin, "users/me").await), last);
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    set_roles(&harness, &admin, &user.name, &[ADMIN]).await.unwrap();
    deactivate(&harness, &admin, &user.name).await.unwrap();
    // A locked admin is none.
    assert_eq!(problem_of(deactivate(&harness, &admin, "users/me").await), last);
    activate(&harness, &admin, &user.name).await.unwrap();
    deactivate(&harness, &admin, "users/me").await.unwrap();
}

async fn two_admins_cannot_demote_each_other(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let root = harness.admin().await;
    for round in 0..3 {
        let mut pair = Vec::new();
        for which in ["a", "b"] {
            let email = format!("{which}{round}@example.com");
            let user = harness.register(buyer(&email)).await.unwrap();
            set_roles(&harness, &root, &user.name, &[ADMIN]).await.unwrap();
            let token = harness.sign_in(&email, PASSWORD).await.unwrap().access_token;
            pair.push((user.name, token));
        }
        // Nobody but the two is left.
        harness
            .database
            .execute(&format!(
                "DELETE FROM user_roles WHERE user_id NOT IN \
                 (SELECT id FROM users WHERE email IN ('a{round}@example.com', 'b{round}@example.com'))"
            ))
            .await;
        let (a, b) = (&pair[0], &pair[1]);
        let results =
            tokio::join!(set_roles(&harness, &a.1, &b.0, &[]), deactivate(&harness, &b.1, &a.0));
        let refused = match results {
            (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => problem(&refused).1,
            other => panic!("round {round}: {other:?}"),
        };
        // The loser may have been signed out before it was looked at.
        let known = ["LAST_ADMIN", "SESSION_ENDED", "PERMISSION_DENIED"];
        assert!(known.contains(&refused.as_str()), "round {round}: {refused}");
        assert!(harness.app.has_admin().await.unwrap());
        harness
            .database
            .execute(
                "INSERT INTO user_roles (user_id, role, grant_time) SELECT id, 'ADMIN', create_time \
                 FROM users WHERE email = 'admin@example.com'",
            )
            .await;
    }
}

async fn wrong_targets_are_refused_alike(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let gone = harness.register(buyer("a@example.com")).await.unwrap();
    let delete = DeleteUserRequest { name: name(&gone), ..DeleteUserRequest::default() };
    harness.users().delete_user(by(&admin, delete)).await.unwrap();
    let missing = format!("users/{}", Uuid::new_v4());
    let deleted = said(Code::FailedPrecondition, "USER_DELETED", &[]);
    let not_found = said(Code::NotFound, "USER_NOT_FOUND", &[]);
    let invalid = said(Code::InvalidArgument, "VALIDATION_FAILED", &["name"]);
    for (target, expected) in [(&gone.name, deleted), (&missing, not_found.clone())] {
        assert_eq!(problem_of(activate(&harness, &admin, target).await), expected);
        assert_eq!(problem_of(deactivate(&harness, &admin, target).await), expected);
        assert_eq!(problem_of(set_roles(&harness, &admin, target, &[ADMIN]).await), expected);
    }
    assert_eq!(problem_of(undelete(&harness, &admin, &missing, "").await), not_found);
    for target in ["", "users/", "users/1", "shops/me", "users/me/x"] {
        assert_eq!(problem_of(activate(&harness, &admin, target).await), invalid, "{target}");
        assert_eq!(problem_of(deactivate(&harness, &admin, target).await), invalid, "{target}");
        assert_eq!(problem_of(undelete(&harness, &admin, target, "").await), invalid, "{target}");
        let refused = set_roles(&harness, &admin, target, &[99]).await;
        assert_eq!(problem_of(refused), invalid, "{target}");
    }
}

use artisan_proto::artisan::user::v1::{DeleteUserRequest, GetUserRequest};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::Code;
use uuid::Uuid;

use crate::harness::{Harness, PASSWORD, buyer, by, problem_of, said, seconds};

on_every_engine! {
    deleted_user_is_signed_out_and_keeps_the_email,
    deletion_obeys_etag_and_allow_missing,
    last_admin_cannot_be_deleted,
}

fn delete(name: &str) -> DeleteUserRequest {
    DeleteUserRequest { name: name.to_owned(), ..DeleteUserRequest::default() }
}

async fn deleted_user_is_signed_out_and_keeps_the_email(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let gone = harness.users().delete_user(by(&token, delete("users/me"))).await.unwrap();
    let gone = gone.into_inner();
    assert!(gone.delete_time.is_some() && seconds(gone.purge_time) > seconds(gone.delete_time));
    let me = GetUserRequest { name: "users/me".to_owned() };
    let after = harness.users().get_user(by(&token, me)).await;
    assert_eq!(problem_of(after), said(Code::Unauthenticated, "SESSION_ENDED", &[]));
    let signed = harness.sign_in("a@example.com", PASSWORD).await;
    assert_eq!(problem_of(signed), said(Code::Unauthenticated, "CREDENTIALS_WRONG", &[]));
    let again = harness.register(buyer("A@example.com")).await;
    assert_eq!(problem_of(again).1, "EMAIL_TAKEN");
    let admin = harness.admin().await;
    let request = GetUserRequest { name: user.name };
    let read = harness.users().get_user(by(&admin, request)).await.unwrap().into_inner();
    assert_eq!(read.delete_time, gone.delete_time);
}

async fn deletion_obeys_etag_and_allow_missing(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let mut users = harness.users();
    let stale = DeleteUserRequest { etag: "\"ffff\"".to_owned(), ..delete(&user.name) };
    let stale = users.delete_user(by(&admin, stale)).await;
    assert_eq!(problem_of(stale), said(Code::Aborted, "ETAG_MISMATCH", &[]));
    let right = DeleteUserRequest { etag: user.etag.clone(), ..delete(&user.name) };
    let gone = users.delete_user(by(&admin, right)).await.unwrap().into_inner();
    let again = users.delete_user(by(&admin, delete(&user.name))).await;
    assert_eq!(problem_of(again), said(Code::FailedPrecondition, "USER_DELETED", &[]));
    let again = DeleteUserRequest { allow_missing: true, ..delete(&user.name) };
    assert_eq!(users.delete_user(by(&admin, again)).await.unwrap().into_inner(), gone);

    let name = format!("users/{}", Uuid::new_v4());
    let missing = users.delete_user(by(&admin, delete(&name))).await;
    assert_eq!(problem_of(missing), said(Code::NotFound, "USER_NOT_FOUND", &[]));
    let missing = DeleteUserRequest { allow_missing: true, ..delete(&name) };
    assert_eq!(users.delete_user(by(&admin, missing)).await.unwrap().into_inner().name, name);
}

async fn last_admin_cannot_be_deleted(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let refused = harness.users().delete_user(by(&admin, delete("users/me"))).await;
    assert_eq!(problem_of(refused), said(Code::FailedPrecondition, "LAST_ADMIN", &[]));
}

//! What is held about a user, and that it can be taken away.

use artisan_proto::artisan::user::v1::{
    DeleteUserRequest, EraseUserRequest, ExportUserDataRequest, GetUserRequest, User,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::Code;

use crate::harness::{Harness, PASSWORD, artisan, buyer, by, problem_of, said};

on_every_engine! {
    an_export_holds_everything_but_secrets,
    an_erased_user_is_gone_and_the_email_free,
    a_deleted_user_can_be_exported_and_erased,
    the_last_administrator_cannot_be_erased,
}

fn export(name: &str) -> ExportUserDataRequest {
    ExportUserDataRequest { name: name.to_owned() }
}

fn erase(name: &str) -> EraseUserRequest {
    EraseUserRequest { name: name.to_owned() }
}

async fn an_export_holds_everything_but_secrets(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(artisan("a@example.com")).await;
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let own = harness.users().export_user_data(by(&token, export("users/me"))).await.unwrap();
    let own = own.into_inner();
    assert_eq!(own.user.as_ref(), Some(&user));
    assert_eq!(own.sessions.len(), 2);
    let kinds: Vec<&str> = own.events.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(kinds, ["session.created", "session.created", "user.created"]);
    assert!(!format!("{own:?}").contains("argon2"));
    let by_admin = harness.users().export_user_data(by(&admin, export(&user.name))).await.unwrap();
    assert_eq!(by_admin.into_inner(), own);
    let missing = format!("users/{}", uuid::Uuid::nil());
    let missing = harness.users().export_user_data(by(&admin, export(&missing))).await;
    assert_eq!(problem_of(missing), said(Code::NotFound, "USER_NOT_FOUND", &[]));
}

async fn an_erased_user_is_gone_and_the_email_free(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    harness.users().erase_user(by(&token, erase("users/me"))).await.unwrap();
    let get = || GetUserRequest { name: user.name.clone() };
    let ended = harness.users().get_user(by(&token, get())).await;
    assert_eq!(problem_of(ended).1, "SESSION_ENDED");
    let gone = harness.users().get_user(by(&admin, get())).await;
    assert_eq!(problem_of(gone).1, "USER_NOT_FOUND");
    let again = harness.users().erase_user(by(&admin, erase(&user.name))).await;
    assert_eq!(problem_of(again).1, "USER_NOT_FOUND");
    let signed = harness.sign_in("a@example.com", PASSWORD).await;
    assert_eq!(problem_of(signed).1, "CREDENTIALS_WRONG");
    let anew = harness.register(buyer("A@example.com")).await.unwrap();
    assert_ne!(anew.name, user.name);
}

async fn a_deleted_user_can_be_exported_and_erased(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let user: User = harness.register(buyer("a@example.com")).await.unwrap();
    let delete = DeleteUserRequest { name: user.name.clone(), ..DeleteUserRequest::default() };
    harness.users().delete_user(by(&admin, delete)).await.unwrap();
    let held = harness.users().export_user_data(by(&admin, export(&user.name))).await.unwrap();
    assert!(held.into_inner().user.unwrap().delete_time.is_some());
    harness.users().erase_user(by(&admin, erase(&user.name))).await.unwrap();
    harness.register(buyer("a@example.com")).await.unwrap();
}

async fn the_last_administrator_cannot_be_erased(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let refused = harness.users().erase_user(by(&admin, erase("users/me"))).await;
    assert_eq!(problem_of(refused), said(Code::FailedPrecondition, "LAST_ADMIN", &[]));
    let me = GetUserRequest { name: "users/me".to_owned() };
    harness.users().get_user(by(&admin, me)).await.unwrap();
}

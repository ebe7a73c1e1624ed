//! Mails as their readers get them: through a real connection to a small mail server.

use std::time::Duration;

use artisan_proto::artisan::user::v1::{
    ExportUserDataRequest, RefreshSessionRequest, UpdateUserRequest, User,
};
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use artisan_user_service::Deliveries;
use prost_types::FieldMask;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::harness::{Harness, PASSWORD, artisan, buyer, by, problem, problem_of, said};
use crate::mailbox::{decoded, invalid_token, sent, start, token};

on_every_engine! {
    registration_sends_a_mail_that_verifies_the_address,
    forgotten_password_is_replaced_by_a_mail,
    known_and_unknown_addresses_get_the_same_answer,
    changed_email_acts_once_it_is_verified_and_the_old_one_is_told,
    changed_email_is_taken_back_by_the_own_one,
    reset_goes_to_the_address_as_the_account_has_it,
    email_that_is_taken_meanwhile_is_refused,
    tokens_serve_once_in_time_and_until_the_next,
    late_mail_to_nobody_is_not_kept,
}
on_engine!(
    sqlite_only,
    Sqlite,
    too_many_requests_are_refused_or_dropped,
    without_a_mail_server_what_needs_one_is_refused,
    wrong_requests_name_their_fields,
);

async fn registration_sends_a_mail_that_verifies_the_address(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let (user, access) = harness.registered(artisan("Joao@example.com")).await;
    assert!(!user.email_verified && server.received().is_empty());
    assert_eq!(harness.deliver().await, sent(1));
    let mails = server.received();
    assert_eq!(
        (mails[0].from.as_str(), &mails[0].to),
        ("no-reply@shop.example", &vec![user.email.clone()])
    );
    let verified = harness.verify(&token(&mails[0], "verify-email")).await.unwrap();
    assert!(verified.email_verified);
    assert_ne!(verified.etag, user.etag);
    assert_eq!(harness.me(&access).await.unwrap(), verified);
    assert_eq!(harness.deliver().await, sent(0));
    let again = harness.ask_again(&access).await;
    assert_eq!(problem_of(again), said(Code::FailedPrecondition, "EMAIL_ALREADY_VERIFIED", &[]));
}

async fn forgotten_password_is_replaced_by_a_mail(database: TestDatabase) {
    const NEW: &str = "Outra-Senha-2";
    let (harness, server) = start(database).await;
    let (user, access) = harness.registered(buyer("joao@example.com")).await;
    let refresh = harness.sign_in(&user.email, PASSWORD).await.unwrap().refresh_token;
    harness.forget("JOAO@example.com").await.unwrap();
    assert_eq!(harness.deliver().await, sent(2));
    let token = token(&server.received()[1], "reset-password");
    harness.reset(&token, NEW).await.unwrap();

    assert_eq!(problem_of(harness.me(&access).await).1, "SESSION_ENDED");
    let request = RefreshSessionRequest { refresh_token: refresh };
    let refreshed = harness.auth().refresh_session(request).await;
    assert_eq!(problem_of(refreshed).1, "REFRESH_TOKEN_INVALID");
    assert_eq!(problem_of(harness.sign_in(&user.email, PASSWORD).await).1, "CREDENTIALS_WRONG");
    let access = harness.sign_in(&user.email, NEW).await.unwrap().access_token;
    assert!(harness.me(&access).await.unwrap().email_verified, "the mail was read there");
    assert_eq!(problem_of(harness.reset(&token, NEW).await), invalid_token());
    assert_eq!(harness.deliver().await, sent(1));
    let told = decoded(&server.received()[2]);
    assert!(told.contains("senha foi alterada") && !told.contains("#token="), "{told}");
}

async fn known_and_unknown_addresses_get_the_same_answer(database: TestDatabase) {
    let (harness, server) = start(database).await;
    harness.register(buyer("joao@example.com")).await.unwrap();
    harness.register(buyer("locked@example.com")).await.unwrap();
    harness.deliver().await;
    harness
        .database
        .execute("UPDATE users SET state = 'INACTIVE' WHERE email = 'locked@example.com'")
        .await;
    for email in ["joao@example.com", "nobody@example.com", "locked@example.com"] {
        harness.forget(email).await.unwrap();
    }
    let expected = Deliveries { sent: 1, moot: 2, ..Deliveries::default() };
    assert_eq!(harness.deliver().await, expected);
    assert_eq!(server.received()[2].to, ["joao@example.com"]);
    // No table tells what the answer does not.
    harness.database.execute("ALTER TABLE users RENAME TO elsewhere").await;
    for email in ["joao@example.com", "nobody@example.com"] {
        harness.forget(email).await.unwrap();
    }
}

async fn changed_email_acts_once_it_is_verified_and_the_old_one_is_told(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let (user, access) = harness.registered(buyer("old@example.com")).await;
    harness.deliver().await;
    let changed = harness.change_email(&access, "new@example.com").await.unwrap();
    let request = ExportUserDataRequest { name: "users/me".to_owned() };
    let held = harness.users().export_user_data(by(&access, request)).await.unwrap();
    assert_eq!(held.into_inner().pending_email, "new@example.com");
    assert_eq!(changed.email, "old@example.com");
    assert_eq!(harness.me(&access).await.unwrap().email, "old@example.com");
    assert_eq!(harness.deliver().await, sent(2));
    let mut mails = server.received().split_off(1);
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    assert_eq!(mails[1].to, ["old@example.com"]);
    assert_eq!(mails[0].to, ["new@example.com"]);
    assert_eq!(
        problem_of(harness.sign_in("new@example.com", PASSWORD).await).1,
        "CREDENTIALS_WRONG"
    );

    let verified = harness.verify(&token(&mails[0], "verify-email")).await.unwrap();
    assert_eq!((verified.email.as_str(), verified.email_verified), ("new@example.com", true));
    assert_eq!(verified.name, user.name);
    harness.sign_in("NEW@example.com", PASSWORD).await.unwrap();
    assert_eq!(
        problem_of(harness.sign_in("old@example.com", PASSWORD).await).1,
        "CREDENTIALS_WRONG"
    );
    assert_eq!(harness.deliver().await, sent(1));
    assert_eq!(server.received()[3].to, ["old@example.com"]);
}

async fn changed_email_is_taken_back_by_the_own_one(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let (user, access) = harness.registered(buyer("old@example.com")).await;
    harness.change_email(&access, "typo@example.com").await.unwrap();
    harness.deliver().await;
    let mail = server.received().into_iter().find(|mail| mail.to == ["typo@example.com"]).unwrap();
    // What a client has read and writes back with something else takes nothing back.
    let whole = User { name: "users/me".to_owned(), etag: String::new(), ..user };
    let update_mask = Some(FieldMask { paths: vec!["email".to_owned(), "buyer".to_owned()] });
    let request = UpdateUserRequest { user: Some(whole), update_mask, ..Default::default() };
    harness.users().update_user(by(&access, request)).await.unwrap();
    let held = || async {
        let request = ExportUserDataRequest { name: "users/me".to_owned() };
        let held = harness.users().export_user_data(by(&access, request)).await.unwrap();
        held.into_inner().pending_email
    };
    assert_eq!(held().await, "typo@example.com");
    harness.change_email(&access, "old@example.com").await.unwrap();
    assert_eq!(held().await, "");
    let refused = harness.verify(&token(&mail, "verify-email")).await;
    assert_eq!(problem_of(refused), invalid_token());
    assert_eq!(harness.me(&access).await.unwrap().email, "old@example.com");
}

/// The sign of Kelvin is a small k to us, and another mailbox to a mail server.
async fn reset_goes_to_the_address_as_the_account_has_it(database: TestDatabase) {
    let (harness, server) = start(database).await;
    harness.register(buyer("mike@example.com")).await.unwrap();
    harness.deliver().await;
    harness.forget("mi\u{212a}e@example.com").await.unwrap();
    assert_eq!(harness.deliver().await, sent(1));
    assert_eq!(server.received()[1].to, ["mike@example.com"]);
}

async fn email_that_is_taken_meanwhile_is_refused(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let (_, access) = harness.registered(buyer("a@example.com")).await;
    harness.deliver().await;
    harness.change_email(&access, "b@example.com").await.unwrap();
    harness.deliver().await;
    let mail = server.received().into_iter().find(|mail| mail.to == ["b@example.com"]).unwrap();
    harness.register(buyer("B@example.com")).await.unwrap();
    let refused = harness.verify(&token(&mail, "verify-email")).await;
    assert_eq!(problem_of(refused), said(Code::AlreadyExists, "EMAIL_TAKEN", &[]));
    assert_eq!(harness.me(&access).await.unwrap().email, "a@example.com");
}

async fn tokens_serve_once_in_time_and_until_the_next(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let (_, access) = harness.registered(buyer("a@example.com")).await;
    harness.deliver().await;
    harness.ask_again(&access).await.unwrap();
    harness.deliver().await;
    let [first, second] = [0, 1].map(|at| token(&server.received()[at], "verify-email"));
    assert_eq!(problem_of(harness.verify(&first).await), invalid_token());
    assert_eq!(problem_of(harness.reset(&second, PASSWORD).await), invalid_token());
    harness.verify(&second).await.unwrap();
    assert_eq!(problem_of(harness.verify(&second).await), invalid_token());

    harness.forget("a@example.com").await.unwrap();
    harness.deliver().await;
    harness.clock.advance(Duration::from_mins(59));
    harness.forget("a@example.com").await.unwrap();
    harness.deliver().await;
    let [third, fourth] = [2, 3].map(|at| token(&server.received()[at], "reset-password"));
    assert_eq!(problem_of(harness.reset(&third, PASSWORD).await), invalid_token());
    harness.clock.advance(Duration::from_mins(61));
    assert_eq!(problem_of(harness.reset(&fourth, PASSWORD).await), invalid_token());
    for nonsense in ["x", &"A".repeat(43), "not base64!"] {
        assert_eq!(problem_of(harness.reset(nonsense, PASSWORD).await), invalid_token());
        assert_eq!(problem_of(harness.verify(nonsense).await), invalid_token());
    }
}

/// A mail that is given up is kept with its address, for an operator to look at.
async fn late_mail_to_nobody_is_not_kept(database: TestDatabase) {
    let (harness, server) = start(database).await;
    harness.forget("nobody@example.com").await.unwrap();
    harness.clock.advance(Duration::from_hours(2));
    assert_eq!(harness.deliver().await, Deliveries { moot: 1, ..Deliveries::default() });
    assert!(server.received().is_empty());
}

async fn too_many_requests_are_refused_or_dropped(database: TestDatabase) {
    let (harness, server) = start(database).await;
    let (_, access) = harness.registered(buyer("a@example.com")).await;
    for _ in 0..8 {
        harness.forget("a@example.com").await.unwrap();
        harness.forget("nobody@example.com").await.unwrap();
    }
    harness.deliver().await;
    let resets = server.received().len() - 1;
    assert_eq!(resets, 5, "the answers tell nothing of it");
    let refused = harness.ask_again(&access).await.unwrap_err();
    assert_eq!(problem(&refused), said(Code::ResourceExhausted, "MAIL_LIMIT_REACHED", &[]));
    let wait = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(wait <= Duration::from_hours(1) && wait > Duration::from_mins(50), "{wait:?}");
    harness.clock.advance(Duration::from_hours(1));
    harness
        .ask_again(&harness.sign_in("a@example.com", PASSWORD).await.unwrap().access_token)
        .await
        .unwrap();
}

async fn without_a_mail_server_what_needs_one_is_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, access) = harness.registered(buyer("a@example.com")).await;
    let refused = said(Code::FailedPrecondition, "MAIL_NOT_CONFIGURED", &[]);
    assert_eq!(problem_of(harness.forget("a@example.com").await), refused);
    assert_eq!(problem_of(harness.forget("nobody@example.com").await), refused);
    assert_eq!(problem_of(harness.ask_again(&access).await), refused);
    assert_eq!(problem_of(harness.change_email(&access, "b@example.com").await), refused);
    assert_eq!(harness.deliver().await, sent(0));
}

async fn wrong_requests_name_their_fields(database: TestDatabase) {
    let (harness, _server) = start(database).await;
    let (user, access) = harness.registered(buyer("a@example.com")).await;
    let invalid = |fields: &[&str]| said(Code::InvalidArgument, "VALIDATION_FAILED", fields);
    for email in ["", "nobody", "a@b", "a@example.com\r\nBcc: x@example.com"] {
        assert_eq!(problem_of(harness.forget(email).await), invalid(&["email"]), "{email}");
        let changed = harness.change_email(&access, email).await;
        assert_eq!(problem_of(changed), invalid(&["user.email"]), "{email}");
    }
    assert_eq!(problem_of(harness.verify("").await), invalid(&["token"]));
    let both = problem_of(harness.reset("", "short").await);
    assert_eq!(
        (both.0, both.2.first().map(String::as_str)),
        (Code::InvalidArgument, Some("token"))
    );
    assert!(both.2.iter().any(|field| field == "new_password"), "{both:?}");
    let same = harness.change_email(&access, "a@example.com").await.unwrap();
    assert_eq!(same, user, "what is no change asks nobody");
    assert_eq!(harness.deliver().await, sent(1), "the mail of the registration");
}

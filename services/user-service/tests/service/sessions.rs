use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::{
    CreateSessionRequest, GetJwksRequest, GetUserRequest, RefreshSessionRequest, SessionTokens,
};
use artisan_testkit::{TestDatabase, on_every_engine};
use tonic::{Code, Status};

use crate::harness::{Harness, PASSWORD, buyer, by, problem, problem_of, said, seconds};

on_every_engine! {
    unknown_email_and_wrong_password_get_the_same_answer,
    only_active_users_sign_in_and_stay_signed_in,
    refresh_rotates_the_token,
    reuse_of_a_refresh_token_ends_the_session,
    who_lost_the_answer_to_a_refresh_gets_it_again,
    of_refreshes_at_once_on_two_replicas_all_get_the_same,
    refresh_token_expires,
    first_admin_is_made_once_and_can_be_reset,
    jwks_shows_the_signing_key,
}

async fn refresh(harness: &Harness, token: &str) -> Result<SessionTokens, Status> {
    let request = RefreshSessionRequest { refresh_token: token.to_owned() };
    Ok(harness.auth().refresh_session(request).await?.into_inner())
}

async fn me(harness: &Harness, token: &str) -> Result<String, Status> {
    let request = GetUserRequest { name: "users/me".to_owned() };
    Ok(harness.users().get_user(by(token, request)).await?.into_inner().name)
}

async fn unknown_email_and_wrong_password_get_the_same_answer(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let wrong = harness.sign_in("a@example.com", "Senha-Errada-1").await.unwrap_err();
    let unknown = harness.sign_in("b@example.com", PASSWORD).await.unwrap_err();
    assert_eq!(problem(&wrong), said(Code::Unauthenticated, "CREDENTIALS_WRONG", &[]));
    assert_eq!(problem(&wrong), problem(&unknown));
    assert_eq!(wrong.message(), unknown.message());
    let empty = harness.auth().create_session(CreateSessionRequest::default()).await;
    let expected = said(Code::InvalidArgument, "VALIDATION_FAILED", &["email", "password"]);
    assert_eq!(problem_of(empty), expected);
}

async fn only_active_users_sign_in_and_stay_signed_in(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    harness.database.execute("UPDATE users SET state = 'INACTIVE'").await;
    let after = me(&harness, &token).await;
    assert_eq!(problem_of(after), said(Code::Unauthenticated, "SESSION_ENDED", &[]));
    let signed = harness.sign_in("a@example.com", PASSWORD).await;
    assert_eq!(problem_of(signed), said(Code::PermissionDenied, "ACCOUNT_NOT_ACTIVE", &[]));
    let wrong = harness.sign_in("a@example.com", "Senha-Errada-1").await;
    assert_eq!(problem_of(wrong).1, "CREDENTIALS_WRONG");
}

async fn refresh_rotates_the_token(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let first = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    harness.clock.advance(Duration::from_mins(16));
    let expired = me(&harness, &first.access_token).await;
    assert_eq!(problem_of(expired), said(Code::Unauthenticated, "TOKEN_EXPIRED", &[]));
    let second = refresh(&harness, &first.refresh_token).await.unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(me(&harness, &second.access_token).await.unwrap(), user.name);
    let (first, second) = (first.session.unwrap(), second.session.unwrap());
    assert_eq!(first.name, second.name);
    assert!(
        second.name.starts_with(&user.name)
            && seconds(second.expire_time) > seconds(first.expire_time)
    );
}

async fn reuse_of_a_refresh_token_ends_the_session(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let first = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let other = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    harness.clock.advance(Duration::from_mins(1));
    let second = refresh(&harness, &first.refresh_token).await.unwrap();
    harness.clock.advance(Duration::from_mins(5));
    let reused = refresh(&harness, &first.refresh_token).await;
    assert_eq!(problem_of(reused), said(Code::Unauthenticated, "REFRESH_TOKEN_REUSED", &[]));
    let successor = refresh(&harness, &second.refresh_token).await;
    assert_eq!(problem_of(successor), said(Code::Unauthenticated, "REFRESH_TOKEN_INVALID", &[]));
    let access = me(&harness, &second.access_token).await;
    assert_eq!(problem_of(access).1, "SESSION_ENDED");
    assert!(me(&harness, &other.access_token).await.is_ok(), "other sessions live on");
}

async fn who_lost_the_answer_to_a_refresh_gets_it_again(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let first = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let lost = refresh(&harness, &first.refresh_token).await.unwrap();
    harness.clock.advance(Duration::from_secs(9));
    let again = refresh(&harness, &first.refresh_token).await.unwrap();
    assert_eq!(again.refresh_token, lost.refresh_token);
    assert_eq!(again.refresh_token_expire_time, lost.refresh_token_expire_time);
    assert!(me(&harness, &again.access_token).await.is_ok());
    // Once the answer was used, it was not lost.
    let next = refresh(&harness, &again.refresh_token).await.unwrap();
    let reused = refresh(&harness, &first.refresh_token).await;
    assert_eq!(problem_of(reused).1, "REFRESH_TOKEN_REUSED");
    assert_eq!(problem_of(refresh(&harness, &next.refresh_token).await).1, "REFRESH_TOKEN_INVALID");
    // And after ten seconds nobody waits for it any more.
    let other = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    refresh(&harness, &other.refresh_token).await.unwrap();
    harness.clock.advance(Duration::from_secs(11));
    let late = refresh(&harness, &other.refresh_token).await;
    assert_eq!(problem_of(late).1, "REFRESH_TOKEN_REUSED");
}

async fn of_refreshes_at_once_on_two_replicas_all_get_the_same(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let replica = harness.replica();
    let first = harness.sign_in("a@example.com", PASSWORD).await.unwrap().refresh_token;
    let calls = (0..6).map(|number| {
        let app = if number % 2 == 0 { &harness.app } else { &replica };
        let mut auth = AuthServiceClient::new(app.routes());
        let request = RefreshSessionRequest { refresh_token: first.clone() };
        async move { auth.refresh_session(request).await.unwrap().into_inner().refresh_token }
    });
    let mut answers = futures_util::future::join_all(calls).await;
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert!(refresh(&harness, &answers[0]).await.is_ok());
}

async fn refresh_token_expires(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let tokens = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    harness.clock.advance(harness.config.refresh_token_ttl);
    let late = refresh(&harness, &tokens.refresh_token).await;
    assert_eq!(problem_of(late), said(Code::Unauthenticated, "REFRESH_TOKEN_INVALID", &[]));
    for garbage in ["x", &"A".repeat(43), tokens.access_token.as_str()] {
        let refused = refresh(&harness, garbage).await;
        assert_eq!(problem_of(refused).1, "REFRESH_TOKEN_INVALID");
    }
    let empty = refresh(&harness, "").await;
    let expected = said(Code::InvalidArgument, "VALIDATION_FAILED", &["refresh_token"]);
    assert_eq!(problem_of(empty), expected);
}

async fn first_admin_is_made_once_and_can_be_reset(database: TestDatabase) {
    use artisan_runtime::secret::Secret;
    use artisan_user_service::config::BootstrapAdmin;
    use artisan_user_service::{BootstrapError, Bootstrapped};

    let harness = Harness::start(database).await;
    assert!(!harness.app.has_admin().await.unwrap());
    let secret = |text: &str| Secret::new(text.to_owned());
    let admin = |email: &str, password: &str| BootstrapAdmin {
        email: email.to_owned(),
        password: secret(password),
    };
    let weak = harness.app.bootstrap_admin(&admin("a@example.com", "weak")).await;
    assert!(matches!(weak, Err(BootstrapError::Invalid(_))));
    let first = admin("a@example.com", PASSWORD);
    let both = [harness.app.bootstrap_admin(&first), harness.app.bootstrap_admin(&first)];
    let both = futures_util::future::join_all(both).await;
    let made = both.into_iter().filter(|made| matches!(made, Ok(Bootstrapped::Created)));
    assert_eq!(made.count(), 1);
    let second = harness.app.bootstrap_admin(&admin("b@example.com", PASSWORD)).await;
    assert_eq!(second.unwrap(), Bootstrapped::Exists);

    let before = harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let email = harness.app.reset_admin(&secret("Outra-Senha-2")).await.unwrap();
    assert_eq!(email, "a@example.com");
    assert_eq!(problem_of(me(&harness, &before.access_token).await).1, "SESSION_ENDED");
    assert!(harness.sign_in("a@example.com", PASSWORD).await.is_err());
    assert!(harness.sign_in("a@example.com", "Outra-Senha-2").await.is_ok());
}

async fn jwks_shows_the_signing_key(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let keys = harness.auth().get_jwks(GetJwksRequest {}).await.unwrap().into_inner().keys;
    assert_eq!(keys.len(), 1);
    let key = &keys[0];
    let named = (key.kty.as_str(), key.crv.as_str(), key.alg.as_str(), key.r#use.as_str());
    assert_eq!(named, ("OKP", "Ed25519", "EdDSA", "sig"));
    assert_eq!((key.x.len(), key.kid.len()), (43, 43));
}

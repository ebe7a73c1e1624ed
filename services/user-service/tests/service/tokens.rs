use artisan_proto::artisan::user::v1::{CreateUserRequest, GetJwksRequest, GetUserRequest};
use artisan_testkit::{Engine, TestDatabase, on_engine};
use artisan_user_service::config::ServiceConfig;
use artisan_user_service::token::SigningKeys;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tonic::{Code, Request};

use crate::harness::{Harness, buyer, by, config, problem_of, said};

// What is tested here never reaches a database.
on_engine!(
    sqlite,
    Sqlite,
    forged_tokens_are_refused,
    odd_authorization_headers_are_refused,
    bad_credentials_do_no_harm_where_none_are_needed,
);

fn me() -> GetUserRequest {
    GetUserRequest { name: "users/me".to_owned() }
}

/// Replaces the token's header; the signature stays.
fn with_header(token: &str, header: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))
}

async fn forged_tokens_are_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    let header = token.split('.').next().unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let none = with_header(&token, &header.replace("EdDSA", "none"));
    let (unsigned, _) = none.rsplit_once('.').unwrap();
    let mut claims = token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let changed = String::from_utf8(URL_SAFE_NO_PAD.decode(&claims[1]).unwrap()).unwrap();
    claims[1] = URL_SAFE_NO_PAD.encode(changed.replace("\"roles\":[]", "\"roles\":[\"ADMIN\"]"));

    let key = SigningKeys::generate_pem().unwrap();
    let signing_keys = SigningKeys::from_pem(&key).unwrap();
    let other = ServiceConfig { signing_keys, ..config() };
    let other = Harness::start_with(TestDatabase::create(Engine::Sqlite).await, other).await;
    let (_, of_another_key) = other.registered(buyer("a@example.com")).await;
    let forged = [
        none.clone(),
        format!("{unsigned}."),
        unsigned.to_owned(),
        with_header(&token, &header.replace("EdDSA", "HS256")),
        claims.join("."),
        of_another_key,
        format!("{token}x"),
        format!("{token}.{token}"),
        "x".repeat(10_000),
        String::new(),
    ];
    for forged in forged {
        let refused = harness.users().get_user(by(&forged, me())).await;
        assert_eq!(problem_of(refused), said(Code::Unauthenticated, "TOKEN_INVALID", &[]));
    }
    assert!(harness.users().get_user(by(&token, me())).await.is_ok());
}

async fn odd_authorization_headers_are_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    for value in [format!("Basic {token}"), token.clone(), format!("Bearer{token}")] {
        let mut request = Request::new(me());
        request.metadata_mut().insert("authorization", value.parse().unwrap());
        let refused = harness.users().get_user(request).await;
        assert_eq!(problem_of(refused).1, "TOKEN_INVALID");
    }
    let mut twice = by(&token, me());
    twice.metadata_mut().append("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(problem_of(harness.users().get_user(twice).await).1, "TOKEN_INVALID");
    let none = harness.users().get_user(me()).await;
    assert_eq!(problem_of(none), said(Code::Unauthenticated, "CREDENTIALS_MISSING", &[]));
    let mut lower = Request::new(me());
    lower.metadata_mut().insert("authorization", format!("bearer {token}").parse().unwrap());
    assert!(harness.users().get_user(lower).await.is_ok());
}

async fn bad_credentials_do_no_harm_where_none_are_needed(database: TestDatabase) {
    let harness = Harness::start(database).await;
    assert!(harness.auth().get_jwks(by("x", GetJwksRequest {})).await.is_ok());
    // Registration looks at credentials, because administrators may do more.
    let request =
        CreateUserRequest { user: Some(buyer("a@example.com")), ..CreateUserRequest::default() };
    let refused = harness.users().create_user(by("x", request)).await;
    assert_eq!(problem_of(refused).1, "TOKEN_INVALID");
}

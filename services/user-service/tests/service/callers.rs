//! Other programs that call: by a certificate, by a token, and gateways, which call for others.

use std::sync::Arc;
use std::time::Duration;

use artisan_proto::artisan::user::v1::auth_service_client::AuthServiceClient;
use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{
    GetJwksRequest, GetUserRequest, IntrospectTokenRequest, WatchUsersRequest,
};
use artisan_runtime::env::Env;
use artisan_testkit::{CertificateAuthority, TestDatabase, on_engine};
use artisan_user_service::App;
use artisan_user_service::clock::Sources;
use tonic::{Code, Request};

use crate::harness::{
    Harness, PASSWORD, RandomIds, SERVICE, SIGNING_KEY, buyer, by, problem, problem_of, said,
};
use crate::net::{Net, Tls};

on_engine!(
    sqlite_only,
    Sqlite,
    client_whose_certificate_is_not_of_the_ca_is_not_let_in,
    service_reads_whom_it_names_and_is_nobody_itself,
    token_of_a_service_counts_while_its_name_is_known,
    token_beside_a_certificate_decides_alone,
    watch_of_a_service_ends_with_its_token,
);

/// The app with TLS.
fn over(app: &App, tls: &Tls) -> App {
    app.clone().over(Some(tls.server()), None)
}

/// A token as the command prints it.
pub(crate) fn service_token(harness: &Harness, name: &str, ttl: Duration) -> String {
    let env = Env::from_pairs([("TOKEN_SIGNING_KEY", SIGNING_KEY.as_str())]);
    let sources = Sources::new(harness.clock.clone(), Arc::new(RandomIds));
    artisan_user_service::service_token(&env, name, ttl, &sources).unwrap().to_string()
}

fn get(name: &str) -> GetUserRequest {
    GetUserRequest { name: name.to_owned() }
}

async fn client_whose_certificate_is_not_of_the_ca_is_not_let_in(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let tls = Tls::new();
    let net = Net::start(&over(&harness.app, &tls)).await;
    let stranger = CertificateAuthority::generate().issue(&[SERVICE]);
    for identity in [None, Some(&stranger)] {
        // In TLS 1.3 the client may believe to be connected until it hears otherwise.
        let refused = match tls.connect(&net, identity).await {
            Ok(channel) => {
                AuthServiceClient::new(channel).get_jwks(GetJwksRequest {}).await.is_err()
            }
            Err(_) => true,
        };
        assert!(refused, "{identity:?}");
    }
    let channel = tls.connect_as(&net, &["anybody.example"]).await;
    AuthServiceClient::new(channel).get_jwks(GetJwksRequest {}).await.unwrap();
}

async fn service_reads_whom_it_names_and_is_nobody_itself(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (user, token) = harness.registered(buyer("a@example.com")).await;
    let tls = Tls::new();
    let net = Net::start(&over(&harness.app, &tls)).await;
    let channel = tls.connect_as(&net, &["orders.example", SERVICE]).await;
    let mut users = UserServiceClient::new(channel.clone());
    let found = users.get_user(get(&user.name)).await.unwrap().into_inner();
    assert_eq!(found.email, "a@example.com");
    let me = users.get_user(get("users/me")).await;
    assert_eq!(problem_of(me), said(Code::PermissionDenied, "PERMISSION_DENIED", &[]));
    let mut auth = AuthServiceClient::new(channel);
    let answer = auth.introspect_token(IntrospectTokenRequest { token }).await.unwrap();
    assert_eq!((answer.get_ref().active, &answer.get_ref().user), (Some(true), &user.name));
}

async fn token_of_a_service_counts_while_its_name_is_known(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (user, _) = harness.registered(buyer("a@example.com")).await;
    let token = service_token(&harness, SERVICE, Duration::from_mins(5));
    harness.users().get_user(by(&token, get(&user.name))).await.unwrap();
    // Nobody introspects a service: it is no user.
    let mut auth = harness.auth();
    let introspect = IntrospectTokenRequest { token: token.clone() };
    let answer = auth.introspect_token(by(&token, introspect)).await.unwrap().into_inner();
    assert_eq!(answer.active, Some(false));

    let other = service_token(&harness, "payments", Duration::from_mins(5));
    let refused = harness.users().get_user(by(&other, get(&user.name))).await;
    assert_eq!(problem_of(refused), said(Code::Unauthenticated, "SERVICE_UNKNOWN", &[]));
    harness.clock.advance(Duration::from_mins(5));
    let refused = harness.users().get_user(by(&token, get(&user.name))).await;
    assert_eq!(problem_of(refused), said(Code::Unauthenticated, "TOKEN_EXPIRED", &[]));
}

async fn token_beside_a_certificate_decides_alone(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, own) = harness.registered(buyer("a@example.com")).await;
    let (other, _) = harness.registered(buyer("b@example.com")).await;
    let tls = Tls::new();
    let net = Net::start(&over(&harness.app, &tls)).await;
    let mut users = UserServiceClient::new(tls.connect_as(&net, &[SERVICE]).await);
    users.get_user(get(&other.name)).await.unwrap();
    let refused = users.get_user(by(&own, get(&other.name))).await;
    assert_eq!(problem_of(refused), said(Code::PermissionDenied, "PERMISSION_DENIED", &[]));
    let refused = users.get_user(by("rubbish", get(&other.name))).await;
    assert_eq!(problem_of(refused), said(Code::Unauthenticated, "TOKEN_INVALID", &[]));
    // Somebody else's call, by the word of who forwards it.
    let mut forwarded = Request::new(get(&other.name));
    forwarded.metadata_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
    let refused = users.get_user(forwarded).await;
    assert_eq!(problem_of(refused), said(Code::Unauthenticated, "CREDENTIALS_MISSING", &[]));
}

async fn watch_of_a_service_ends_with_its_token(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let net = Net::start(&harness.app).await;
    let token = service_token(&harness, SERVICE, Duration::from_mins(5));
    let channel = net.endpoint().connect().await.unwrap();
    let mut users = UserServiceClient::new(channel);
    let request = by(&token, WatchUsersRequest::default());
    let mut stream = users.watch_users(request).await.unwrap().into_inner();
    let user = harness.register(buyer("a@example.com")).await.unwrap();
    let seen = stream.message().await.unwrap().unwrap();
    assert_eq!(seen.user.unwrap().name, user.name);
    harness.clock.advance(Duration::from_mins(5));
    harness.sign_in("a@example.com", PASSWORD).await.unwrap();
    let ended = stream.message().await.unwrap_err();
    assert_eq!(problem(&ended), said(Code::Unauthenticated, "TOKEN_EXPIRED", &[]));
}

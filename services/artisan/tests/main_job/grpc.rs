//! The same main job over gRPC, on the port of the user service and on that of the gateway.

use artisan_proto::artisan::user::v1 as pb;
use artisan_testkit::TestDatabase;
use pb::auth_service_client::AuthServiceClient;
use pb::user_service_client::UserServiceClient;
use tonic::codec::CompressionEncoding;
use tonic::transport::Endpoint;
use tonic::{Code, Request};

use crate::examples::PASSWORD;
use crate::platform::Platform;

artisan_testkit::on_every_engine! { user_registers_signs_in_and_reads_over_grpc }

async fn user_registers_signs_in_and_reads_over_grpc(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[("DATABASE_URL", database.url())]).await;
    main_job(&platform.grpc, "joao@example.com").await;
    main_job(&platform.http, "joao.2@example.com").await;
}

async fn main_job(address: &str, email: &str) {
    let endpoint = Endpoint::from_shared(address.to_owned()).expect("an address");
    let channel = endpoint.connect().await.expect("a channel");
    let users = UserServiceClient::new(channel.clone());
    let mut users = users.accept_compressed(CompressionEncoding::Gzip);
    let mut auth = AuthServiceClient::new(channel);

    let request = pb::CreateUserRequest { user: Some(joao(email)), ..Default::default() };
    let created = users.create_user(request).await.expect("a user").into_inner();
    assert_eq!(created.password, "");
    let credentials =
        pb::CreateSessionRequest { email: created.email.clone(), password: PASSWORD.to_owned() };
    let session = auth.create_session(credentials).await.expect("a session").into_inner();
    let Some(pb::create_session_response::Result::Tokens(tokens)) = session.result else {
        panic!("no tokens")
    };

    let me = || pb::GetUserRequest { name: "users/me".to_owned() };
    let mut request = Request::new(me());
    let bearer = format!("Bearer {}", tokens.access_token);
    request.metadata_mut().insert("authorization", bearer.parse().expect("ascii"));
    let mut compressed = users.clone().send_compressed(CompressionEncoding::Gzip);
    assert_eq!(compressed.get_user(request).await.expect("me").into_inner(), created);

    let refused = users.get_user(me()).await.expect_err("no token");
    assert_eq!(refused.code(), Code::Unauthenticated);
    let keys = auth.get_jwks(pb::GetJwksRequest {}).await.expect("keys").into_inner();
    assert_eq!(keys.keys.first().expect("a key").crv, "Ed25519");
}

fn joao(email: &str) -> pb::User {
    pb::User {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        profile: Some(pb::user::Profile::Buyer(pb::Buyer {
            full_name: "João da Silva".to_owned(),
            ..Default::default()
        })),
        address: Some(pb::Address {
            street: "Rua Chile".to_owned(),
            neighborhood: "Centro Histórico".to_owned(),
            city: "Salvador".to_owned(),
            state: "BA".to_owned(),
            zip_code: "40020-000".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    }
}

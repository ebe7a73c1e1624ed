//! What holds for every call: details on every error, nothing of the inside, limits, request ids.

use std::time::Duration;

use artisan_proto::artisan::user::v1::schema_service_client::SchemaServiceClient;
use artisan_proto::artisan::user::v1::{
    CreateUserRequest, GetJwksRequest, GetSchemaStatusRequest, GetUserRequest, User,
};
use artisan_store::{Store, StoreOptions};
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use artisan_user_service::App;
use artisan_user_service::clock::Sources;
use http::uri::PathAndQuery;
use prost::Message;
use tonic::service::Routes;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;

use crate::harness::{Harness, buyer, by, config, problem, problem_of, said};

on_every_engine! {
    nothing_of_the_inside_is_sent,
    schema_status_says_what_is_applied,
}
on_engine!(
    sqlite_only,
    Sqlite,
    unknown_methods_are_unimplemented,
    requests_that_do_not_decode_are_the_clients_fault,
    requests_that_are_too_large_are_refused,
    request_id_is_answered,
    reflection_shows_the_contract,
);

async fn raw<T: Message + Send + 'static>(
    routes: Routes,
    path: &'static str,
    message: T,
) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(routes);
    client.ready().await.unwrap();
    let path = PathAndQuery::from_static(path);
    client.unary(Request::new(message), path, ProstCodec::<T, ()>::default()).await.map(|_| ())
}

async fn nothing_of_the_inside_is_sent(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let (_, token) = harness.registered(buyer("a@example.com")).await;
    harness.database.execute("ALTER TABLE sessions RENAME TO elsewhere").await;
    let request = GetUserRequest { name: "users/me".to_owned() };
    let broken = harness.users().get_user(by(&token, request)).await.unwrap_err();
    assert_eq!(problem(&broken), said(Code::Internal, "INTERNAL", &[]));
    assert_eq!(broken.message(), "internal error");
    let sent = String::from_utf8_lossy(broken.details()).to_lowercase();
    for inside in ["sessions", "select", "sql", "column", "table"] {
        assert!(!sent.contains(inside), "{inside} was sent: {sent}");
    }
}

async fn schema_status_says_what_is_applied(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let mut schemas = SchemaServiceClient::new(harness.app.routes());
    let request = by(&admin, GetSchemaStatusRequest {});
    let status = schemas.get_schema_status(request).await.unwrap().into_inner();
    assert_eq!(status.head, artisan_migrations::HEAD.to_string());
    assert_eq!(status.applied.last(), Some(&status.head));
    assert!(status.pending.is_empty());
}

#[tokio::test]
async fn database_that_does_not_answer_is_unavailable_with_a_time_to_retry() {
    let options =
        StoreOptions { acquire_timeout: Duration::from_millis(300), ..Default::default() };
    // Port 1 is reserved: nothing listens there.
    let store = Store::connect("postgres://someone:hunter2@127.0.0.1:1/x", options).unwrap();
    let app = App::build(&config(), store, Sources::system()).unwrap();
    let mut users =
        artisan_proto::artisan::user::v1::user_service_client::UserServiceClient::new(app.routes());
    let request = CreateUserRequest {
        user: Some(buyer("a@example.com")),
        validate_only: true,
        ..CreateUserRequest::default()
    };
    let status = users.create_user(request).await.unwrap_err();
    assert_eq!(problem(&status), said(Code::Unavailable, "DATABASE_UNAVAILABLE", &[]));
    let retry = status.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some_and(|delay| !delay.is_zero()));
    let sent = format!("{status:?} {}", String::from_utf8_lossy(status.details()));
    assert!(!sent.contains("hunter2") && !sent.contains("127.0.0.1"), "{sent}");
}

async fn unknown_methods_are_unimplemented(database: TestDatabase) {
    let harness = Harness::start(database).await;
    for path in ["/artisan.user.v1.UserService/NoSuchThing", "/other.Service/Method"] {
        let refused = raw(harness.app.routes(), path, String::new()).await;
        assert_eq!(problem_of(refused), said(Code::Unimplemented, "NOT_IMPLEMENTED", &[]));
    }
}

async fn requests_that_do_not_decode_are_the_clients_fault(database: TestDatabase) {
    let harness = Harness::start(database).await;
    // The first field of CreateUserRequest is a string, not a number.
    let refused = raw(harness.app.routes(), "/artisan.user.v1.UserService/CreateUser", 7_u32).await;
    let status = refused.unwrap_err();
    assert_eq!(problem(&status), said(Code::InvalidArgument, "MALFORMED_REQUEST", &[]));
    assert!(!status.message().contains("CreateUserRequest"), "{}", status.message());
}

async fn requests_that_are_too_large_are_refused(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let user = User { email: "x".repeat(1 << 20), ..User::default() };
    let refused = harness.register(user).await;
    assert_eq!(problem_of(refused), said(Code::OutOfRange, "MESSAGE_TOO_LARGE", &[]));
}

async fn request_id_is_answered(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let mut request = Request::new(GetJwksRequest {});
    request.metadata_mut().insert("x-request-id", "from-the-caller".parse().unwrap());
    let answer = harness.auth().get_jwks(request).await.unwrap();
    assert_eq!(answer.metadata().get("x-request-id").unwrap(), "from-the-caller");
    let request = GetUserRequest { name: "users/me".to_owned() };
    let refused = harness.users().get_user(request).await.unwrap_err();
    let made = refused.metadata().get("x-request-id").unwrap().to_str().unwrap();
    assert!(uuid::Uuid::try_parse(made).is_ok(), "{made}");
}

async fn reflection_shows_the_contract(database: TestDatabase) {
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

    let harness = Harness::start(database).await;
    let mut client = ServerReflectionClient::new(harness.app.routes());
    let message_request = Some(MessageRequest::ListServices(String::new()));
    let ask = ServerReflectionRequest { host: String::new(), message_request };
    let answers = client.server_reflection_info(tokio_stream::once(ask)).await.unwrap();
    let answer = answers.into_inner().message().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("no list of services")
    };
    let names = list.service.into_iter().map(|service| service.name).collect::<Vec<_>>();
    for service in ["UserService", "AuthService", "SchemaService"] {
        assert!(names.contains(&format!("artisan.user.v1.{service}")), "{names:?}");
    }
}

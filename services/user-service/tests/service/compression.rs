//! Compressed messages, and those that never are.

use std::io::Write as _;

use artisan_proto::artisan::user::v1::user_service_client::UserServiceClient;
use artisan_proto::artisan::user::v1::{CreateSessionRequest, CreateUserRequest, ListUsersRequest};
use artisan_testkit::{TestDatabase, on_engine};
use http::Request;
use http_body_util::BodyExt as _;
use prost::Message;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Status};
use tower::ServiceExt as _;

use crate::harness::{Harness, PASSWORD, buyer, by, problem, said};

on_engine!(
    sqlite_only,
    Sqlite,
    large_answers_are_compressed_for_who_takes_it,
    messages_with_secrets_are_never_compressed,
    limit_is_that_of_the_message_as_it_is_read,
    unknown_compression_is_refused_with_what_is_known,
);

/// Sends a message as it stands on the wire; the answer's headers and body.
async fn send(
    harness: &Harness,
    rpc: &str,
    headers: &[(&str, &str)],
    (is_compressed, message): (bool, &[u8]),
) -> (http::HeaderMap, Vec<u8>) {
    let mut body = vec![u8::from(is_compressed)];
    body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    body.extend(message);
    let mut request = Request::builder()
        .method("POST")
        .uri(format!("/artisan.user.v1.{rpc}"))
        .header("content-type", "application/grpc");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Body::new(http_body_util::Full::new(body.into()));
    let response = harness.app.routes().oneshot(request.body(body).unwrap()).await.unwrap();
    let headers = response.headers().clone();
    (headers, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

fn gzip(message: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(message).unwrap();
    writer.finish().unwrap()
}

async fn large_answers_are_compressed_for_who_takes_it(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    for at in 0..20 {
        harness.register(buyer(&format!("user{at}@example.com"))).await.unwrap();
    }
    let bearer = format!("Bearer {admin}");
    let list = ListUsersRequest::default().encode_to_vec();
    let mut sizes = Vec::new();
    for encoding in ["identity", "gzip", "zstd"] {
        let headers = [("authorization", bearer.as_str()), ("grpc-accept-encoding", encoding)];
        let (headers, body) =
            send(&harness, "UserService/ListUsers", &headers, (false, &list)).await;
        let used = headers.get("grpc-encoding").map_or("identity", |used| used.to_str().unwrap());
        assert_eq!((used, body[0]), (encoding, u8::from(encoding != "identity")));
        sizes.push(body.len());
        let Ok(encoding) = encoding.parse::<Encoding>() else { continue };
        // A real client reads it, and sends its own message so.
        let mut users = UserServiceClient::new(harness.app.routes())
            .send_compressed(encoding.0)
            .accept_compressed(encoding.0);
        let answer = users.list_users(by(&admin, ListUsersRequest::default())).await.unwrap();
        assert_eq!(answer.into_inner().users.len(), 21);
    }
    assert!(sizes[1] * 3 < sizes[0] && sizes[2] * 3 < sizes[0], "{sizes:?}");
}

struct Encoding(CompressionEncoding);

impl std::str::FromStr for Encoding {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "gzip" => Ok(Self(CompressionEncoding::Gzip)),
            "zstd" => Ok(Self(CompressionEncoding::Zstd)),
            _ => Err(()),
        }
    }
}

async fn messages_with_secrets_are_never_compressed(database: TestDatabase) {
    let harness = Harness::start(database).await;
    harness.register(buyer("a@example.com")).await.unwrap();
    let email = "a@example.com".to_owned();
    let message = CreateSessionRequest { email, password: PASSWORD.to_owned() }.encode_to_vec();
    let rpc = "AuthService/CreateSession";
    let takes = [("grpc-accept-encoding", "gzip,zstd")];
    let (headers, body) = send(&harness, rpc, &takes, (false, &message)).await;
    assert_eq!((headers.get("grpc-encoding"), body[0]), (None, 0));
    assert!(body.len() > 100, "no tokens: {headers:?}");

    // Every RPC of whose messages one holds a password or a token.
    for rpc in [
        "UserService/CreateUser",
        "UserService/BatchCreateUsers",
        "UserService/VerifyEmail",
        "AuthService/CreateSession",
        "AuthService/RefreshSession",
        "AuthService/ChangePassword",
        "AuthService/ResetPassword",
        "AuthService/IntrospectToken",
    ] {
        let admin = format!("Bearer {}", harness.admin().await);
        let compressed = [("grpc-encoding", "gzip"), ("authorization", admin.as_str())];
        let (headers, _) = send(&harness, rpc, &compressed, (true, &gzip(&message))).await;
        let status = Status::from_header_map(&headers).unwrap();
        let refused = said(Code::Unimplemented, "COMPRESSION_NOT_SUPPORTED", &[]);
        assert_eq!(problem(&status), refused, "{rpc}");
        assert_eq!(headers["grpc-accept-encoding"], "identity", "{rpc}");
    }
}

async fn limit_is_that_of_the_message_as_it_is_read(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = format!("Bearer {}", harness.admin().await);
    // 64 MiB that are 64 KiB on the wire.
    let filter = " ".repeat(64 << 20);
    let bomb = ListUsersRequest { filter, ..ListUsersRequest::default() }.encode_to_vec();
    let bomb = gzip(&bomb);
    assert!(bomb.len() < 256 << 10);
    let headers = [("grpc-encoding", "gzip"), ("authorization", admin.as_str())];
    let (headers, _) = send(&harness, "UserService/ListUsers", &headers, (true, &bomb)).await;
    let status = Status::from_header_map(&headers).unwrap();
    assert_eq!(problem(&status), said(Code::OutOfRange, "MESSAGE_TOO_LARGE", &[]));
}

async fn unknown_compression_is_refused_with_what_is_known(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let message = CreateUserRequest::default().encode_to_vec();
    let headers = [("grpc-encoding", "snappy")];
    let (headers, _) = send(&harness, "AuthService/GetJwks", &headers, (true, &message)).await;
    let status = Status::from_header_map(&headers).unwrap();
    assert_eq!(problem(&status), said(Code::Unimplemented, "COMPRESSION_NOT_SUPPORTED", &[]));
    assert_eq!(headers["grpc-accept-encoding"], "identity,gzip,zstd");
}

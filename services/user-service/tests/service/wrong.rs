//! Every RPC of the contract with wrong requests and wrong credentials: each has its code, its reason and
//! its fields.

mod lists;
mod secrets;
mod users;

use std::collections::BTreeSet;
use std::time::Duration;

use artisan_proto::artisan::user::v1 as pb;
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use artisan_user_service::access::{Access, TABLE};
use artisan_user_service::config::ServiceConfig;
use artisan_user_service::token::SigningKeys;
use http::uri::PathAndQuery;
use prost::Message;
use prost::bytes::{Buf as _, BufMut as _};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};

use crate::access::rpcs;
use crate::harness::{Harness, buyer, problem};
use crate::mailbox::start;

on_every_engine! { every_rpc_names_what_is_wrong_with_its_request }
on_engine!(sqlite_only, Sqlite, every_rpc_that_asks_for_credentials_refuses_bad_ones);

/// Any message as its bytes, any answer as nothing.
#[derive(Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        buffer.advance(buffer.remaining());
        Ok(Some(()))
    }
}

async fn call(
    harness: &Harness,
    rpc: &str,
    token: Option<&str>,
    message: Vec<u8>,
) -> Result<(), Status> {
    let mut request = Request::new(message);
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let path = PathAndQuery::try_from(format!("/artisan.user.v1.{rpc}")).unwrap();
    let mut client = tonic::client::Grpc::new(harness.app.routes());
    client.ready().await.unwrap();
    client.unary(request, path, Raw).await.map(drop)
}

#[derive(Clone, Copy, Debug)]
enum By {
    Nobody,
    Ana,
    Admin,
}

/// A wrong request: who sends it, to which RPC, what is answered. `VALID` as the reason is for what only
/// looks wrong.
struct Row(By, &'static str, Vec<u8>, &'static str, Vec<String>);

const VALID: &str = "";
const INVALID: &str = "VALIDATION_FAILED";

fn row(
    by: By,
    rpc: &'static str,
    request: &impl Message,
    reason: &'static str,
    field: &str,
) -> Row {
    let fields = field.split(' ').filter(|field| !field.is_empty()).map(str::to_owned);
    Row(by, rpc, request.encode_to_vec(), reason, fields.collect())
}

/// What the rows speak of.
struct World {
    ana: String,
    bia: String,
    page_token: String,
    access_token: String,
}

/// Bytes that are no message, for each RPC.
fn no_messages() -> Vec<Row> {
    let by = |access: Access| match access {
        Access::Admin => By::Admin,
        Access::Public | Access::Anyone | Access::Nobody => By::Nobody,
        Access::Myself | Access::SelfOrAdmin => By::Ana,
    };
    let rows = TABLE.iter().flat_map(|rule| {
        [vec![0xff; 12], vec![0x0a, 0xff]]
            .map(|bytes| Row(by(rule.access), rule.rpc, bytes, "MALFORMED_REQUEST", Vec::new()))
    });
    rows.collect()
}

fn code_of(reason: &str) -> Code {
    match reason {
        "PERMISSION_DENIED" | "FIELD_PERMISSION_DENIED" => Code::PermissionDenied,
        "USER_NOT_FOUND" | "SESSION_NOT_FOUND" => Code::NotFound,
        "EMAIL_TAKEN" | "USER_ID_TAKEN" | "USER_NOT_DELETED" => Code::AlreadyExists,
        "ETAG_MISMATCH" => Code::Aborted,
        "LAST_ADMIN" => Code::FailedPrecondition,
        "CREDENTIALS_WRONG" | "REFRESH_TOKEN_INVALID" => Code::Unauthenticated,
        _ => Code::InvalidArgument,
    }
}

async fn every_rpc_names_what_is_wrong_with_its_request(database: TestDatabase) {
    let (harness, _server) = start(database).await;
    let admin = harness.admin().await;
    let (ana, token) = harness.registered(buyer("ana@example.com")).await;
    let bia = harness.register(buyer("bia@example.com")).await.unwrap();
    let request = pb::ListUsersRequest { page_size: 1, ..pb::ListUsersRequest::default() };
    let page = harness.users().list_users(crate::harness::by(&admin, request)).await.unwrap();
    let page_token = page.into_inner().next_page_token;
    let world = World { ana: ana.name, bia: bia.name, page_token, access_token: token.clone() };
    let rows: Vec<Row> = [users::names(), users::registrations(&world), users::changes(&world)]
        .into_iter()
        .chain([
            lists::lists(&world),
            lists::pages(&world),
            lists::many(&world),
            lists::last_admin(),
        ])
        .chain([secrets::passwords(&world), secrets::tokens(&world), no_messages()])
        .flatten()
        .collect();
    let mut told = Vec::new();
    for (number, Row(by, rpc, request, reason, fields)) in rows.iter().enumerate() {
        let token = match by {
            By::Nobody => None,
            By::Ana => Some(token.as_str()),
            By::Admin => Some(admin.as_str()),
        };
        let answer = call(&harness, rpc, token, request.clone()).await;
        let found = answer.err().map(|status| problem(&status));
        let expected =
            (!reason.is_empty()).then(|| (code_of(reason), (*reason).to_owned(), fields.clone()));
        if found != expected {
            told.push(format!("row {number}, {by:?} {rpc}: {found:?} instead of {expected:?}"));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    let covered: BTreeSet<&str> = rows.iter().map(|row| row.1).collect();
    let all = rpcs();
    let missing: Vec<_> = all.iter().filter(|rpc| !covered.contains(rpc.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} have no wrong request");
}

async fn every_rpc_that_asks_for_credentials_refuses_bad_ones(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let config = |audience: &str, issuer: &str| ServiceConfig {
        token_audience: audience.to_owned(),
        token_issuer: issuer.to_owned(),
        ..harness.config.clone()
    };
    let token_of = async |config: ServiceConfig| {
        let database = TestDatabase::create(artisan_testkit::Engine::Sqlite).await;
        Harness::start_with(database, config).await.admin().await
    };
    let key = SigningKeys::generate_pem().unwrap();
    let of_another_key = ServiceConfig {
        signing_keys: SigningKeys::from_pem(&key).unwrap(),
        ..harness.config.clone()
    };
    let admin = harness.admin().await;
    harness.clock.advance(Duration::from_mins(10));
    let early = harness.admin().await;
    harness.clock.set_back(Duration::from_mins(10));
    let (header, rest) = admin.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let invalid = [
        token_of(config("another-service", "artisan-platform")).await,
        token_of(config("artisan", "another-platform")).await,
        token_of(of_another_key).await,
        early,
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", signature.to_uppercase()),
        "x".repeat(5_000),
    ];
    let asking = TABLE.iter().filter(|rule| rule.access != Access::Public);
    for rule in asking {
        for token in &invalid {
            let refused = call(&harness, rule.rpc, Some(token), Vec::new()).await.unwrap_err();
            let (code, reason, _) = problem(&refused);
            let expected = (Code::Unauthenticated, "TOKEN_INVALID");
            assert_eq!((code, reason.as_str()), expected, "{} {token}", rule.rpc);
        }
    }
    harness.clock.advance(Duration::from_mins(20));
    for rule in TABLE.iter().filter(|rule| rule.access != Access::Public) {
        let refused = call(&harness, rule.rpc, Some(&admin), Vec::new()).await.unwrap_err();
        assert_eq!(problem(&refused).1, "TOKEN_EXPIRED", "{}", rule.rpc);
    }
}

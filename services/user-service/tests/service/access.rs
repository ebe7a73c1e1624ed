//! Every RPC of the contract, called by every kind of caller.

use std::collections::BTreeMap;
use std::time::Duration;

use artisan_proto::FILE_DESCRIPTOR_SET;
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use http::uri::PathAndQuery;
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use crate::callers::service_token;
use crate::harness::{Harness, SERVICE, buyer, problem};
use crate::net::{Net, Tls};

on_every_engine! { every_caller_is_let_in_or_denied_as_the_table_says }
on_engine!(sqlite_only, Sqlite, role_that_was_taken_away_counts_no_more);

/// Who may call, written down a second time on purpose.
const ANYONE: &str = "nobody self other admin service";
const OWNERS: &str = "self admin";
const OWNERS_AND_SERVICES: &str = "self admin service";
const SELF: &str = "self";
const ADMINS: &str = "admin";
const ADMINS_AND_SERVICES: &str = "admin service";
const TABLE: &[(&str, &str)] = &[
    ("UserService/CreateUser", ANYONE),
    ("UserService/GetUser", OWNERS_AND_SERVICES),
    ("UserService/BatchGetUsers", ADMINS_AND_SERVICES),
    ("UserService/ListUsers", ADMINS),
    ("UserService/UpdateUser", OWNERS),
    ("UserService/DeleteUser", OWNERS),
    ("UserService/UndeleteUser", ADMINS),
    ("UserService/ActivateUser", ADMINS),
    ("UserService/DeactivateUser", ADMINS),
    ("UserService/BatchCreateUsers", ADMINS),
    ("UserService/ExportUserData", OWNERS),
    ("UserService/EraseUser", OWNERS),
    ("UserService/WatchUsers", ADMINS_AND_SERVICES),
    ("UserService/ListUserEvents", OWNERS),
    ("UserService/SetUserRoles", ADMINS),
    ("UserService/RequestEmailVerification", SELF),
    ("UserService/VerifyEmail", ANYONE),
    ("AuthService/CreateSession", ANYONE),
    ("AuthService/RefreshSession", ANYONE),
    ("AuthService/ListSessions", OWNERS),
    ("AuthService/RevokeSession", OWNERS),
    ("AuthService/RevokeAllSessions", OWNERS),
    ("AuthService/ChangePassword", SELF),
    ("AuthService/RequestPasswordReset", ANYONE),
    ("AuthService/ResetPassword", ANYONE),
    ("AuthService/IntrospectToken", ADMINS_AND_SERVICES),
    ("AuthService/GetJwks", ANYONE),
    ("SchemaService/GetSchemaStatus", ADMINS),
];

const DENIALS: &[&str] = &[
    "CREDENTIALS_MISSING",
    "TOKEN_INVALID",
    "TOKEN_EXPIRED",
    "SESSION_ENDED",
    "SERVICE_UNKNOWN",
    "PERMISSION_DENIED",
    "FIELD_PERMISSION_DENIED",
];

/// A request whose first field holds a message whose first field is the name.
#[derive(Clone, PartialEq, Message)]
struct Nested {
    #[prost(message, optional, tag = "1")]
    inner: Option<Named>,
}

#[derive(Clone, PartialEq, Message)]
struct Named {
    #[prost(string, tag = "1")]
    name: String,
}

pub(crate) fn rpcs() -> Vec<String> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let files = set.file.iter().filter(|file| file.package() == "artisan.user.v1");
    let services = files.flat_map(|file| &file.service);
    services
        .flat_map(|service| {
            service.method.iter().map(|rpc| format!("{}/{}", service.name(), rpc.name()))
        })
        .collect()
}

/// One who calls: what they are in the table, how they reach the service, and their token.
struct Caller {
    kind: &'static str,
    name: &'static str,
    channel: Option<Channel>,
    token: Option<String>,
    /// As a gateway says for whom it calls.
    forwards: bool,
}

impl Caller {
    /// In the same process, as the gateway of `artisan` is.
    fn here(kind: &'static str, token: Option<&str>) -> Self {
        let token = token.map(str::to_owned);
        Self { kind, name: kind, channel: None, token, forwards: false }
    }

    fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// Over a connection with a certificate.
    fn over(self, channel: &Channel) -> Self {
        Self { channel: Some(channel.clone()), ..self }
    }

    fn forwarding(self) -> Self {
        Self { forwards: true, ..self }
    }
}

/// Calls an RPC with a request that names a user, whatever else it needs.
async fn call(harness: &Harness, rpc: &str, caller: &Caller, name: &str) -> Option<String> {
    let name = match rpc {
        "AuthService/RevokeSession" => format!("{name}/sessions/{}", uuid::Uuid::nil()),
        _ => name.to_owned(),
    };
    let named = Named { name };
    let result = if rpc == "UserService/UpdateUser" {
        unary(harness, rpc, caller, Nested { inner: Some(named) }).await
    } else {
        unary(harness, rpc, caller, named).await
    };
    result.err().map(|status| problem(&status).1)
}

async fn unary<T: Message + Send + 'static>(
    harness: &Harness,
    rpc: &str,
    caller: &Caller,
    message: T,
) -> Result<(), Status> {
    let mut request = Request::new(message);
    if let Some(token) = &caller.token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    if caller.forwards {
        request.metadata_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
    }
    let path = PathAndQuery::try_from(format!("/artisan.user.v1.{rpc}")).unwrap();
    // An answer of any kind decodes as the empty message.
    // A stream is one answer or many, and is not waited for.
    let codec = ProstCodec::<T, ()>::default();
    if let Some(channel) = caller.channel.clone() {
        let mut client = tonic::client::Grpc::new(channel);
        client.ready().await.unwrap();
        return client.server_streaming(request, path, codec).await.map(drop);
    }
    let mut client = tonic::client::Grpc::new(harness.app.routes());
    client.ready().await.unwrap();
    client.server_streaming(request, path, codec).await.map(drop)
}

async fn every_caller_is_let_in_or_denied_as_the_table_says(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let tls = Tls::new();
    let net = Net::start(&harness.app.clone().over(Some(tls.server()), None)).await;
    let (service, gateway) =
        (tls.connect_as(&net, &[SERVICE]).await, tls.connect_as(&net, &["gateway.example"]).await);
    let expected: BTreeMap<_, _> = TABLE.iter().copied().collect();
    let admin = harness.admin().await;
    let (_, other) = harness.registered(buyer("other@example.com")).await;
    let (_, ended) = harness.registered(buyer("ended@example.com")).await;
    harness
        .database
        .execute("UPDATE users SET state = 'INACTIVE' WHERE email LIKE 'ended@%'")
        .await;
    let of_service = service_token(&harness, SERVICE, Duration::from_hours(1));
    let of_stranger = service_token(&harness, "unknown", Duration::from_hours(1));
    assert_eq!(rpcs().len(), TABLE.len());
    for (number, rpc) in rpcs().iter().enumerate() {
        let may = expected.get(rpc.as_str()).unwrap_or_else(|| panic!("{rpc} is not in the table"));
        // A user for each RPC: some of them delete it.
        let (user, own) = harness.registered(buyer(&format!("u{number}@example.com"))).await;
        let missing = format!("users/{}", uuid::Uuid::nil());
        let callers = [
            Caller::here("nobody", None),
            Caller::here("nobody", None).over(&gateway).named("a gateway without a token"),
            Caller::here("nobody", None).over(&gateway).forwarding().named("a gateway for nobody"),
            Caller::here("nobody", None).over(&service).forwarding().named("a service for nobody"),
            Caller::here("service", None).over(&service).named("a service by its certificate"),
            Caller::here("service", Some(&of_service)).named("a service by its token"),
            Caller::here("service", Some(&of_service)).over(&gateway).forwarding(),
            Caller::here("other", Some(&other)),
            Caller::here("other", Some(&other)).over(&service).named("a user by way of a service"),
            Caller::here("bad", Some(&ended)).named("a user who is locked"),
            Caller::here("bad", Some(&of_stranger)).named("an unknown service"),
            Caller::here("self", Some(&own)).over(&gateway).forwarding(),
            Caller::here("admin", Some(&admin)),
        ];
        for caller in callers {
            let reason = call(&harness, rpc, &caller, &user.name).await;
            let denied = reason.as_deref().is_some_and(|reason| DENIALS.contains(&reason));
            // Bad credentials are as good as none, except where none are looked at.
            let kind = if caller.kind == "bad" { "nobody" } else { caller.kind };
            let may = may.split(' ').any(|allowed| allowed == kind)
                && !(caller.kind == "bad" && rpc == "UserService/CreateUser");
            // Who deleted the own account is signed out, which is not what is tested here.
            assert_eq!(denied, !may, "{} calls {rpc}: {reason:?}", caller.name);
            if !may {
                // Permission before existence: a user who is not there is denied alike.
                let again = call(&harness, rpc, &caller, &missing).await;
                assert_eq!(again, reason, "{} calls {rpc} for a missing user", caller.name);
            }
        }
    }
}

async fn role_that_was_taken_away_counts_no_more(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    let admin = Caller::here("admin", Some(&admin));
    assert_eq!(call(&harness, "SchemaService/GetSchemaStatus", &admin, "").await, None);
    harness.database.execute(REVOKE_ROLES).await;
    let reason = call(&harness, "SchemaService/GetSchemaStatus", &admin, "").await;
    assert_eq!(reason.as_deref(), Some("PERMISSION_DENIED"));
    harness.clock.advance(Duration::from_hours(1));
    let reason = call(&harness, "SchemaService/GetSchemaStatus", &admin, "").await;
    assert_eq!(reason.as_deref(), Some("TOKEN_EXPIRED"));
}

const REVOKE_ROLES: &str = "DELETE FROM user_roles";

//! Every RPC of the contract, called by every kind of caller.

use std::collections::BTreeMap;
use std::time::Duration;

use artisan_proto::FILE_DESCRIPTOR_SET;
use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use http::uri::PathAndQuery;
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use crate::harness::{Harness, buyer, problem};

on_every_engine! { every_caller_is_let_in_or_denied_as_the_table_says }
on_engine!(sqlite_only, Sqlite, role_that_was_taken_away_counts_no_more);

/// Who may call, written down a second time on purpose.
const ANYONE: &str = "nobody self other admin";
const OWNERS: &str = "self admin";
const SELF: &str = "self";
const ADMINS: &str = "admin";
const TABLE: &[(&str, &str)] = &[
    ("UserService/CreateUser", ANYONE),
    ("UserService/GetUser", OWNERS),
    ("UserService/BatchGetUsers", ADMINS),
    ("UserService/ListUsers", ADMINS),
    ("UserService/UpdateUser", OWNERS),
    ("UserService/DeleteUser", OWNERS),
    ("UserService/UndeleteUser", ADMINS),
    ("UserService/ActivateUser", ADMINS),
    ("UserService/DeactivateUser", ADMINS),
    ("UserService/BatchCreateUsers", ADMINS),
    ("UserService/ExportUserData", OWNERS),
    ("UserService/EraseUser", OWNERS),
    ("UserService/WatchUsers", ADMINS),
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
    ("AuthService/IntrospectToken", ADMINS),
    ("AuthService/GetJwks", ANYONE),
    ("SchemaService/GetSchemaStatus", ADMINS),
];

const DENIALS: &[&str] = &[
    "CREDENTIALS_MISSING",
    "TOKEN_INVALID",
    "TOKEN_EXPIRED",
    "SESSION_ENDED",
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

/// Calls an RPC with a request that names a user, whatever else it needs.
async fn call(harness: &Harness, rpc: &str, token: Option<&str>, name: &str) -> Option<String> {
    let name = match rpc {
        "AuthService/RevokeSession" => format!("{name}/sessions/{}", uuid::Uuid::nil()),
        _ => name.to_owned(),
    };
    let named = Named { name };
    let result = if rpc == "UserService/UpdateUser" {
        unary(harness, rpc, token, Nested { inner: Some(named) }).await
    } else {
        unary(harness, rpc, token, named).await
    };
    result.err().map(|status| problem(&status).1)
}

async fn unary<T: Message + Send + 'static>(
    harness: &Harness,
    rpc: &str,
    token: Option<&str>,
    message: T,
) -> Result<(), Status> {
    let mut request = Request::new(message);
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let path = PathAndQuery::try_from(format!("/artisan.user.v1.{rpc}")).unwrap();
    let mut client = tonic::client::Grpc::new(harness.app.routes());
    client.ready().await.unwrap();
    // An answer of any kind decodes as the empty message.
    client.unary(request, path, ProstCodec::<T, ()>::default()).await.map(|_| ())
}

async fn every_caller_is_let_in_or_denied_as_the_table_says(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let expected: BTreeMap<_, _> = TABLE.iter().copied().collect();
    let admin = harness.admin().await;
    let (_, other) = harness.registered(buyer("other@example.com")).await;
    let (_, ended) = harness.registered(buyer("ended@example.com")).await;
    harness
        .database
        .execute("UPDATE users SET state = 'INACTIVE' WHERE email LIKE 'ended@%'")
        .await;
    assert_eq!(rpcs().len(), TABLE.len());
    for (number, rpc) in rpcs().iter().enumerate() {
        let may = expected.get(rpc.as_str()).unwrap_or_else(|| panic!("{rpc} is not in the table"));
        // A user for each RPC: some of them delete it.
        let (user, own) = harness.registered(buyer(&format!("u{number}@example.com"))).await;
        let missing = format!("users/{}", uuid::Uuid::nil());
        let callers = [
            ("nobody", None),
            ("other", Some(&other)),
            ("ended", Some(&ended)),
            ("self", Some(&own)),
            ("admin", Some(&admin)),
        ];
        for (caller, token) in callers {
            let reason = call(&harness, rpc, token.map(String::as_str), &user.name).await;
            let denied = reason.as_deref().is_some_and(|reason| DENIALS.contains(&reason));
            // An ended session is as good as none, except where none is looked at.
            let kind = if caller == "ended" { "nobody" } else { caller };
            let may = may.split(' ').any(|allowed| allowed == kind)
                && !(caller == "ended" && rpc == "UserService/CreateUser");
            // Who deleted the own account is signed out, which is not what is tested here.
            assert_eq!(denied, !may, "{caller} calls {rpc}: {reason:?}");
            if !may {
                // Permission before existence: a user who is not there is denied alike.
                let again = call(&harness, rpc, token.map(String::as_str), &missing).await;
                assert_eq!(again, reason, "{caller} calls {rpc} for a missing user");
            }
        }
    }
}

async fn role_that_was_taken_away_counts_no_more(database: TestDatabase) {
    let harness = Harness::start(database).await;
    let admin = harness.admin().await;
    assert_eq!(call(&harness, "SchemaService/GetSchemaStatus", Some(&admin), "").await, None);
    harness.database.execute(REVOKE_ROLES).await;
    let reason = call(&harness, "SchemaService/GetSchemaStatus", Some(&admin), "").await;
    assert_eq!(reason.as_deref(), Some("PERMISSION_DENIED"));
    harness.clock.advance(Duration::from_hours(1));
    let reason = call(&harness, "SchemaService/GetSchemaStatus", Some(&admin), "").await;
    assert_eq!(reason.as_deref(), Some("TOKEN_EXPIRED"));
}

const REVOKE_ROLES: &str = "DELETE FROM user_roles";

//! The stream of changes over HTTP, through a restart, on every engine.

use artisan_testkit::TestDatabase;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::client::Caller;
use crate::examples;
use crate::platform::Platform;

artisan_testkit::on_every_engine! {
    changes_are_watched_through_a_restart,
    account_is_managed_over_http,
}

const EMAIL: &str = "root@example.com";
const PASSWORD: &str = "Root-password-1";

async fn start(database: &TestDatabase, folder: &std::path::Path) -> (Platform, Caller) {
    let variables = [
        ("DATABASE_URL", database.url()),
        ("BOOTSTRAP_ADMIN_EMAIL", EMAIL),
        ("BOOTSTRAP_ADMIN_PASSWORD", PASSWORD),
    ];
    let platform = Platform::start(folder, &variables).await;
    let admin = Caller::anonymous(&platform.http).sign_in(EMAIL, PASSWORD).await;
    (platform, admin)
}

/// The next piece that was sent: a line or an event.
pub(crate) async fn next(body: &mut Incoming) -> String {
    let frame = tokio::time::timeout(std::time::Duration::from_mins(1), body.frame()).await;
    let frame = frame.expect("a frame within a minute").expect("the stream goes on");
    let data = frame.expect("a frame").into_data().expect("data");
    String::from_utf8(data.to_vec()).expect("text")
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

async fn changes_are_watched_through_a_restart(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let (platform, admin) = start(&database, folder.path()).await;
    let mut body = admin.open("/v1/users:watch", &[]).await;
    let ana = admin.post("/v1/users", &examples::artisan("ana@example.com")).await;
    let seen = parsed(&next(&mut body).await);
    assert_eq!(seen["event"]["type"], "user.created");
    assert_eq!(seen["user"]["name"], ana.json["name"]);
    let token = seen["resumeToken"].as_str().expect("a token").to_owned();
    admin.post("/v1/users", &examples::artisan("bia@example.com")).await;
    assert!(platform.stop().await.success(), "a watcher does not keep the program from ending");
    let mut last = String::new();
    while let Some(frame) = body.frame().await {
        let data = frame.expect("a frame").into_data().expect("data");
        last = String::from_utf8(data.to_vec()).expect("text");
    }
    let last = parsed(&last);
    assert_eq!(last["error"]["reason"], "SHUTTING_DOWN", "{last}");
    assert!(last["resumeToken"].is_string(), "{last}");

    let (platform, admin) = start(&database, folder.path()).await;
    let events = [("accept", "text/event-stream"), ("last-event-id", token.as_str())];
    let mut body = admin.open("/v1/users:watch", &events).await;
    assert_eq!(next(&mut body).await, format!("id: {token}\n\n"), "where it begins");
    let event = next(&mut body).await;
    let (id, data) = event.split_once('\n').expect("two lines");
    let seen = parsed(data.strip_prefix("data: ").expect("data").trim_end());
    assert_eq!(seen["event"]["type"], "user.created");
    assert_eq!(seen["user"]["email"], "bia@example.com");
    assert_eq!(id.strip_prefix("id: "), seen["resumeToken"].as_str());
    let refused = admin.get("/v1/users:watch?resumeToken=x").await;
    refused.assert_problem(400, "RESUME_TOKEN_INVALID");
    assert_eq!(refused.fields(), ["resume_token"]);
    drop(body);
    assert!(platform.stop().await.success());
}

async fn account_is_managed_over_http(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let (platform, admin) = start(&database, folder.path()).await;
    let ana = admin.post("/v1/users", &examples::artisan("ana@example.com")).await;
    let name = ana.text_at("/name");
    let path = format!("/v1/{name}");
    let own =
        Caller::anonymous(&platform.http).sign_in("ana@example.com", examples::PASSWORD).await;
    let change = json!({
        "currentPassword": examples::PASSWORD,
        "newPassword": "Outra-Senha-2",
    });
    assert_eq!(own.post("/v1/users/me:changePassword", &change).await.status, 200);
    assert_eq!(
        own.get("/v1/users/me/sessions").await.json["sessions"][0]["revokeTime"],
        Value::Null
    );
    let both = admin.get(&format!("/v1/users:batchGet?names={name}&names=users/me")).await;
    assert_eq!(both.text_at("/users/0/name"), name);
    assert_eq!(both.text_at("/users/1/email"), EMAIL);
    let locked = admin.post(&format!("{path}:deactivate"), &json!({})).await;
    assert_eq!(locked.text_at("/state"), "INACTIVE");
    own.get("/v1/users/me").await.assert_problem(401, "SESSION_ENDED");
    let open = admin.post(&format!("{path}:activate"), &json!({})).await;
    assert_eq!(open.text_at("/state"), "ACTIVE");
    let roles = json!({ "roles": ["ADMIN"] });
    let promoted = admin.post(&format!("{path}:setRoles"), &roles).await;
    assert_eq!(promoted.text_at("/roles/0"), "ADMIN");
    admin.send("DELETE", &path, &[], "").await;
    let json = [("content-type", "application/json"), ("if-match", "\"1\"")];
    let stale = admin.send("POST", &format!("{path}:undelete"), &json, "{}").await;
    stale.assert_problem(412, "ETAG_MISMATCH");
    let back = admin.post(&format!("{path}:undelete"), &json!({})).await;
    assert_eq!(back.text_at("/email"), "ana@example.com");
    let trail = admin.get(&format!("{path}/events?pageSize=1")).await;
    assert_eq!(trail.text_at("/userEvents/0/type"), "user.undeleted");
    assert!(!trail.text_at("/nextPageToken").is_empty());
    let token = json!({ "token": "x" });
    let answer = admin.post("/v1/sessions:introspect", &token).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{\"active\":false}"));
    let all = admin.post("/v1/users/me/sessions:revokeAll", &json!({})).await;
    assert_eq!(all.status, 200);
    admin.get("/v1/users/me").await.assert_problem(401, "SESSION_ENDED");
}

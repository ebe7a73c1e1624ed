//! Bad input: each gets the right code, a reason, the field named, and nothing is written.

use artisan_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::client::Caller;
use crate::examples::{self, PASSWORD};
use crate::platform::Platform;

artisan_testkit::on_every_engine! {
    every_bad_field_is_named_and_nothing_is_written,
    same_address_in_other_case_at_the_same_instant_is_registered_once,
    strangers_and_forged_tokens_are_refused,
}

async fn start(database: &TestDatabase) -> (Platform, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [
        ("DATABASE_URL", database.url()),
        ("BOOTSTRAP_ADMIN_EMAIL", "root@example.com"),
        ("BOOTSTRAP_ADMIN_PASSWORD", "Root-password-1"),
    ];
    (Platform::start(folder.path(), &variables).await, folder)
}

async fn count_users(platform: &Platform) -> usize {
    let anonymous = Caller::anonymous(&platform.http);
    let admin = anonymous.sign_in("root@example.com", "Root-password-1").await;
    let users = admin.get("/v1/users?pageSize=1000&showDeleted=true").await;
    users.json["users"].as_array().expect("users").len()
}

async fn every_bad_field_is_named_and_nothing_is_written(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let bad = json!({
        "email": "plainaddress",
        "password": "short",
        "artisan": {"storeName": "", "bio": "b".repeat(1001), "phone": "1".repeat(21)},
        "address": {"street": "", "neighborhood": "n".repeat(101), "city": "C", "state": "BAH",
                    "zipCode": "12345678901"}
    });
    let refused = caller.post("/v1/users", &bad).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    let mut fields = refused.fields();
    fields.sort_unstable();
    fields.dedup();
    assert_eq!(
        fields,
        [
            "user.address.neighborhood",
            "user.address.state",
            "user.address.street",
            "user.address.zip_code",
            "user.artisan.bio",
            "user.artisan.phone",
            "user.artisan.store_name",
            "user.email",
            "user.password",
        ]
    );
    assert!(!refused.text.contains("short"), "a password is never echoed");
    for (body, field) in wrong_bodies() {
        let refused = caller.post("/v1/users", &body).await;
        assert_eq!(refused.status, 400, "{body}: {}", refused.text);
        assert!(refused.fields().contains(&field), "{field}: {}", refused.text);
    }
    let json = [("content-type", "application/json")];
    let broken = caller.send("POST", "/v1/users", &json, "{\"email\": ").await;
    broken.assert_problem(400, "INVALID_JSON");
    let large = "x".repeat(20 * 1024 * 1024);
    let large = caller.send("POST", "/v1/users", &json, &large).await;
    assert_eq!(large.status, 413, "{}", large.text);
    assert_eq!(count_users(&platform).await, 1, "the administrator alone");
}

/// A good user with one thing wrong, and the field that must be named.
fn wrong_bodies() -> Vec<(Value, &'static str)> {
    let wrong = |pointer: &str, value: Value| {
        let mut user = examples::artisan("x@example.com");
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        user.pointer_mut(parent).expect("there")[key] = value;
        user
    };
    vec![
        (wrong("/surname", json!("unknown")), "user.surname"),
        (wrong("/address/zip", json!("unknown")), "user.address.zip"),
        (wrong("/email", json!(7)), "user.email"),
        (wrong("/address", json!("a street")), "user.address"),
        (wrong("/artisan/bio", json!(["a"])), "user.artisan.bio"),
        (wrong("/buyer", json!({"fullName": "Both"})), "user.buyer"),
        (wrong("/address/city", Value::Null), "user.address.city"),
        (wrong("/email", json!(format!("{}@example.com", "a".repeat(320)))), "user.email"),
    ]
}

async fn same_address_in_other_case_at_the_same_instant_is_registered_once(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let (small, capital) =
        (examples::buyer("twin@example.com"), examples::buyer("TWIN@Example.com"));
    let (one, other) =
        tokio::join!(caller.post("/v1/users", &small), caller.post("/v1/users", &capital));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.text, other.text);
    let loser = if one.status == 409 { one } else { other };
    loser.assert_problem(409, "EMAIL_TAKEN");
    assert_eq!(count_users(&platform).await, 2);
}

async fn strangers_and_forged_tokens_are_refused(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let other = caller.post("/v1/users", &examples::buyer("other@example.com")).await;
    caller.post("/v1/users", &examples::buyer("me@example.com")).await;
    let me = caller.sign_in("me@example.com", PASSWORD).await;

    let path = format!("/v1/{}", other.text_at("/name"));
    me.get(&path).await.assert_problem(403, "PERMISSION_DENIED");
    let nobody = "/v1/users/00000000-0000-4000-8000-000000000000";
    me.get(nobody).await.assert_problem(403, "PERMISSION_DENIED");
    let change = json!({"buyer": {"fullName": "Mine now"}});
    assert_eq!(me.patch(&path, "", &change).await.status, 403);
    assert_eq!(me.send("DELETE", &path, &[], "").await.status, 403);
    assert_eq!(me.get("/v1/users").await.status, 403, "for administrators");

    let anonymous = caller.get("/v1/users/me").await;
    anonymous.assert_problem(401, "CREDENTIALS_MISSING");
    assert!(anonymous.header("www-authenticate").starts_with("Bearer"));
    let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.";
    caller.with_token(forged).get("/v1/users/me").await.assert_problem(401, "TOKEN_INVALID");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_fit_no_operation_are_told_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let platform = Platform::start(folder.path(), &[]).await;
    let caller = Caller::anonymous(&platform.http);
    assert_eq!(caller.get("/v1/nothing").await.status, 404);
    let put = caller.send("PUT", "/v1/users", &[], "").await;
    assert_eq!(put.status, 405, "{}", put.text);
    assert!(put.header("allow").contains("GET") && put.header("allow").contains("POST"));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(caller.send("POST", "/v1/users", &form, "a=b").await.status, 415);
    let try_it =
        caller.post("/v1/users?validateOnly=true", &examples::buyer("t@example.com")).await;
    assert_eq!((try_it.status, try_it.header("location")), (200, ""), "{}", try_it.text);
}

//! Lists, repeated requests, import and privacy over HTTP, on every engine.

use artisan_testkit::TestDatabase;
use serde_json::json;

use crate::client::Caller;
use crate::examples::{self, PASSWORD};
use crate::platform::Platform;

artisan_testkit::on_every_engine! {
    filters_and_orders_are_taken_from_the_url,
    a_registration_that_is_sent_again_gets_the_same_answer,
    an_imported_user_signs_in,
    a_user_takes_everything_along_and_leaves_nothing,
}

const ADMIN: [(&str, &str); 2] = [
    ("BOOTSTRAP_ADMIN_EMAIL", "root@example.com"),
    ("BOOTSTRAP_ADMIN_PASSWORD", "Root-password-1"),
];

async fn start(database: &TestDatabase) -> (Platform, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let variables = [("DATABASE_URL", database.url()), ADMIN[0], ADMIN[1]];
    (Platform::start(folder.path(), &variables).await, folder)
}

async fn admin(platform: &Platform) -> Caller {
    Caller::anonymous(&platform.http).sign_in(ADMIN[0].1, ADMIN[1].1).await
}

async fn filters_and_orders_are_taken_from_the_url(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    for email in ["b@example.com", "a@example.com"] {
        caller.post("/v1/users", &examples::artisan(email)).await;
    }
    let admin = admin(&platform).await;
    let filter = "filter=artisan.storeName%20%3D%20%22Artisan*%22%20AND%20state%20%3D%20ACTIVE";
    let first = admin.get(&format!("/v1/users?{filter}&orderBy=email&pageSize=1")).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.text_at("/users/0/email"), "a@example.com");
    let token = first.text_at("/nextPageToken");
    let next = format!("/v1/users?{filter}&orderBy=email&pageSize=1&pageToken={token}");
    assert_eq!(admin.get(&next).await.text_at("/users/0/email"), "b@example.com");
    let other = admin.get(&format!("/v1/users?pageToken={token}")).await;
    other.assert_problem(400, "PAGE_TOKEN_INVALID");
    let refused = admin.get("/v1/users?filter=artisan.bio%3Dx").await;
    refused.assert_problem(400, "FILTER_NOT_INDEXED");
    assert_eq!(refused.fields(), ["filter"]);
    assert!(refused.text.contains("address.city"), "{}", refused.text);
}

async fn a_registration_that_is_sent_again_gets_the_same_answer(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let path = "/v1/users?requestId=0f8fad5b-d9cb-469f-a165-70867728950e";
    let user = examples::artisan("a@example.com");
    let first = caller.post(path, &user).await;
    let again = caller.post(path, &user).await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.text);
    assert_eq!(first.text, again.text);
    let other = caller.post(path, &examples::artisan("b@example.com")).await;
    other.assert_problem(400, "REQUEST_ID_REUSED");
    assert_eq!(other.fields(), ["request_id"]);
}

async fn an_imported_user_signs_in(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let admin = admin(&platform).await;
    let mut user = examples::artisan("old@example.com");
    user.as_object_mut().expect("a user").remove("password");
    // Of `Senha-Forte-1`, by werkzeug.
    let hash = "pbkdf2:sha256:1000$saltSALT$\
        e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833";
    let requests = json!({"requests": [
        {"user": user, "passwordHash": hash},
        {"user": user, "passwordHash": "md5$x"},
    ]});
    let imported = admin.post("/v1/users:batchCreate", &requests).await;
    assert_eq!(imported.status, 200, "{}", imported.text);
    assert_eq!(imported.text_at("/results/0/user/email"), "old@example.com");
    assert_eq!(imported.json["results"][1]["error"]["code"], 3, "{}", imported.text);
    let old = Caller::anonymous(&platform.http).sign_in("old@example.com", "Senha-Forte-1").await;
    assert_eq!(old.get("/v1/users/me").await.text_at("/email"), "old@example.com");
    old.post("/v1/users:batchCreate", &requests).await.assert_problem(403, "PERMISSION_DENIED");
}

async fn a_user_takes_everything_along_and_leaves_nothing(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let user = examples::artisan("a@example.com");
    caller.post("/v1/users", &user).await;
    let me = caller.sign_in("a@example.com", PASSWORD).await;
    let held = me.get("/v1/users/me:exportData").await;
    assert_eq!(held.status, 200, "{}", held.text);
    assert_eq!(held.text_at("/user/email"), "a@example.com");
    assert_eq!(held.text_at("/events/1/type"), "user.created");
    assert_eq!(held.json["sessions"].as_array().map(Vec::len), Some(1));
    assert!(!held.text.contains("argon2"), "{}", held.text);
    let erased = me.post("/v1/users/me:erase", &json!({})).await;
    assert_eq!(erased.status, 200, "{}", erased.text);
    me.get("/v1/users/me").await.assert_problem(401, "SESSION_ENDED");
    assert_eq!(caller.post("/v1/users", &user).await.status, 201);
}

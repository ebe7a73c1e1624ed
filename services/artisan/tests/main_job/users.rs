//! What people do with their accounts, over HTTP, on every engine.

use artisan_testkit::TestDatabase;
use serde_json::json;

use crate::client::Caller;
use crate::examples::{self, PASSWORD};
use crate::platform::Platform;

artisan_testkit::on_every_engine! {
    unicode_is_kept_to_the_byte,
    change_with_the_current_etag_succeeds_and_a_stale_one_is_refused,
    admin_pages_through_all_users,
    deleted_user_cannot_sign_in,
    refresh_token_serves_once,
    token_that_has_ended_is_said_to_be_inactive,
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

async fn unicode_is_kept_to_the_byte(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    // Composed and decomposed letters, an astral character, a zero-width joiner, trailing space.
    let name = "Joa\u{303}o João 🧵👩‍🎨 ß İ ";
    let mut user = examples::artisan("oficina@example.com");
    user["artisan"]["storeName"] = json!(name);
    let created = caller.post("/v1/users", &user).await;
    assert_eq!(created.text_at("/artisan/storeName"), name);
    assert_eq!(created.text_at("/address/country"), "Brasil");
    let me = caller.sign_in("oficina@example.com", PASSWORD).await;
    assert_eq!(me.get("/v1/users/me").await.text_at("/artisan/storeName"), name);
}

async fn change_with_the_current_etag_succeeds_and_a_stale_one_is_refused(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let created = caller.post("/v1/users", &examples::artisan("ana@example.com")).await;
    let me = caller.sign_in("ana@example.com", PASSWORD).await;

    let etag = created.header("etag").to_owned();
    let change = json!({"artisan": {"bio": "New"}});
    let changed = me.patch("/v1/users/me", &etag, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(changed.text_at("/artisan/bio"), "New");
    assert_eq!(changed.text_at("/artisan/storeName"), "Artisan's Workshop", "the mask is the keys");
    assert_ne!(changed.header("etag"), etag);

    let stale = me.patch("/v1/users/me", &etag, &json!({"artisan": {"bio": "Lost"}})).await;
    stale.assert_problem(412, "ETAG_MISMATCH");
    let now = me.get("/v1/users/me").await;
    assert_eq!(now.text_at("/artisan/bio"), "New", "nothing was written");
    let unchanged =
        me.send("GET", "/v1/users/me", &[("if-none-match", now.header("etag"))], "").await;
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
}

async fn admin_pages_through_all_users(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let mut expected = vec![ADMIN[0].1.to_owned()];
    for number in 0..5 {
        let email = format!("user{number}@example.com");
        let created = caller.post("/v1/users", &examples::buyer(&email)).await;
        assert_eq!(created.status, 201, "{}", created.text);
        expected.push(email);
    }
    let admin = admin(&platform).await;
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/v1/users?pageSize=2&pageToken={token}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let users = page.json["users"].as_array().expect("users");
        assert!(users.len() <= 2);
        seen.extend(users.iter().map(|user| user["email"].as_str().expect("email").to_owned()));
        match page.json.get("nextPageToken") {
            Some(next) => next.as_str().expect("a token").clone_into(&mut token),
            None => break,
        }
    }
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
    let forged = admin.get("/v1/users?pageToken=nonsense").await;
    forged.assert_problem(400, "PAGE_TOKEN_INVALID");
}

async fn deleted_user_cannot_sign_in(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    caller.post("/v1/users", &examples::buyer("bye@example.com")).await;
    let me = caller.sign_in("bye@example.com", PASSWORD).await;
    let deleted = me.send("DELETE", "/v1/users/me", &[], "").await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    assert!(deleted.json.get("purgeTime").is_some());
    me.get("/v1/users/me").await.assert_problem(401, "SESSION_ENDED");
    let credentials = json!({"email": "bye@example.com", "password": PASSWORD});
    caller.post("/v1/sessions", &credentials).await.assert_problem(401, "CREDENTIALS_WRONG");
    let again = caller.post("/v1/users", &examples::buyer("bye@example.com")).await;
    again.assert_problem(409, "EMAIL_TAKEN");
}

async fn refresh_token_serves_once(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    caller.post("/v1/users", &examples::buyer("r@example.com")).await;
    let credentials = json!({"email": "r@example.com", "password": PASSWORD});
    let first = caller.post("/v1/sessions", &credentials).await;
    let old = json!({"refreshToken": first.text_at("/tokens/refreshToken")});
    let second = caller.post("/v1/sessions:refresh", &old).await;
    assert_eq!(second.status, 200, "{}", second.text);
    let me = caller.with_token(second.text_at("/accessToken"));
    assert_eq!(me.get("/v1/users/me").await.status, 200);

    // The answer may have been lost: the same is given again.
    let again = caller.post("/v1/sessions:refresh", &old).await;
    assert_eq!(again.text_at("/refreshToken"), second.text_at("/refreshToken"));

    // It was not: what came of it has been used.
    let new = json!({"refreshToken": second.text_at("/refreshToken")});
    let third = caller.post("/v1/sessions:refresh", &new).await;
    assert_eq!(third.status, 200, "{}", third.text);
    caller.post("/v1/sessions:refresh", &old).await.assert_problem(401, "REFRESH_TOKEN_REUSED");
    me.get("/v1/users/me").await.assert_problem(401, "SESSION_ENDED");
    let newest = json!({"refreshToken": third.text_at("/refreshToken")});
    assert_eq!(caller.post("/v1/sessions:refresh", &newest).await.status, 401);
}

async fn token_that_has_ended_is_said_to_be_inactive(database: TestDatabase) {
    let (platform, _folder) = start(&database).await;
    let caller = Caller::anonymous(&platform.http);
    let name = caller.post("/v1/users", &examples::buyer("i@example.com")).await;
    let credentials = json!({"email": "i@example.com", "password": PASSWORD});
    let tokens = caller.post("/v1/sessions", &credentials).await;
    let token = json!({"token": tokens.text_at("/tokens/accessToken")});
    let admin = admin(&platform).await;
    let active = admin.post("/v1/sessions:introspect", &token).await;
    assert_eq!(active.json["active"], true, "{}", active.text);
    assert_eq!(active.text_at("/user"), name.text_at("/name"));
    let session = format!("/v1/{}", tokens.text_at("/tokens/session/name"));
    assert_eq!(admin.send("DELETE", &session, &[], "").await.status, 200);
    for token in [&token, &json!({"token": "nonsense"})] {
        let ended = admin.post("/v1/sessions:introspect", token).await;
        assert_eq!((ended.status, ended.text.as_str()), (200, r#"{"active":false}"#));
    }
    caller.post("/v1/sessions:introspect", &token).await.assert_problem(401, "CREDENTIALS_MISSING");
}

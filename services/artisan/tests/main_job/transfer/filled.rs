//! A platform on which much has happened.

use std::path::Path;

use serde_json::{Value, json};

use super::serve;
use crate::client::Caller;
use crate::examples::{PASSWORD, artisan, buyer};
use crate::watch::next;

/// What somebody has in hand who used the platform before it moved.
pub(super) struct Before {
    pub(super) admin_token: String,
    pub(super) refresh_token: String,
    /// Where the stream of changes goes on, and what comes next there.
    pub(super) resume_token: String,
    pub(super) next_email: &'static str,
}

/// Starts the platform on a database, uses every part of it, and stops it.
pub(super) async fn fill(folder: &Path, url: &str) -> Before {
    let (platform, admin) = serve(folder, url).await;
    let anyone = Caller::anonymous(&platform.http);
    let mut changes = admin.open("/v1/users:watch", &[]).await;

    // Made under a request id, which is remembered.
    let once = [
        ("content-type", "application/json"),
        ("idempotency-key", "\"9f1c2a52-6d0c-4a3e-9f6e-2f1f0a9b8c7d\""),
    ];
    let ana = artisan("Ana@example.com").to_string();
    let ana = anyone.send("POST", "/v1/users", &once, &ana).await;
    assert_eq!(ana.status, 201, "{}", ana.text);
    let seen: Value = serde_json::from_str(&next(&mut changes).await).expect("JSON");
    let resume_token = seen["resumeToken"].as_str().expect("a token").to_owned();
    drop(changes);

    let bia = anyone.post("/v1/users", &buyer("bia@example.com")).await;
    for (email, profile) in [
        (
            "long@example.com",
            json!({"artisan": {"storeName": "🏺".repeat(255), "bio": "木".repeat(1000)}}),
        ),
        ("bare@example.com", json!({"buyer": {"fullName": "O'Neil \"\\ é e\u{301}"}})),
        ("deleted@example.com", json!({"buyer": {"fullName": "Deleted"}})),
        ("locked@example.com", json!({"buyer": {"fullName": "Locked"}})),
        ("erased@example.com", json!({"buyer": {"fullName": "Erased"}})),
    ] {
        let mut user = profile;
        user["email"] = json!(email);
        user["password"] = json!(PASSWORD);
        let made = anyone.post("/v1/users", &user).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/v1/{}", made.text_at("/name"));
        let answer = match email {
            "deleted@example.com" => admin.send("DELETE", &path, &[], "").await,
            "locked@example.com" => admin.post(&format!("{path}:deactivate"), &json!({})).await,
            "erased@example.com" => admin.post(&format!("{path}:erase"), &json!({})).await,
            _ => continue,
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let roles = json!({"roles": ["ADMIN"]});
    let path = format!("/v1/{}:setRoles", bia.text_at("/name"));
    assert_eq!(admin.post(&path, &roles).await.status, 200);
    let refresh_token = use_sessions(&anyone).await;
    assert!(platform.stop().await.success());
    let admin_token = admin.token().expect("signed in");
    Before { admin_token, refresh_token, resume_token, next_email: "bia@example.com" }
}

/// Signs in, well and badly, rotates a refresh token, and asks for mails; the newest refresh token.
async fn use_sessions(anyone: &Caller) -> String {
    let right = json!({"email": "ana@example.com", "password": PASSWORD});
    let wrong = json!({"email": "ana@example.com", "password": "Senha-errada-1"});
    anyone.post("/v1/sessions", &wrong).await.assert_problem(401, "CREDENTIALS_WRONG");
    let session = anyone.post("/v1/sessions", &right).await;
    let first = json!({"refreshToken": session.text_at("/tokens/refreshToken")});
    let rotated = anyone.post("/v1/sessions:refresh", &first).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text);
    let ana = anyone.with_token(rotated.text_at("/accessToken"));
    let changed = ana.patch("/v1/users/me", "", &json!({"email": "ana@nova.example"})).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let reset = json!({"email": "bia@example.com"});
    let asked = anyone.post("/v1/users:requestPasswordReset", &reset).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    rotated.text_at("/refreshToken").to_owned()
}

//! From SQLite to each engine and back, and on there.

use artisan_testkit::{Engine, TestDatabase};
use serde_json::{Value, json};

use super::filled::fill;
use super::{migrate, migrated, report, rows, run, serve, total};
use crate::client::Caller;
use crate::examples::PASSWORD;
use crate::watch::next;

artisan_testkit::on_every_engine! {
    a_platform_moves_from_sqlite_and_goes_on,
    a_platform_moves_to_sqlite,
}

const FILE: &str = "sqlite://data/artisan.db";

async fn a_platform_moves_from_sqlite_and_goes_on(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let before = fill(folder, FILE).await;
    let exported = report(folder, FILE, &["export", "a.jsonl"]).await;
    assert_eq!((&exported["command"], &exported["engine"]), (&json!("export"), &json!("sqlite")));
    assert_eq!(exported["database"], json!({"engine": "sqlite", "path": "data/artisan.db"}));
    assert!(
        exported["tables"].as_array().is_some_and(|t| t.iter().all(|t| t["rows"] != 0)),
        "{exported}"
    );
    migrate(&database).await;
    let imported = report(folder, database.url(), &["import", "a.jsonl"]).await;
    assert_eq!(imported["verified"], true, "{imported}");
    assert_eq!(imported["file"]["engine"], "sqlite", "{imported}");
    let place = imported["database"]["path"].as_str().expect("a place");
    assert!(database.url().ends_with(place), "{imported}");
    assert_eq!(json!(total(&imported, "written")), exported["rows"]);
    report(folder, database.url(), &["export", "b.jsonl"]).await;
    assert_eq!(rows(folder, "b.jsonl"), rows(folder, "a.jsonl"));

    let (platform, _) = serve(folder, database.url()).await;
    let anyone = Caller::anonymous(&platform.http);
    let ana = anyone.sign_in("ana@example.com", PASSWORD).await.get("/v1/users/me").await;
    assert_eq!(ana.text_at("/artisan/storeName"), "Artisan's Workshop");
    let refreshed =
        anyone.post("/v1/sessions:refresh", &json!({"refreshToken": before.refresh_token})).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let deleted = json!({"email": "deleted@example.com", "password": PASSWORD});
    anyone.post("/v1/sessions", &deleted).await.assert_problem(401, "CREDENTIALS_WRONG");
    let admin = anyone.with_token(&before.admin_token);
    let events = [("accept", "text/event-stream"), ("last-event-id", before.resume_token.as_str())];
    let mut changes = admin.open("/v1/users:watch", &events).await;
    let begin = format!("id: {}\n\n", before.resume_token);
    assert_eq!(next(&mut changes).await, begin);
    let event = next(&mut changes).await;
    let data = event.split_once("data: ").expect("data").1;
    let seen: Value = serde_json::from_str(data.trim_end()).expect("JSON");
    assert_eq!(seen["user"]["email"], before.next_email, "{seen}");
    drop(changes);
    assert!(platform.stop().await.success());
}

async fn a_platform_moves_to_sqlite(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fill(folder, database.url()).await;
    report(folder, database.url(), &["export", "a.jsonl"]).await;
    let there = migrated(Engine::Sqlite).await;
    let ended = run(folder, there.url(), &["import", "a.jsonl", "--report", "r.json"]).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("were read back, and are those of the file"), "{}", ended.stdout);
    assert!(ended.stdout.contains("\ndatabase   sqlite /"), "{}", ended.stdout);
    let kept = std::fs::read_to_string(folder.join("r.json")).expect("a report");
    assert_eq!(serde_json::from_str::<Value>(&kept).expect("JSON")["verified"], true);
    report(folder, there.url(), &["export", "b.jsonl"]).await;
    assert_eq!(rows(folder, "b.jsonl"), rows(folder, "a.jsonl"));
    let (platform, admin) = serve(folder, there.url()).await;
    let users = admin.get("/v1/users?showDeleted=true").await;
    assert_eq!(users.json["users"].as_array().map(Vec::len), Some(7), "{}", users.text);
    assert!(platform.stop().await.success());
}

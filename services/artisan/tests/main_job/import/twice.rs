//! Imports that are cut off, repeated, or run beside another.

use artisan_testkit::{Engine, TestDatabase};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::Target;
use crate::client::Caller;
use crate::platform::spawn_command;
use crate::predecessor::{self, Rows, id};

artisan_testkit::on_every_engine! {
    a_killed_import_of_5000_users_goes_on,
    two_imports_at_once_write_everybody_once,
    what_differs_from_the_source_is_told,
}

fn many(engine: Engine, count: u32) -> Rows {
    let rows = Rows::on(engine).address("a", "Rua Chile", "40020-000", "Brasil").sql("BEGIN");
    let rows = (1..=count).fold(rows, |rows, number| {
        let (id, email) = (id(number), format!("user{number}@example.com"));
        let password = format!("Senha-{number}");
        let address = (number % 3 == 0).then_some("a");
        let rows = rows.user(&id, &email, &format!("{password}-Xy"), address);
        if number % 2 == 0 {
            rows.buyer(&id, &format!("Comprador {number}"))
        } else {
            rows.artisan(&id, &format!("Ateliê {number}"), None, "active")
        }
    });
    rows.sql("COMMIT")
}

async fn a_killed_import_of_5000_users_goes_on(database: TestDatabase) {
    const COUNT: u32 = 5000;
    let engine = database.engine();
    let source = predecessor::with(engine, many(engine, COUNT)).await;
    let target = Target::at(database.url());
    let variables = [("DATABASE_URL", database.url()), ("IMPORT_FROM_URL", source.url())];
    let mut child = spawn_command(target.path(), &variables, &["import"]);
    let mut told = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    while let Some(line) = told.next_line().await.expect("text") {
        if line.contains("of 5000 users are here") {
            break;
        }
    }
    child.kill().await.expect("it ends");
    let all = ["--output", "json", "--verify-passwords", "50", "--report", "r.json"];
    let ended = target.import(&source, &all).await;
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    let report: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let (here, imported) = (count(&report, "/planned/here"), count(&report, "/imported"));
    assert!(here > 0 && imported > 0, "{report}");
    assert_eq!(here + imported, u64::from(COUNT), "{report}");
    assert_eq!(report["verified"]["users"], COUNT, "{report}");
    assert_eq!(report["verified"]["passwords"], 50, "{report}");
    assert_eq!(report["verified"]["counts_agree"], true, "{report}");
    let kept = std::fs::read_to_string(target.path().join("r.json")).expect("a report");
    assert_eq!(serde_json::from_str::<Value>(&kept).expect("JSON"), report);
    assert!(!format!("{kept}{}", ended.stderr).contains("Senha-"), "{}", ended.stderr);
}

fn count(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).expect("a number")
}

async fn two_imports_at_once_write_everybody_once(database: TestDatabase) {
    const COUNT: u32 = 600;
    let source = predecessor::with(Engine::Sqlite, many(Engine::Sqlite, COUNT)).await;
    let target = Target::at(database.url());
    // Migrated beforehand: both would do it, one after the other.
    let (platform, _) = target.serve().await;
    platform.stop().await;
    let (one, two) = tokio::join!(target.report(&source, 0, &[]), target.report(&source, 0, &[]));
    let imported = count(&one, "/imported") + count(&two, "/imported");
    assert_eq!(imported, u64::from(COUNT), "{one} {two}");
    let (_platform, admin) = target.serve().await;
    for number in [1, 300, 600] {
        let events = admin.get(&format!("/v1/users/{}/events", id(number))).await.json;
        assert_eq!(events["userEvents"].as_array().map(Vec::len), Some(1), "{events}");
    }
}

/// Changed behind the platform's back, which counts each change of its own.
async fn what_differs_from_the_source_is_told(database: TestDatabase) {
    let source = predecessor::with(Engine::Sqlite, many(Engine::Sqlite, 3)).await;
    let target = Target::at(database.url());
    target.report(&source, 0, &[]).await;
    database.execute("UPDATE buyers SET full_name = 'Outra pessoa'").await;
    database.execute("UPDATE artisans SET phone = '1' WHERE store_name = 'Ateliê 1'").await;
    let hash =
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let spoilt = format!("UPDATE credentials SET password_hash = '{hash}'");
    database.execute(&spoilt).await;
    let report = target.report(&source, 9, &[]).await;
    let of = |number: u32, field: &str| json!({"user": id(number), "field": field});
    let expected = [
        of(1, "profile"),
        of(2, "profile"),
        of(1, "password"),
        of(2, "password"),
        of(3, "password"),
    ];
    assert_eq!(report["verified"]["differences"], json!(expected), "{report}");
    let unchecked = ["--verify-passwords", "0"];
    let ended = target.import(&source, &unchecked).await;
    assert!(ended.stdout.contains("differs    user"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("password\n"), "{}", ended.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_or_erased_here_since_stays_so() {
    let rows = many(Engine::Sqlite, 3);
    let source = predecessor::with(Engine::Sqlite, rows).await;
    let target = Target::file();
    target.report(&source, 0, &[]).await;
    let (platform, admin) = target.serve().await;
    let caller = Caller::anonymous(&platform.http);
    let one = caller.sign_in("user1@example.com", "Senha-1-Xy").await;
    let change = json!({"artisan": {"storeName": "Outro nome"}});
    let changed = one.patch("/v1/users/me?updateMask=artisan.storeName", "", &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let new = json!({"currentPassword": "Senha-1-Xy", "newPassword": "Nova-Senha-1"});
    let replaced = one.post("/v1/users/me:changePassword", &new).await;
    assert_eq!(replaced.status, 200, "{}", replaced.text);
    let erased = admin.post(&format!("/v1/users/{}:erase", id(2)), &json!({})).await;
    assert_eq!(erased.status, 200, "{}", erased.text);
    platform.stop().await;
    let report = target.report(&source, 0, &[]).await;
    assert_eq!(report["imported"], 0, "{report}");
    assert_eq!(report["planned"]["gone"], 1, "{report}");
    assert_eq!(report["verified"]["changed_since"], 1, "{report}");
    assert_eq!(report["verified"]["passwords_changed"], 1, "{report}");
    let (platform, _) = target.serve().await;
    let caller = Caller::anonymous(&platform.http);
    let one = caller.sign_in("user1@example.com", "Nova-Senha-1").await.get("/v1/users/me").await;
    assert_eq!(one.text_at("/artisan/storeName"), "Outro nome");
}

//! What somebody decided is done, and nothing before.

use artisan_testkit::{Engine, TestDatabase};
use serde_json::{Value, json};

use super::{Target, findings};
use crate::client::Caller;
use crate::predecessor::{self, Rows, id};

artisan_testkit::on_every_engine! {
    addresses_that_differ_in_case_wait_for_a_decision,
    an_address_that_is_taken_here_waits_for_a_decision,
}

const PASSWORD: &str = "ValidPassword123!";

/// Lets a table hold addresses that differ in case only, as those of other engines do.
fn by_bytes(engine: Engine, rows: Rows) -> Rows {
    match engine {
        Engine::MySql | Engine::MariaDb => rows.sql(
            "ALTER TABLE users MODIFY email VARCHAR(120) CHARACTER SET utf8mb4 \
             COLLATE utf8mb4_bin NOT NULL",
        ),
        Engine::Sqlite | Engine::Postgres => rows,
    }
}

async fn addresses_that_differ_in_case_wait_for_a_decision(database: TestDatabase) {
    let engine = database.engine();
    let rows = by_bytes(engine, Rows::on(engine))
        .user(&id(1), "Ana@example.com", PASSWORD, None)
        .buyer(&id(1), "Ana")
        .user(&id(2), "ana@example.com", "Outra-Senha-2", None)
        .buyer(&id(2), "Ana again")
        .user(&id(3), "ANA@example.com", "Terceira-Senha-3", None)
        .buyer(&id(3), "And again");
    let source = predecessor::with(engine, rows).await;
    let target = Target::file();
    let report = target.report(&source, 9, &["--decisions", "d.json"]).await;
    let (one, two, three) = (id(1), id(2), id(3));
    let found = format!("users.email is, but for case, the address of {two}, {three} as well");
    assert!(findings(&report).contains(&found), "{report}");
    assert_eq!(report["undecided"], 3, "{report}");
    let file = target.path().join("d.json");
    let text = std::fs::read_to_string(&file).expect("a template");
    let mut template: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(template["users"][&one]["email"], "Ana@example.com");
    assert!(!text.contains(PASSWORD), "{text}");
    // A template decides nothing.
    target.report(&source, 9, &["--decisions", "d.json"]).await;
    template["users"][&two]["decision"] = json!("skip");
    template["users"][&three]["decision"] = json!({"users.email": "ana.3@example.com"});
    std::fs::write(&file, template.to_string()).expect("a file");
    let report = target.report(&source, 0, &["--decisions", "d.json"]).await;
    assert_eq!(report["imported"], 2, "{report}");
    assert_eq!(report["planned"]["skipped"], 1, "{report}");
    let (platform, admin) = target.serve().await;
    let caller = Caller::anonymous(&platform.http);
    caller.sign_in("ana@example.com", PASSWORD).await;
    caller.sign_in("ana.3@example.com", "Terceira-Senha-3").await;
    assert_eq!(admin.get(&format!("/v1/users/{two}")).await.status, 404);
}

async fn an_address_that_is_taken_here_waits_for_a_decision(target: TestDatabase) {
    let rows = Rows::on(Engine::Sqlite)
        .user(&id(1), "Root@Example.com", PASSWORD, None)
        .buyer(&id(1), "Somebody");
    let source = predecessor::with(Engine::Sqlite, rows).await;
    let target = Target::at(target.url());
    let (platform, _) = target.serve().await;
    platform.stop().await;
    for dry_run in [&[][..], &["--dry-run"]] {
        let report = target.report(&source, 9, dry_run).await;
        let found = ["users.email belongs to another account of the platform"];
        assert_eq!(findings(&report), found);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_decision_is_done() {
    let werkzeug = "pbkdf2:sha256:1000$saltSALT$\
        e4e7f68858348ed7298f6d2402d123e2428188ae553c38e028bfa006c67eb833";
    let rows = Rows::on(Engine::Sqlite)
        .user(&id(1), "hash@example.com", werkzeug, None)
        .buyer(&id(1), "Hash")
        .user(&id(2), "short@example.com", "curta", None)
        .buyer(&id(2), "Short")
        .user(&id(3), "lost@example.com", "", Some("nowhere"))
        .user(&id(4), "both@example.com", PASSWORD, None)
        .buyer(&id(4), "Both")
        .artisan(&id(4), "Both", None, "active")
        .user("no-uuid", "named@example.com", PASSWORD, None)
        .buyer("no-uuid", "Named");
    let source = predecessor::with(Engine::Sqlite, rows).await;
    let target = Target::file();
    assert_eq!(target.report(&source, 9, &[]).await["undecided"], 5);
    let decided = json!({"format": 1, "users": {
        id(1): {"decision": {"password": "hash"}},
        id(2): {"decision": {"password": "plain"}},
        id(3): {"decision": {"password": "none", "address": "none", "profile": "none"}},
        id(4): {"decision": {"profile": "buyer"}},
        "no-uuid": {"decision": {"users.user_id": id(5)}},
    }});
    std::fs::write(target.path().join("d.json"), decided.to_string()).expect("a file");
    let report = target.report(&source, 0, &["--decisions", "d.json"]).await;
    assert_eq!(report["verified"]["users"], 5, "{report}");
    assert_eq!(report["verified"]["passwords"], 5, "{report}");
    let (platform, admin) = target.serve().await;
    let caller = Caller::anonymous(&platform.http);
    caller.sign_in("hash@example.com", "Senha-Forte-1").await;
    caller.sign_in("short@example.com", "curta").await;
    let both = caller.sign_in("both@example.com", PASSWORD).await.get("/v1/users/me").await;
    assert_eq!(both.text_at("/buyer/fullName"), "Both");
    let named = admin.get(&format!("/v1/users/{}", id(5))).await;
    assert_eq!(named.text_at("/email"), "named@example.com");
    let lost = json!({"email": "lost@example.com", "password": "x"});
    caller.post("/v1/sessions", &lost).await.assert_problem(401, "CREDENTIALS_WRONG");
}

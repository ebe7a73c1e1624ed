//! Rows as the predecessor left them.

use artisan_testkit::{Engine, TestDatabase};
use serde_json::json;

use super::{Target, findings};
use crate::client::Caller;
use crate::predecessor::{self, REGISTERED, Rows, id};

artisan_testkit::on_every_engine! {
    users_are_imported_with_their_ids_times_and_passwords,
    users_are_imported_into_every_engine,
    a_shared_address_becomes_one_for_each,
    what_is_to_be_decided_is_told_by_row_and_column,
}

const PASSWORD: &str = "ValidPassword123!";
const BIO: &str = "Cerâmica à mão 🏺\r\ndesde 1987  ";

fn two_users(engine: Engine) -> Rows {
    Rows::on(engine)
        .address("a", "Rua Chile", "40020-000", "Brasil")
        .user(&id(1), "Maria@Example.com", PASSWORD, Some("a"))
        .artisan(&id(1), "Ateliê da Maria ", Some(BIO), "suspended")
        .user_of(&id(2), "joao@example.com", "Çã1!ÇãAa", Some(REGISTERED), "pending", None)
        .buyer(&id(2), "João O'Neil 木")
}

async fn users_are_imported_with_their_ids_times_and_passwords(database: TestDatabase) {
    let source = predecessor::with(database.engine(), two_users(database.engine())).await;
    let target = Target::file();
    let report = target.report(&source, 0, &[]).await;
    assert_eq!(report["imported"], 2, "{report}");
    assert_eq!(report["verified"]["users"], 2, "{report}");
    assert_eq!(report["verified"]["passwords"], 2, "{report}");
    let (platform, admin) = target.serve().await;
    let maria = Caller::anonymous(&platform.http).sign_in("maria@example.com", PASSWORD).await;
    let user = maria.get("/v1/users/me").await.json;
    assert_eq!(user["uid"], id(1), "{user}");
    assert_eq!(user["email"], "Maria@Example.com");
    assert_eq!(user["createTime"], "2025-06-12T15:17:19Z");
    assert_eq!(user["artisan"]["storeName"], "Ateliê da Maria ");
    assert_eq!(user["artisan"]["bio"], BIO);
    assert_eq!(user["artisan"]["state"], "SUSPENDED");
    assert_eq!(user["address"]["zipCode"], "40020-000");
    assert!(user["emailVerified"] != true, "{user}");
    let joao = admin.get(&format!("/v1/users/{}", id(2))).await.json;
    assert_eq!(joao["state"], "PENDING", "{joao}");
    assert_eq!(joao["buyer"]["fullName"], "João O'Neil 木");
    assert!(joao["address"].is_null(), "{joao}");
}

async fn users_are_imported_into_every_engine(target: TestDatabase) {
    let source = predecessor::with(Engine::Sqlite, two_users(Engine::Sqlite)).await;
    let target = Target::at(target.url());
    let report = target.report(&source, 0, &[]).await;
    assert_eq!(report["verified"]["passwords"], 2, "{report}");
    assert_eq!(report["verified"]["differences"], json!([]), "{report}");
    let (platform, _) = target.serve().await;
    let maria = Caller::anonymous(&platform.http).sign_in("maria@example.com", PASSWORD).await;
    let events = maria.get("/v1/users/me/events").await.json;
    let created = &events["userEvents"][1];
    assert_eq!(created["type"], "user.created", "{events}");
    assert_eq!(created["requestId"], "import", "{events}");
    // The event is of now, though the user is older.
    assert!(created["createTime"].as_str() > Some("2026"), "{events}");
}

async fn a_shared_address_becomes_one_for_each(database: TestDatabase) {
    let rows = two_users(database.engine())
        .address("b", "Rua Sem Dono", "40020-000", "Brasil")
        .user(&id(3), "ana@example.com", PASSWORD, Some("a"))
        .buyer(&id(3), "Ana");
    let source = predecessor::with(database.engine(), rows).await;
    let target = Target::file();
    let report = target.report(&source, 0, &[]).await;
    assert_eq!(report["source"]["addresses_shared"], 1, "{report}");
    assert_eq!(report["source"]["users_sharing"], 2, "{report}");
    assert_eq!(report["source"]["addresses_unused"], 1, "{report}");
    let (platform, admin) = target.serve().await;
    let ana = Caller::anonymous(&platform.http).sign_in("ana@example.com", PASSWORD).await;
    let moved = json!({"address": {"street": "Rua Nova"}});
    let moved = ana.patch("/v1/users/me?updateMask=address.street", "", &moved).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    let maria = admin.get(&format!("/v1/users/{}", id(1))).await;
    assert_eq!(maria.text_at("/address/street"), "Rua Chile");
}

async fn what_is_to_be_decided_is_told_by_row_and_column(database: TestDatabase) {
    let engine = database.engine();
    let long = "x".repeat(1001);
    let rows = Rows::on(engine)
        .address("a", " ", "4002", "")
        .user_of(&id(1), "plainaddress", "short", None, "banned", Some("a"))
        .artisan(&id(1), "", Some(&long), "closed")
        .user(&id(2), "b@example.com ", PASSWORD, Some("nowhere"))
        .user("7", "c@example.com", "$2b$12$abcdefghijklmnopqrstuv", None)
        .buyer("7", "a\tb")
        .artisan("stray", "Nobody's", None, "active");
    let source = predecessor::with(engine, rows).await;
    let report = Target::file().report(&source, 9, &[]).await;
    assert_eq!(report["imported"], json!(null), "{report}");
    let mut found = findings(&report);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "addresses.country must be set",
            "addresses.street must not be blank",
            "artisans.artisan_id belongs to no user; it is left behind",
            "artisans.bio must not be longer than 1000 characters",
            "artisans.status must be active, pending or suspended",
            "artisans.store_name must be set",
            "buyers.full_name must not have control characters",
            "users.address_id names no address",
            "users.email must be an e-mail address",
            "users.email must be an e-mail address",
            "users.password looks like a hash, though passwords were stored as they are",
            "users.password must have at least 8 characters; must have a digit; \
             must have an upper-case letter; must have a character that is neither letter nor digit",
            "users.registration_date must be a time, such as 2025-06-12T15:17:19Z",
            "users.status must be active, inactive or pending",
            "users.user_id is neither an artisan nor a buyer",
            "users.user_id must be a UUID",
        ],
        "{report:#}"
    );
    assert_eq!(report["undecided"], 3, "{report}");
}

/// Rows that only these servers hold.
mod odd {
    use super::*;

    artisan_testkit::on_engine!(mysql, MySql, latin1_text_and_dates_of_zeros_are_read);
    artisan_testkit::on_engine!(mariadb, MariaDb, latin1_text_and_dates_of_zeros_are_read);

    async fn latin1_text_and_dates_of_zeros_are_read(database: TestDatabase) {
        let engine = database.engine();
        let zeros = Some("0000-00-00 00:00:00");
        let rows = Rows::on(engine)
            .user(&id(1), "conceição@example.com", "Conceição-1", None)
            .buyer(&id(1), "Conceição Araújo")
            .user_of(&id(2), "b@example.com", PASSWORD, zeros, "active", None)
            .buyer(&id(2), "B");
        let latin1 = "ALTER DATABASE CHARACTER SET latin1";
        let source = predecessor::with_charset(engine, latin1, rows).await;
        let target = Target::file();
        let decided = json!({"format": 1, "users": {id(2): {"decision":
            {"users.registration_date": "2025-06-01T00:00:00Z"}}}});
        let report = target.report(&source, 9, &[]).await;
        let asked = ["users.registration_date must be a time, such as 2025-06-12T15:17:19Z"];
        assert_eq!(findings(&report), asked);
        let file = target.path().join("decisions.json");
        std::fs::write(&file, decided.to_string()).expect("a file");
        target.report(&source, 0, &["--decisions", "decisions.json"]).await;
        let (platform, admin) = target.serve().await;
        let caller = Caller::anonymous(&platform.http);
        let user = caller.sign_in("conceição@example.com", "Conceição-1").await;
        let user = user.get("/v1/users/me").await;
        assert_eq!(user.text_at("/buyer/fullName"), "Conceição Araújo");
        let other = admin.get(&format!("/v1/users/{}", id(2))).await;
        assert_eq!(other.text_at("/createTime"), "2025-06-01T00:00:00Z");
    }
}

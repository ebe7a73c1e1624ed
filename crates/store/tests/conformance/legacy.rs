//! The predecessor's tables are read as they stood, and never written.

use std::time::Duration;

use artisan_store::{
    LegacyColumn, LegacyCounts, LegacyError, LegacySource, LegacyUser, StoreError,
};
use artisan_testkit::{Engine, TestDatabase};

artisan_testkit::on_every_engine! {
    pages_hold_everybody_once_and_nobody_who_came_later,
    what_belongs_to_nobody_is_counted,
    a_database_without_the_tables_is_an_unexpected_answer,
}

const TABLES: &str = "
CREATE TABLE addresses (address_id VARCHAR(36) PRIMARY KEY, street VARCHAR(255), number VARCHAR(20),
    complement VARCHAR(100), neighborhood VARCHAR(100), city VARCHAR(100), state VARCHAR(2),
    country VARCHAR(100), zip_code VARCHAR(10));
CREATE TABLE users (user_id VARCHAR(36) PRIMARY KEY, email VARCHAR(120), password VARCHAR(128),
    registration_date TIMESTAMP NULL, status VARCHAR(20), address_id VARCHAR(36));
CREATE TABLE artisans (artisan_id VARCHAR(36) PRIMARY KEY, store_name VARCHAR(255), bio TEXT,
    phone VARCHAR(20), status VARCHAR(20));
CREATE TABLE buyers (buyer_id VARCHAR(36) PRIMARY KEY, full_name VARCHAR(255), phone VARCHAR(20));
INSERT INTO addresses (address_id, street) VALUES ('a', 'Rua Chile'), ('b', 'Rua Sem Dono');
INSERT INTO users (user_id, email, address_id) VALUES ('', 'nobody', NULL), ('1', 'one', 'a'),
    ('2', 'two', 'a'), ('3', 'three', 'x');
INSERT INTO buyers (buyer_id, full_name) VALUES ('1', 'Um ');
INSERT INTO artisans (artisan_id, store_name) VALUES ('9', 'Sem dono');
";

async fn open(database: &TestDatabase) -> LegacySource {
    database.execute(TABLES).await;
    if database.engine() == Engine::Sqlite {
        // Else a reader keeps the test's own writer out.
        database.execute("PRAGMA journal_mode = WAL").await;
    }
    let source = LegacySource::open(database.url(), Duration::from_secs(20)).await;
    source.expect("an open source")
}

fn ids(users: &[LegacyUser]) -> Vec<&str> {
    users.iter().map(|user| user.text(LegacyColumn::UserId)).collect()
}

async fn pages_hold_everybody_once_and_nobody_who_came_later(database: TestDatabase) {
    let mut source = open(&database).await;
    let first = source.page(None, 3).await.expect("a page");
    assert_eq!(ids(&first), ["", "1", "2"]);
    let one = &first[1];
    assert_eq!(one.get(LegacyColumn::Street), Some("Rua Chile"));
    assert_eq!(one.get(LegacyColumn::FullName), Some("Um "));
    assert_eq!(one.get(LegacyColumn::StoreName), None);
    database.execute("INSERT INTO users (user_id, email) VALUES ('4', 'late')").await;
    database.execute("UPDATE users SET email = 'other' WHERE user_id = '3'").await;
    let second = source.page(Some("2"), 3).await.expect("a page");
    assert_eq!(ids(&second), ["3"]);
    assert_eq!(second[0].text(LegacyColumn::Email), "three");
    assert_eq!(second[0].get(LegacyColumn::AddressRow), None);
    assert_eq!(source.page(Some("3"), 3).await.expect("a page"), []);
}

async fn what_belongs_to_nobody_is_counted(database: TestDatabase) {
    let mut source = open(&database).await;
    let counts = LegacyCounts { users: 4, artisans: 1, buyers: 1, addresses: 2 };
    assert_eq!(source.counts().await.expect("counts"), counts);
    let strays = [(LegacyColumn::ArtisanId, "9".to_owned())];
    assert_eq!(source.strays().await.expect("an answer"), strays);
}

async fn a_database_without_the_tables_is_an_unexpected_answer(database: TestDatabase) {
    database.execute("CREATE TABLE users (id INTEGER)").await;
    let source = LegacySource::open(database.url(), Duration::from_secs(20)).await;
    let page = source.expect("an open source").page(None, 1).await;
    assert!(matches!(page, Err(StoreError::Internal(_))), "{page:?}");
    let nobody = LegacySource::open("mysql://u@127.0.0.1:1/d", Duration::from_secs(20)).await;
    let unavailable = matches!(nobody, Err(LegacyError::Store(StoreError::Unavailable(_))));
    assert!(unavailable, "{nobody:?}");
}

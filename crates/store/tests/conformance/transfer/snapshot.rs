//! Databases that are exported while others write, and those that cannot be.

use artisan_migrations::EXPAND_VERSIONS;
use artisan_store::StoreError;
use artisan_store::transfer::{DatabaseError, Source, export};
use artisan_testkit::{Engine, TestDatabase};
use sqlx::Connection as _;

use super::{MANY, NOW, TIMEOUT, file_of, fresh, imported, open};
use crate::fixture::migrate_with_sqlx;

artisan_testkit::on_every_engine! {
    an_export_shows_one_state_while_others_write,
    a_database_that_is_not_migrated_is_refused,
    a_database_of_a_newer_release_is_refused,
}

async fn an_export_shows_one_state_while_others_write(database: TestDatabase) {
    let file = file_of(MANY).await;
    let there = fresh(database.engine()).await;
    imported(&there, &file).await.expect("an import");
    let mut source = open(&there).await.expect("a source");
    there.execute("DELETE FROM user_events").await;
    there.execute("UPDATE users SET revision = 2").await;
    let mut bytes = Vec::new();
    export(&mut source, NOW, &mut bytes, &|_| ()).await.expect("an export");
    assert_eq!(super::rows(&bytes), super::rows(&file));
}

/// A transaction that began before a `TRUNCATE` sees an empty table afterwards, unless it holds a lock.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_not_emptied_while_postgres_is_exported() {
    let file = file_of(MANY).await;
    let there = fresh(Engine::Postgres).await;
    imported(&there, &file).await.expect("an import");
    let mut source = open(&there).await.expect("a source");
    let mut other = sqlx::PgConnection::connect(there.url()).await.expect("a server");
    let sql = "SET lock_timeout = '100ms'; TRUNCATE user_events";
    let refused = sqlx::raw_sql(sql).execute(&mut other).await.expect_err("a lock");
    let code = refused.as_database_error().and_then(sqlx::error::DatabaseError::code);
    // lock_not_available
    assert_eq!(code.as_deref(), Some("55P03"), "{refused}");
    let mut bytes = Vec::new();
    export(&mut source, NOW, &mut bytes, &|_| ()).await.expect("an export");
    assert_eq!(super::rows(&bytes), super::rows(&file));
    drop(source);
    sqlx::raw_sql("SET lock_timeout = 0; TRUNCATE user_events")
        .execute(&mut other)
        .await
        .expect("no lock");
}

async fn a_database_that_is_not_migrated_is_refused(database: TestDatabase) {
    database.execute("CREATE TABLE other (id INTEGER NOT NULL)").await;
    let opened = open(&database).await;
    let first = EXPAND_VERSIONS[0];
    assert!(
        matches!(opened, Err(DatabaseError::Behind { missing }) if missing == first),
        "{opened:?}"
    );
    let half = TestDatabase::create(database.engine()).await;
    migrate_with_sqlx(&half).await;
    let last = EXPAND_VERSIONS.last().expect("a version");
    half.execute(&format!("DELETE FROM _sqlx_migrations WHERE version = {last}")).await;
    let error = imported(&half, &file_of("").await).await.expect_err("it is behind").to_string();
    assert!(
        error.contains(&last.to_string()) && error.contains("migrate upgrade head --phase all"),
        "{error}"
    );
}

async fn a_database_of_a_newer_release_is_refused(database: TestDatabase) {
    let there = fresh(database.engine()).await;
    let last = EXPAND_VERSIONS.last().expect("a version");
    there
        .execute(&format!(
            "UPDATE _sqlx_migrations SET version = 20990101000000 WHERE version = {last}"
        ))
        .await;
    let known = &EXPAND_VERSIONS[..EXPAND_VERSIONS.len() - 1];
    let opened = Source::open(there.url(), known, TIMEOUT).await;
    let is_ahead = matches!(opened, Err(DatabaseError::Ahead { unknown: 20_990_101_000_000 }));
    assert!(is_ahead, "{opened:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_database_that_is_not_there_is_told_as_such() {
    let no_file = Source::open("sqlite://nowhere/accounts.db", EXPAND_VERSIONS, TIMEOUT).await;
    assert!(matches!(no_file, Err(DatabaseError::NoFile(_))), "{no_file:?}");
    let other = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(other.path(), "{\"format\": \"is another\"}\n").unwrap();
    let url = format!("sqlite://{}", other.path().display());
    let no_database = Source::open(&url, EXPAND_VERSIONS, TIMEOUT).await;
    assert!(matches!(no_database, Err(DatabaseError::NoDatabase(_))), "{no_database:?}");
    let memory = Source::open("sqlite::memory:", EXPAND_VERSIONS, TIMEOUT).await;
    assert!(matches!(memory, Err(DatabaseError::Url(_))), "{memory:?}");
    let nobody = Source::open("mysql://u@127.0.0.1:1/d", EXPAND_VERSIONS, TIMEOUT).await;
    let is_away = matches!(nobody, Err(DatabaseError::Store(StoreError::Unavailable(_))));
    assert!(is_away, "{nobody:?}");
    let postgres = TestDatabase::create(Engine::Postgres).await;
    let other = Source::open(&format!("{}_no", postgres.url()), EXPAND_VERSIONS, TIMEOUT).await;
    let is_refused = matches!(other, Err(DatabaseError::Store(StoreError::Refused(_))));
    assert!(is_refused, "{other:?}");
}

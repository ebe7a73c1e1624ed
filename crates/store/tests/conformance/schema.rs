use artisan_migrations::EXPAND_VERSIONS;
use artisan_store::StoreError;
use artisan_testkit::TestDatabase;

use crate::fixture::{NOW, empty, joao, migrate_with_sqlx, migrated, user_id};

artisan_testkit::on_every_engine! {
    a_database_that_answers_is_pinged,
    an_unmigrated_database_misses_everything,
    applied_versions_are_not_missing,
    a_half_applied_version_is_missing,
    a_squashed_version_is_not_missing,
    a_missing_table_is_internal,
}

async fn a_database_that_answers_is_pinged(database: TestDatabase) {
    let store = migrated(database).await;
    store.ping().await.expect("an answer");
}

async fn an_unmigrated_database_misses_everything(database: TestDatabase) {
    database.execute("CREATE TABLE other (id INTEGER NOT NULL)").await;
    let store = empty(database);
    assert_eq!(store.missing_versions(EXPAND_VERSIONS).await.expect("versions"), EXPAND_VERSIONS);
}

async fn applied_versions_are_not_missing(database: TestDatabase) {
    migrate_with_sqlx(&database).await;
    let store = empty(database);
    assert!(store.missing_versions(EXPAND_VERSIONS).await.expect("versions").is_empty());
    let future = [EXPAND_VERSIONS[0], 20_990_101_000_000];
    assert_eq!(store.missing_versions(&future).await.expect("versions"), [future[1]]);
}

async fn a_half_applied_version_is_missing(database: TestDatabase) {
    migrate_with_sqlx(&database).await;
    let version = EXPAND_VERSIONS[3];
    let sql = "UPDATE _sqlx_migrations SET success = FALSE WHERE version =";
    database.execute(&format!("{sql} {version}")).await;
    let store = empty(database);
    assert_eq!(store.missing_versions(EXPAND_VERSIONS).await.expect("versions"), [version]);
}

/// The rows of all but the newest went into that of a baseline, as `migrate upgrade` merges them.
async fn a_squashed_version_is_not_missing(database: TestDatabase) {
    migrate_with_sqlx(&database).await;
    let [squashed @ .., baseline] = EXPAND_VERSIONS else { panic!("there are no migrations") };
    database
        .execute(&format!(
            "DELETE FROM _sqlx_migrations WHERE version <> {baseline};
             CREATE TABLE _migrate_revisions (version BIGINT, phase VARCHAR(16), floor BIGINT)"
        ))
        .await;
    for version in squashed {
        let row = format!("({version}, 'squashed', {baseline})");
        database.execute(&format!("INSERT INTO _migrate_revisions VALUES {row}")).await;
    }
    let store = empty(database);
    assert!(store.missing_versions(EXPAND_VERSIONS).await.expect("versions").is_empty());
}

async fn a_missing_table_is_internal(database: TestDatabase) {
    database.execute("CREATE TABLE other (id INTEGER NOT NULL)").await;
    let store = empty(database);
    let read = store.find_user(user_id()).await;
    assert!(matches!(read, Err(StoreError::Internal(_))), "{read:?}");
    let written = store.create_user(&joao("joao@example.com")).await;
    let public = written.expect_err("there is no table").to_string();
    assert!(!public.contains("users"), "{public}");
    let revoked = store.revoke_sessions(user_id(), NOW).await;
    assert!(matches!(revoked, Err(StoreError::Internal(_))), "{revoked:?}");
}

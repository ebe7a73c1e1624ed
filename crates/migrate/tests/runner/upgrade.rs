use artisan_migrate::{Access, Error};
use artisan_testkit::{Engine, TestDatabase};

use super::database::{
    FILES, count, downgrade, options, rows, runner, tables, texts, upgrade, versions,
};

artisan_testkit::on_every_engine! {
    up_down_up_is_the_identity,
    second_upgrade_does_nothing,
    targets_are_obeyed,
    reading_writes_nothing,
    several_heads_need_a_choice,
    out_of_order_revision_is_refused,
    comments_alone_are_a_revision,
}

async fn up_down_up_is_the_identity(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let before = rows(&database).await;
    assert_eq!(before.len(), 6);
    let report = downgrade(&database, &FILES, "base", false).await.unwrap();
    assert_eq!(report.reverted.len(), 3);
    // sqlx's table and the runner's two are left, and they are empty.
    assert_eq!(tables(&database).await, 3);
    for table in ["_sqlx_migrations", "_migrate_journal", "_migrate_revisions"] {
        assert_eq!(count(&database, table).await, 0, "{table}");
    }
    upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(rows(&database).await, before);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

async fn second_upgrade_does_nothing(database: TestDatabase) {
    let first = artisan_migrate::upgrade_to_head(database.url(), FILES).await.unwrap();
    assert_eq!(first.applied.len(), 3);
    let second = artisan_migrate::upgrade_to_head(database.url(), FILES).await.unwrap();
    assert_eq!(second.applied, []);
}

async fn targets_are_obeyed(database: TestDatabase) {
    let report = upgrade(&database, &FILES, "+1").await.unwrap();
    assert_eq!(versions(&report), ["20260101000001"]);
    let report = upgrade(&database, &FILES, "add_age").await.unwrap();
    assert_eq!(versions(&report), ["20260101000002"]);
    let report = upgrade(&database, &FILES, "20260101000003").await.unwrap();
    assert_eq!(versions(&report), ["20260101000003"]);
    let report = downgrade(&database, &FILES, "-2", false).await.unwrap();
    let reverted: Vec<_> = report.reverted.iter().map(|moved| moved.name.as_str()).collect();
    assert_eq!(reverted, ["make_posts", "add_age"]);
    let error = downgrade(&database, &FILES, "make_posts", false).await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (2, "NOT_APPLIED"));
}

async fn reading_writes_nothing(database: TestDatabase) {
    let mut runner = runner(&database, &FILES, Access::Read, options()).await.unwrap();
    let current = runner.current().await.unwrap();
    assert_eq!((current.pending, current.current.len()), (3, 0));
    let history = runner.history_report(None).await.unwrap();
    assert_eq!(history.revisions.len(), 3);
    assert!(history.revisions.iter().all(|revision| !revision.applied));
    runner.verify_checksums().await.unwrap();
    assert!(runner.first_missing().await.unwrap().is_some());
    runner.close().await;
    if database.engine() == Engine::Sqlite {
        let path = database.url().strip_prefix("sqlite://").unwrap();
        assert!(!std::path::Path::new(path).exists());
    } else {
        assert_eq!(tables(&database).await, 0);
    }
}

async fn several_heads_need_a_choice(database: TestDatabase) {
    let mut files = FILES.to_vec();
    files.push((
        "20260101000004_fork.up.sql",
        "-- revises: 20260101000002\nCREATE TABLE fork (id INTEGER PRIMARY KEY);",
    ));
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "MULTIPLE_HEADS"));
    let report = upgrade(&database, &files, "fork").await.unwrap();
    assert_eq!(versions(&report), ["20260101000001", "20260101000002", "20260101000004"]);
    let report = upgrade(&database, &files, "heads").await.unwrap();
    assert_eq!(versions(&report), ["20260101000003"]);
    let mut runner = runner(&database, &files, Access::Read, options()).await.unwrap();
    assert_eq!(runner.current().await.unwrap().current.len(), 2);
    runner.close().await;
}

async fn out_of_order_revision_is_refused(database: TestDatabase) {
    let without: Vec<_> =
        FILES.iter().filter(|(name, _)| !name.contains("000002")).copied().collect();
    let renamed: Vec<_> = without
        .iter()
        .map(|(name, text)| (*name, text.split("INSERT INTO posts").next().unwrap_or(text)))
        .collect();
    upgrade(&database, &renamed, "head").await.unwrap();
    let mut merged = renamed.clone();
    merged.extend(FILES.iter().filter(|(name, _)| name.contains("000002")));
    let error = upgrade(&database, &merged, "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "MISSING_VERSION"));
    assert!(error.to_string().contains("20260101000002"), "{error}");
}

async fn comments_alone_are_a_revision(database: TestDatabase) {
    let files = [("1_nothing.sql", "-- nothing to do here\n")];
    let report = upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(versions(&report), ["1"]);
    assert_eq!(texts(&database, "SELECT description FROM _sqlx_migrations").await, ["nothing"]);
    let error = downgrade(&database, &files, "base", false).await.unwrap_err();
    assert!(matches!(error, Error::History(_)));
    assert_eq!(error.reason(), "IRREVERSIBLE");
}

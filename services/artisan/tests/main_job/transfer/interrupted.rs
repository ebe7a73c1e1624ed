//! Exports and imports that are killed, and imports beside another.

use std::path::Path;

use artisan_testkit::{Engine, TestDatabase};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{migrate, migrated, report, rows, run, total};
use crate::platform::spawn_command;

artisan_testkit::on_every_engine! {
    a_killed_import_goes_on,
    two_imports_at_once_write_each_row_once,
}

const USERS: u64 = 20_000;

/// A file of so many users and as many events.
async fn file(folder: &Path) -> TestDatabase {
    let database = migrated(Engine::Sqlite).await;
    let users = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {USERS})
         INSERT INTO users SELECT CAST(printf('%016d', i) AS BLOB), 'u' || i, 'u' || i, 0, 'ACTIVE',
         1, i, i, NULL, NULL FROM n"
    );
    database.execute(&users).await;
    let events = "INSERT INTO user_events SELECT id, id, 'user.created', NULL, '', '{}', create_time, \
                  create_time FROM users";
    database.execute(events).await;
    report(folder, database.url(), &["export", "a.jsonl"]).await;
    database
}

/// Starts a command and kills it once it has told that.
async fn kill_after(folder: &Path, url: &str, arguments: &[&str], told: &str) {
    let mut child = spawn_command(folder, &[("DATABASE_URL", url)], arguments);
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("text") {
        if line.contains(told) {
            child.kill().await.expect("it ends");
            return;
        }
    }
    panic!("it has never told {told}");
}

async fn a_killed_import_goes_on(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    file(folder).await;
    migrate(&database).await;
    kill_after(folder, database.url(), &["import", "a.jsonl"], "rows are here").await;
    let imported = report(folder, database.url(), &["import", "a.jsonl"]).await;
    assert_eq!(imported["verified"], true, "{imported}");
    let (here, written) = (total(&imported, "here"), total(&imported, "written"));
    assert!(here > 0 && written > 0, "{imported}");
    assert_eq!(here + written, 2 * USERS, "{imported}");
    report(folder, database.url(), &["export", "b.jsonl"]).await;
    assert_eq!(rows(folder, "b.jsonl"), rows(folder, "a.jsonl"));
}

async fn two_imports_at_once_write_each_row_once(database: TestDatabase) {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    file(folder).await;
    migrate(&database).await;
    let import = || report(folder, database.url(), &["import", "a.jsonl"]);
    let (one, two) = tokio::join!(import(), import());
    assert_eq!((&one["verified"], &two["verified"]), (&true.into(), &true.into()), "{one} {two}");
    assert_eq!(total(&one, "written") + total(&two, "written"), 2 * USERS, "{one} {two}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_export_leaves_no_file_of_that_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let database = file(folder).await;
    kill_after(folder, database.url(), &["export", "b.jsonl"], "rows are exported").await;
    assert!(!folder.join("b.jsonl").exists());
    let left = std::fs::read_dir(folder).expect("a folder").flatten();
    let left = left.filter(|file| file.file_name().to_string_lossy().ends_with(".partial"));
    let left: Vec<_> = left.map(|file| file.path()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let there = migrated(Engine::Sqlite).await;
    let name = left[0].to_str().expect("text");
    let ended = run(folder, there.url(), &["import", name]).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("it was cut off"), "{}", ended.stderr);
    report(folder, database.url(), &["export", "b.jsonl"]).await;
    assert_eq!(rows(folder, "b.jsonl"), rows(folder, "a.jsonl"));
}

use artisan_migrate::Error;
use artisan_testkit::TestDatabase;

use super::database::{FILES, Files, upgrade};

artisan_testkit::on_every_engine! {
    edited_file_is_told_apart_from_a_reformatted_one,
    newer_revisions_do_not_stop_an_older_program,
    unknown_revision_stops_who_has_something_to_run,
}

fn edited(text: &'static str) -> Files {
    let mut files = FILES.to_vec();
    files[2].1 = text;
    files
}

async fn reason(database: &TestDatabase, text: &'static str) -> String {
    let error = upgrade(database, &edited(text), "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "CHECKSUM_MISMATCH"));
    error.to_string()
}

async fn edited_file_is_told_apart_from_a_reformatted_one(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let crlf = "ALTER TABLE users ADD COLUMN age INTEGER;\r\nUPDATE users SET age = id * 10;\r\n";
    assert!(reason(&database, crlf).await.contains("only white space or line ends"));
    let spaced = "ALTER TABLE users\n  ADD COLUMN age INTEGER;\nUPDATE users SET age = id * 10;\n";
    assert!(reason(&database, spaced).await.contains("only white space or line ends"));
    let other = "ALTER TABLE users ADD COLUMN age INTEGER;\nUPDATE users SET age = id * 11;\n";
    assert!(reason(&database, other).await.contains("content differs"));
    // Without our own record, as after sqlx, line ends are still recognised.
    database.execute("DELETE FROM _migrate_revisions").await;
    assert!(reason(&database, crlf).await.contains("only white space or line ends"));
    assert!(reason(&database, other).await.contains("content differs"));
}

async fn newer_revisions_do_not_stop_an_older_program(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let report = upgrade(&database, &FILES[..4], "head").await.unwrap();
    assert_eq!(report.applied, []);
}

async fn unknown_revision_stops_who_has_something_to_run(database: TestDatabase) {
    upgrade(&database, &FILES, "head").await.unwrap();
    let mut files = FILES[..4].to_vec();
    files.push(("20260101000004_more.up.sql", "CREATE TABLE more (id INTEGER)"));
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert!(matches!(error, Error::History(_)), "{error}");
    assert_eq!((error.exit_code(), error.reason()), (7, "UNKNOWN_VERSION"));
}

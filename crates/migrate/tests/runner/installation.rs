//! A first installation that is broken off is gone on with as one.

use artisan_testkit::TestDatabase;

use super::database::{count, upgrade, versions};

artisan_testkit::on_every_engine! {
    broken_installation_takes_all_phases_when_it_goes_on,
    installation_ends_where_it_was_to_end,
    rows_that_fail_leave_the_file_before_finished,
}

async fn broken_installation_takes_all_phases_when_it_goes_on(database: TestDatabase) {
    let mut files = [
        ("1_a.sql", "CREATE TABLE a (i INTEGER, j INTEGER);\n"),
        ("2_b.sql", "CREATE TABLE b (i INTEGER);\nWRONG;\n"),
        ("3_c.sql", "-- phase: contract\nALTER TABLE a DROP COLUMN j;\n"),
        ("4_d.sql", "CREATE TABLE d (i INTEGER);\n"),
    ];
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    files[1].1 = "CREATE TABLE b (i INTEGER);\n";
    let report = upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(versions(&report), ["2", "3", "4"]);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
    // From now on it is in use.
    let later = [&files[..], &[("5_e.sql", "-- phase: contract\nDROP TABLE d;\n")]].concat();
    let report = upgrade(&database, &later, "head").await.unwrap();
    assert_eq!((versions(&report).len(), report.held_back.len()), (0, 1));
}

/// Whoever ends a broken installation by other means, or by deleting what failed, does not leave a
/// database behind that takes contract revisions unasked.
async fn installation_ends_where_it_was_to_end(database: TestDatabase) {
    let first = ("1_a.sql", "CREATE TABLE a (i INTEGER, j INTEGER);\n");
    let error = upgrade(&database, &[first, ("2_b.sql", "WRONG;\n")], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    // The file that failed is gone, and what is left is in use.
    assert_eq!(versions(&upgrade(&database, &[first], "head").await.unwrap()).len(), 0);
    let files = [
        first,
        ("3_c.sql", "CREATE TABLE c (i INTEGER);\n"),
        ("4_d.sql", "-- phase: contract\nALTER TABLE a DROP COLUMN j;\n"),
    ];
    let report = upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(versions(&report), ["3"]);
    assert_eq!(report.held_back.len(), 1);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

async fn rows_that_fail_leave_the_file_before_finished(database: TestDatabase) {
    let mut files = [
        ("1_a.sql", "CREATE TABLE a (i INTEGER PRIMARY KEY);\n"),
        ("2_b.sql", "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);\n"),
        ("3_c.sql", "CREATE TABLE c (i INTEGER);\n"),
    ];
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    assert_eq!(count(&database, "_sqlx_migrations WHERE success = (1 = 1)").await, 1);
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    assert_eq!(count(&database, "_migrate_journal WHERE version > 0").await, 0);
    assert_eq!(count(&database, "a").await, 0);
    files[1].1 = "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n";
    let report = upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(versions(&report), ["2", "3"]);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

use std::fs;

use artisan_testkit::{TestDatabase, on_engine};

use super::super::super::folder::{Folder, count};
use super::super::{at, names};
use super::{refused, squashed};

on_engine!(
    sqlite,
    Sqlite,
    rows_in_a_circle_go_in,
    counters_stand_where_they_stood,
    hidden_rowids_are_kept,
    pragmas_of_the_file_are_refused,
    baseline_that_fails_is_not_proven,
    kept_files_do_not_become_an_engines,
);

async fn rows_in_a_circle_go_in(database: TestDatabase) {
    let one = "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b (id));\n\
               CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id));\n";
    let two =
        "INSERT INTO a VALUES (1, NULL);\nINSERT INTO b VALUES (2, 1);\nUPDATE a SET b = 2;\n";
    squashed(&database, one, two).await;
    assert_eq!(count(&database, "a JOIN b ON b.id = a.b AND a.id = b.a").await, 1);
}

/// `AUTOINCREMENT` goes on behind rows that are gone, and from where it was set.
async fn counters_stand_where_they_stood(database: TestDatabase) {
    let one = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER);\n\
               CREATE TABLE \"b's\" (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER);\n";
    let two = "INSERT INTO a VALUES (1, 1), (2, 2), (3, 3);\nDELETE FROM a WHERE id > 1;\n\
               INSERT INTO sqlite_sequence VALUES ('b''s', 999);\n";
    squashed(&database, one, two).await;
    for (table, next) in [("a", 4), ("\"b's\"", 1000)] {
        database.execute(&format!("INSERT INTO {table} (n) VALUES (77)")).await;
        let made = format!("{table} WHERE id = {next} AND n = 77");
        assert_eq!(count(&database, &made).await, 1, "{table}");
    }
}

async fn hidden_rowids_are_kept(database: TestDatabase) {
    let one = "CREATE TABLE a (t TEXT);\nCREATE TABLE b (t TEXT UNIQUE);\n";
    let two = "INSERT INTO a VALUES ('x'), ('y');\nDELETE FROM a WHERE t = 'x';\n\
               INSERT INTO b VALUES ('z'), ('a');\n";
    squashed(&database, one, two).await;
    assert_eq!(count(&database, "a WHERE rowid = 2 AND t = 'y'").await, 1);
    assert_eq!(count(&database, "b WHERE rowid = 1 AND t = 'z'").await, 1);
}

async fn pragmas_of_the_file_are_refused(database: TestDatabase) {
    let two = "-- no-transaction\nPRAGMA journal_mode = WAL;\n";
    let told = refused(&database, "CREATE TABLE a (id INTEGER);\n", two);
    assert_eq!(told, ["PRAGMA journal_mode in 2_b.sql"]);
}

/// It is no migration of the user's that has to be mended.
async fn baseline_that_fails_is_not_proven(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER CHECK (id > 0));\n"),
        ("2_b.sql", "PRAGMA ignore_check_constraints = ON;\nINSERT INTO a VALUES (-1);\n"),
    ]);
    let told = at(&database, &folder, 11, &["squash", "--to", "2"]);
    let difference = &told["differences"][0];
    assert_eq!(difference["kind"], "failed");
    assert!(difference["object"].as_str().unwrap().contains("CHECK constraint"), "{told}");
    assert!(difference["sql"].as_str().unwrap().contains("INSERT INTO"), "{told}");
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
}

async fn kept_files_do_not_become_an_engines(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER);\n"),
        ("2_b.sql", "CREATE TABLE b (id INTEGER);\n"),
    ]);
    for kept in ["postgres", "mysql/old"] {
        let kept = folder.path().join(kept);
        let squash = ["squash", "--to", "2", "--keep", kept.to_str().unwrap()];
        assert_eq!(at(&database, &folder, 2, &squash)["error"]["reason"], "ENGINES_FOLDER");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}

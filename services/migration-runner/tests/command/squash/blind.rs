//! What two schemas and their rows do not show by themselves.

mod on_mysql;
mod on_postgres;
mod on_sqlite;

use artisan_testkit::{Engine, TestDatabase, on_every_engine};

use super::super::folder::{Folder, count};
use super::{at, names};

on_every_engine!(many_rows_that_point_at_each_other_go_in_by_parts);

/// The folder squashed up to 2, and what `database` has of it.
async fn squashed(database: &TestDatabase, one: &str, two: &str) -> String {
    let folder = Folder::new(&[("1_a.sql", one), ("2_b.sql", two)]);
    let told = at(database, &folder, 0, &["squash", "--to", "2"]);
    at(database, &folder, 0, &["upgrade"]);
    told["sql"].as_str().unwrap().to_owned()
}

/// What `squash` says of the differences, where it writes nothing.
fn refused(database: &TestDatabase, one: &str, two: &str) -> Vec<String> {
    let folder = Folder::new(&[("1_a.sql", one), ("2_b.sql", two)]);
    let told = at(database, &folder, 11, &["squash", "--to", "2"]);
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
    let differences = told["differences"].as_array().unwrap().iter();
    differences.map(|drift| drift["object"].as_str().unwrap().to_owned()).collect()
}

/// Each of the first half points at one of the second, which is in another statement.
async fn many_rows_that_point_at_each_other_go_in_by_parts(database: TestDatabase) {
    let table = "CREATE TABLE a (id INTEGER PRIMARY KEY, boss INTEGER,\n    \
                 CONSTRAINT k FOREIGN KEY (boss) REFERENCES a (id));\n";
    let is_mysql = matches!(database.engine(), Engine::MariaDb | Engine::MySql);
    let head = if is_mysql { "SET foreign_key_checks = 0;\n" } else { "" };
    let rows: Vec<String> = (1..=1200).map(|id| format!("({id}, {})", 1201 - id)).collect();
    let two = format!("{head}INSERT INTO a VALUES {};\n", rows.join(", "));
    let sql = squashed(&database, table, &two).await;
    assert_eq!(sql.matches("INSERT INTO").count(), 3);
    assert_eq!(count(&database, "a WHERE id + boss = 1201").await, 1200);
}

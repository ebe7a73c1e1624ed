//! What single engines have: sequences, rights, collations, virtual tables.

use std::fs;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use super::super::folder::{Folder, count, migrate, run, texts};
use super::{at, names};

on_engine!(sqlite, Sqlite, what_cannot_be_proven_is_not_written);
on_engine!(
    mariadb,
    MariaDb,
    sequence_goes_on_where_it_stood,
    what_is_left_to_the_database_stays_so
);
on_engine!(
    mysql,
    MySql,
    what_is_left_to_the_database_stays_so,
    folder_of_two_servers_is_proven_on_both
);
on_engine!(
    postgres,
    Postgres,
    sequence_goes_on_where_it_stood,
    sequence_goes_on_where_there_is_no_table,
    rows_are_carried_with_blanks_and_without_columns,
    kinds_of_tables_stay,
    grants_cannot_be_proven
);

/// A virtual table's rows are its own affair.
async fn what_cannot_be_proven_is_not_written(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE VIRTUAL TABLE words USING fts5 (word);\n"),
        ("2_b.sql", "INSERT INTO words VALUES ('a');\n"),
    ]);
    let refused = at(&database, &folder, 11, &["squash", "--to", "2"]);
    assert_eq!(refused["differences"][0]["object"], "the rows of the virtual table words");
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
}

async fn grants_cannot_be_proven(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER);\n"),
        ("2_b.sql", "REVOKE USAGE ON SCHEMA public FROM PUBLIC;\n"),
    ]);
    let refused = at(&database, &folder, 11, &["squash", "--to", "2"]);
    assert_eq!(refused["differences"][0]["object"], "the grants on schema public");
    assert_eq!(names(folder.path()), ["1_a.sql", "2_b.sql"]);
}

async fn sequence_goes_on_where_it_stood(database: TestDatabase) {
    let (two, next) = match database.engine() {
        Engine::Postgres => (
            "CREATE TABLE b (id INTEGER GENERATED ALWAYS AS IDENTITY, n INTEGER);\n\
             INSERT INTO b (n) VALUES (nextval('s')), (nextval('s'));\n",
            "INSERT INTO b (n) VALUES (nextval('s'))",
        ),
        _ => (
            "CREATE TABLE b (id INTEGER AUTO_INCREMENT PRIMARY KEY, n INTEGER);\n\
             INSERT INTO b (n) VALUES (NEXTVAL(s)), (NEXTVAL(s));\n",
            "INSERT INTO b (n) VALUES (NEXTVAL(s))",
        ),
    };
    let folder = Folder::new(&[("1_a.sql", "CREATE SEQUENCE s;\n"), ("2_b.sql", two)]);
    at(&database, &folder, 0, &["squash", "--to", "2"]);
    at(&database, &folder, 0, &["upgrade"]);
    database.execute(next).await;
    assert_eq!(count(&database, "b WHERE id = 3 AND n > 2").await, 1);
}

async fn what_is_left_to_the_database_stays_so(database: TestDatabase) {
    let folder = Folder::new(&[
        ("1_a.sql", "CREATE TABLE a (id INTEGER, b TEXT);\n"),
        ("2_b.sql", "CREATE TABLE b (b TEXT) CHARACTER SET latin1 COLLATE latin1_bin;\n"),
    ]);
    let told = at(&database, &folder, 0, &["squash", "--to", "2"]);
    let sql = told["sql"].as_str().unwrap();
    assert!(sql.contains("COLLATE=latin1_bin") && !sql.contains("utf8mb4"), "{sql}");
    at(&database, &folder, 0, &["upgrade"]);
    at(&database, &folder, 0, &["verify"]);
}

async fn folder_of_two_servers_is_proven_on_both(database: TestDatabase) {
    let other = TestDatabase::create(Engine::MariaDb).await;
    let one = ("1_a.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, b VARCHAR(9) NOT NULL);\n");
    let plain = Folder::new(&[one, ("2_b.sql", "INSERT INTO a VALUES (1, 'x');\n")]);
    at(&database, &plain, 0, &["squash", "--to", "2", "--also", other.url()]);
    for database in [&database, &other] {
        at(database, &plain, 0, &["upgrade"]);
        at(database, &plain, 0, &["verify"]);
    }
    // MySQL prints the collation that it took, which MariaDB would not have taken.
    let strange =
        Folder::new(&[one, ("2_b.sql", "CREATE TABLE b (b TEXT) CHARACTER SET ascii;\n")]);
    let sequence = "CREATE TABLE c (b TEXT) CHARACTER SET utf8mb4;\n";
    fs::write(strange.path().join("3_c.sql"), sequence).unwrap();
    let squash = ["squash", "--to", "3", "--also", other.url(), "--output", "json", "--dir"];
    let mut command = migrate(&database, &squash);
    command.arg(strange.path());
    let refused = run(command);
    assert_eq!(refused.code, Some(11), "{}{}", refused.stdout, refused.stderr);
    assert_eq!(names(strange.path()).len(), 3);
    let lite = TestDatabase::create(Engine::Sqlite).await;
    let refused = at(&database, &strange, 2, &["squash", "--to", "2", "--also", lite.url()]);
    assert_eq!(refused["error"]["reason"], "OTHER_ENGINE");
}

/// Squashes two files, and makes the database anew from the baseline.
fn squashed(database: &TestDatabase, one: &str, two: &str) {
    let folder = Folder::new(&[("1_a.sql", one), ("2_b.sql", two)]);
    at(database, &folder, 0, &["squash", "--to", "2"]);
    at(database, &folder, 0, &["upgrade"]);
}

async fn sequence_goes_on_where_there_is_no_table(database: TestDatabase) {
    squashed(&database, "CREATE SEQUENCE s;\n", "SELECT setval('s', 5000000000);\n");
    assert_eq!(texts(&database, "SELECT nextval('s')::text").await, ["5000000001"]);
}

async fn rows_are_carried_with_blanks_and_without_columns(database: TestDatabase) {
    let made = "CREATE DOMAIN d AS bpchar; CREATE TABLE a (b bpchar, c d, e char(3)); CREATE TABLE none ();\n";
    let filled = "INSERT INTO a VALUES ('z  ', ' y ', 'x'), (NULL, '', NULL);\n\
                  INSERT INTO none DEFAULT VALUES; INSERT INTO none DEFAULT VALUES;\n";
    squashed(&database, made, filled);
    let lengths = "SELECT concat_ws('|', octet_length(b), octet_length(c), octet_length(e)) FROM a ORDER BY b";
    assert_eq!(texts(&database, lengths).await, ["3|3|3", "0"]);
    assert_eq!(texts(&database, "SELECT count(*)::text FROM none").await, ["2"]);
}

async fn kinds_of_tables_stay(database: TestDatabase) {
    let made = "CREATE UNLOGGED TABLE u (id serial PRIMARY KEY);\n\
                CREATE TYPE pair AS (a INTEGER, b TEXT);\n\
                CREATE TABLE typed OF pair (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'x'); CREATE TABLE plain OF pair;\n";
    squashed(&database, made, "INSERT INTO u DEFAULT VALUES; INSERT INTO typed (a) VALUES (1);\n");
    let kinds = "SELECT concat_ws(' ', relname, relpersistence, NULLIF(reloftype, 0)::regtype) FROM pg_class \
                 WHERE relname IN ('u', 'u_id_seq', 'typed', 'plain') ORDER BY relname";
    assert_eq!(
        texts(&database, kinds).await,
        ["plain p pair", "typed p pair", "u u", "u_id_seq u"]
    );
    assert_eq!(texts(&database, "SELECT b FROM typed").await, ["x"]);
}

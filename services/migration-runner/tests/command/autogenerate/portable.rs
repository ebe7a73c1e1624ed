//! What is written for `mysql/` on one of its two servers is taken by the other.

use artisan_testkit::{TestDatabase, on_engine};

use super::{Folder, call, fs, generate, written};

on_engine!(mysql_only, MySql, statements_are_those_of_both, made_name_of_a_check_is_told_of);
on_engine!(mariadb_only, MariaDb, statements_are_those_of_both, made_name_of_a_check_is_told_of);

fn changed(database: &TestDatabase, before: &str, after: &str) -> Folder {
    let folder = Folder::new(&[("1_a.up.sql", before), ("1_a.down.sql", "DROP TABLE t;\n")]);
    fs::write(folder.path().join("schema.sql"), after).unwrap();
    call(database, &folder, &["upgrade"]).expect(0);
    folder
}

async fn statements_are_those_of_both(database: TestDatabase) {
    let folder = changed(
        &database,
        "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20));",
        "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(20),
             u VARCHAR(36) DEFAULT (UUID()), g VARCHAR(30) AS (CONCAT(s, '!')) STORED,
             CONSTRAINT c CHECK (s <> 'it''s'));",
    );
    generate(&database, &folder, &[]).expect(0);
    let up = written(folder.path(), ".up.sql");
    assert!(up.contains("DEFAULT (uuid())"), "{up}");
    for word in ["SET STATEMENT", "_utf8mb4"] {
        assert!(!up.contains(word), "{word}: {up}");
    }
    call(&database, &folder, &["upgrade"]).expect(0);
    call(&database, &folder, &["check"]).expect(0);
}

async fn made_name_of_a_check_is_told_of(database: TestDatabase) {
    let folder = changed(
        &database,
        "CREATE TABLE t (id INT PRIMARY KEY, CHECK (id > 0));",
        "CREATE TABLE t (id INT PRIMARY KEY);",
    );
    let ended = generate(&database, &folder, &[]).expect(0);
    assert!(ended.stderr.contains("name the check"), "{}", ended.stderr);
}

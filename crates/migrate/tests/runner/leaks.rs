//! What a file sets for its session ends with the file.

use artisan_testkit::{Engine, TestDatabase};

use super::database::{texts, upgrade};

artisan_testkit::on_every_engine! { settings_end_with_their_file }
artisan_testkit::on_engine!(mariadb_use, MariaDb, tables_are_found_from_another_database);
artisan_testkit::on_engine!(mysql_use, MySql, tables_are_found_from_another_database);
artisan_testkit::on_engine!(postgres_role, Postgres, role_without_rights_on_the_ledger_is_enough);

/// A file that changes settings, one that writes down what it finds, and what that is.
fn files(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Sqlite => (
            "PRAGMA legacy_alter_table = ON;\nPRAGMA recursive_triggers = ON;\nCREATE TABLE a (i INTEGER);\n",
            "CREATE TABLE seen AS SELECT (SELECT legacy_alter_table FROM pragma_legacy_alter_table) || \
             ' ' || (SELECT recursive_triggers FROM pragma_recursive_triggers) AS what;\n",
        ),
        Engine::MariaDb | Engine::MySql => (
            "SET foreign_key_checks = 0, sql_mode = 'ANSI_QUOTES';\nSET @x = 5;\n\
             SET group_concat_max_len = 77;\nCREATE TABLE a (i INTEGER);\n",
            "CREATE TABLE seen AS SELECT CAST(CONCAT(@@foreign_key_checks, ' ', \
             COALESCE(@x, 'empty'), ' ', @@group_concat_max_len = 77, ' ', \
             @@sql_mode LIKE '%ANSI_QUOTES%') AS CHAR(40)) AS what;\n",
        ),
        Engine::Postgres => (
            "CREATE TABLE a (i INTEGER);\nSET extra_float_digits = 0;\nSET ROLE pg_monitor;\n",
            "CREATE TABLE seen AS SELECT (current_user = session_user)::text || ' ' || \
             current_setting('extra_float_digits') AS what;\n",
        ),
    }
}

async fn settings_end_with_their_file(database: TestDatabase) {
    let (changes, sees) = files(database.engine());
    // Each file for itself, and both in one run.
    upgrade(&database, &[("1_a.sql", sees)], "head").await.unwrap();
    let before = texts(&database, "SELECT what FROM seen").await;
    database.execute("DROP TABLE seen").await;
    let files = [("1_a.sql", sees), ("2_b.sql", changes), ("3_c.sql", sees)];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(texts(&database, "SELECT what FROM seen").await, before);
}

async fn tables_are_found_from_another_database(database: TestDatabase) {
    let other = TestDatabase::create(database.engine()).await;
    let name = other.url().rsplit('/').next().unwrap();
    let text = format!("USE {name};\nCREATE TABLE a (i INTEGER);\nINSERT INTO a VALUES (1);\n");
    let text: &'static str = Box::leak(text.into_boxed_str());
    let files = [("1_a.sql", text), ("2_b.sql", "CREATE TABLE b (i INTEGER);\n")];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(super::database::count(&other, "a").await, 1);
    assert_eq!(super::database::count(&database, "b").await, 0);
}

async fn role_without_rights_on_the_ledger_is_enough(database: TestDatabase) {
    let text = "-- no-transaction\nCREATE TABLE a (i INTEGER);\nSET ROLE pg_monitor;\nSELECT 1;\n";
    upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap();
    let text = "CREATE TABLE b (i INTEGER);\nSET SESSION AUTHORIZATION pg_monitor;\nSELECT 1;\n";
    upgrade(
        &database,
        &[
            (
                "1_a.sql",
                "-- no-transaction\nCREATE TABLE a (i INTEGER);\nSET ROLE pg_monitor;\nSELECT 1;\n",
            ),
            ("2_b.sql", text),
        ],
        "head",
    )
    .await
    .unwrap();
}

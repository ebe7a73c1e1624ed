//! What a file sets for its session ends with the file.

use artisan_testkit::{Engine, TestDatabase};

use super::database::{texts, upgrade, written};

artisan_testkit::on_every_engine! {
    settings_end_with_their_file,
    temporary_tables_end_with_their_file,
}
artisan_testkit::on_engine!(mariadb_names, MariaDb, characters_of_results_do_not_matter);
artisan_testkit::on_engine!(mysql_names, MySql, characters_of_results_do_not_matter);
artisan_testkit::on_engine!(
    mariadb_use,
    MariaDb,
    tables_are_found_from_another_database,
    time_to_wait_is_that_of_the_file_behind_a_call
);
artisan_testkit::on_engine!(
    mysql_use,
    MySql,
    tables_are_found_from_another_database,
    time_to_wait_is_that_of_the_file_behind_a_call
);
artisan_testkit::on_engine!(
    postgres_role,
    Postgres,
    role_without_rights_on_the_ledger_is_enough,
    settings_of_blocks_and_functions_end_as_well,
    own_lock_timeout_is_kept
);

/// A file that changes settings, one that writes down what it finds, and what that is.
fn files(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Sqlite => (
            "PRAGMA legacy_alter_table = ON;\nPRAGMA recursive_triggers = ON;\n\
             PRAGMA case_sensitive_like = ON;\nCREATE TABLE a (i INTEGER);\n",
            "CREATE TABLE seen AS SELECT (SELECT legacy_alter_table FROM pragma_legacy_alter_table) || \
             ' ' || (SELECT recursive_triggers FROM pragma_recursive_triggers) || ' ' || ('a' LIKE 'A') AS what;\n",
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
    let text = written(text);
    let files = [("1_a.sql", text), ("2_b.sql", "CREATE TABLE b (i INTEGER);\n")];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(super::database::count(&other, "a").await, 1);
    assert_eq!(super::database::count(&database, "b").await, 0);
}

async fn time_to_wait_is_that_of_the_file_behind_a_call(database: TestDatabase) {
    database.execute("CREATE PROCEDURE p() SELECT 1").await;
    let text = "SET lock_wait_timeout = 7;\nCALL p();\n\
                CREATE TABLE r AS SELECT CAST(@@lock_wait_timeout AS CHAR(9)) AS what;\n";
    upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap();
    assert_eq!(texts(&database, "SELECT what FROM r").await, ["7"]);
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

async fn temporary_tables_end_with_their_file(database: TestDatabase) {
    let files = [
        ("1_a.sql", "CREATE TABLE t (a INTEGER);\n"),
        ("2_b.sql", "CREATE TEMPORARY TABLE t (b INTEGER);\n"),
        ("3_c.sql", "ALTER TABLE t ADD COLUMN c INTEGER;\n"),
        ("4_d.sql", "INSERT INTO t (a, c) VALUES (1, 1);\n"),
    ];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(super::database::count(&database, "t WHERE c = 1").await, 1);
}

/// As in a dump that was made with another character set.
async fn characters_of_results_do_not_matter(database: TestDatabase) {
    let files = [
        (
            "1_a.sql",
            "/*!40101 SET NAMES binary */;\nCREATE TABLE t (a INTEGER COMMENT 'ação');\n\
             INSERT INTO t VALUES (1);\nALTER TABLE t ADD b INTEGER;\nUPDATE t SET b = 1;\n",
        ),
        ("2_ação.sql", "SET NAMES latin1;\nALTER TABLE t ADD c INTEGER;\nUPDATE t SET c = 1;\n"),
    ];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(super::database::count(&database, "t WHERE c = b").await, 1);
    let sql = "SELECT description FROM _sqlx_migrations ORDER BY version";
    assert_eq!(texts(&database, sql).await, ["a", "ação"]);
}

async fn settings_of_blocks_and_functions_end_as_well(database: TestDatabase) {
    database.execute("CREATE SCHEMA other").await;
    let files = [
        ("1_a.sql", "DO $$ BEGIN SET search_path = other; END $$;\n"),
        ("2_b.sql", "CREATE TABLE b (i INTEGER);\n"),
        ("3_c.sql", "SELECT SET_CONFIG('search_path', 'other', false);\n"),
        ("4_d.sql", "CREATE TABLE d (i INTEGER);\n"),
    ];
    upgrade(&database, &files, "head").await.unwrap();
    let here = "pg_tables WHERE schemaname = 'public' AND tablename IN ('b', 'd')";
    assert_eq!(super::database::count(&database, here).await, 2);
}

async fn own_lock_timeout_is_kept(database: TestDatabase) {
    let text = "-- no-transaction\nSET lock_timeout = '60s';\nCREATE TABLE t (i INTEGER);\n\
                CREATE INDEX CONCURRENTLY t_i ON t (i);\n\
                CREATE TABLE r AS SELECT current_setting('lock_timeout') AS what;\n";
    upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap();
    assert_eq!(texts(&database, "SELECT what FROM r").await, ["1min"]);
}

//! What a run finds in its own session when it goes on with another one's file.

use artisan_testkit::{Engine, TestDatabase};

use super::database::{count, texts, upgrade, written};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    settings_hold_before_the_catalog_is_asked,
    settings_saved_in_variables_are_repeated,
    database_that_is_gone_is_not_used_again,
    picture_of_another_form_asks,
    prepared_statement_is_run_once
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    settings_hold_before_the_catalog_is_asked,
    settings_saved_in_variables_are_repeated,
    database_that_is_gone_is_not_used_again,
    picture_of_another_form_asks,
    prepared_statement_is_run_once
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    settings_hold_before_the_catalog_is_asked,
    block_under_another_path_is_not_run_again
);
artisan_testkit::on_engine!(sqlite, Sqlite, journal_does_not_disturb_the_last_row_id);

/// Makes the journal say that this step was announced, and that nobody saw its end.
pub(crate) async fn interrupt(database: &TestDatabase, step: usize) {
    let sql = format!(
        "UPDATE _migrate_journal SET state = 'started', session_id = 0 WHERE step = {step} \
         AND version > 0"
    );
    database.execute(&sql).await;
    assert_eq!(count(database, "_migrate_journal WHERE state = 'started'").await, 1);
}

/// The change of a table whose name means something only as the session was set; the same, with a
/// last statement that works; and what undoes the change.
fn named_by_a_setting(engine: Engine) -> (&'static str, &'static str, &'static str) {
    match engine {
        Engine::Postgres => (
            "-- no-transaction\nSET search_path = s;\nCREATE INDEX CONCURRENTLY t_i ON t (i);\nWRONG;\n",
            "-- no-transaction\nSET search_path = s;\nCREATE INDEX CONCURRENTLY t_i ON t (i);\n\
             SELECT 1;\n",
            "DROP INDEX s.t_i",
        ),
        _ => (
            "SET sql_mode = 'ANSI_QUOTES';\nALTER TABLE \"t\" ADD j INTEGER;\nWRONG;\n",
            "SET sql_mode = 'ANSI_QUOTES';\nALTER TABLE \"t\" ADD j INTEGER;\nSELECT 1;\n",
            "ALTER TABLE t DROP COLUMN j",
        ),
    }
}

async fn settings_hold_before_the_catalog_is_asked(database: TestDatabase) {
    let (broken, mended, undo) = named_by_a_setting(database.engine());
    let (make, is_there) = match database.engine() {
        Engine::Postgres => (
            "CREATE SCHEMA s; CREATE TABLE s.t (i INTEGER)",
            "pg_indexes WHERE schemaname = 's' AND indexname = 't_i'",
        ),
        _ => (
            "CREATE TABLE t (i INTEGER)",
            "information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' \
             AND column_name = 'j'",
        ),
    };
    for sql in make.split(';') {
        database.execute(sql).await;
    }
    for has_run in [true, false] {
        let error = upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
        assert_eq!(error.exit_code(), 6, "{error}");
        interrupt(&database, 0).await;
        if !has_run {
            database.execute(undo).await;
        }
        upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap();
        assert_eq!(count(&database, is_there).await, 1, "it had run: {has_run}");
        database.execute(undo).await;
        database.execute("DELETE FROM _sqlx_migrations").await;
    }
}

/// The head and the foot of what mysqldump writes.
async fn settings_saved_in_variables_are_repeated(database: TestDatabase) {
    const HEAD: &str = "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='ANSI_QUOTES' */;\n\
        SET @before = @@foreign_key_checks, foreign_key_checks = 0;\n\
        CREATE TABLE \"t\" (\"i\" INTEGER);\n";
    const FOOT: &str = "CREATE TABLE \"u\" (\"i\" INTEGER, FOREIGN KEY (i) REFERENCES missing (i));\n\
        SET foreign_key_checks = @before;\n\
        /*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\nINSERT INTO `t` VALUES (1);\n";
    let broken = written(format!("{HEAD}WRONG;\n"));
    let mended = written(format!("{HEAD}{FOOT}"));
    let error = upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap();
    assert_eq!(count(&database, "t").await, 1);
}

async fn prepared_statement_is_run_once(database: TestDatabase) {
    let idiom = "CREATE TABLE t (i INTEGER);\nINSERT INTO t VALUES (1);\n\
         SET @s = (SELECT CONCAT('ALTER TABLE t ADD ', 'j INTEGER'));\nPREPARE p FROM @s;\nEXECUTE p;\n\
         DEALLOCATE PREPARE p;\n";
    let broken = written(format!("{idiom}WRONG;\n"));
    let mended = written(format!("{idiom}UPDATE t SET j = i;\n"));
    let error = upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap();
    assert_eq!(count(&database, "t WHERE j = 1").await, 1);
}

async fn block_under_another_path_is_not_run_again(database: TestDatabase) {
    database.execute("CREATE SCHEMA s").await;
    database.execute("CREATE TABLE s.n (i INTEGER)").await;
    let text = "-- no-transaction\nSET search_path = s;\nDO $$ BEGIN INSERT INTO n VALUES (1); COMMIT; \
                PERFORM 1 / 0; END $$;\n";
    let error = upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    let error = upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "INTERRUPTED"), "{error}");
    assert_eq!(count(&database, "s.n").await, 1);
}

async fn journal_does_not_disturb_the_last_row_id(database: TestDatabase) {
    let text = "-- no-transaction\nPRAGMA foreign_keys = OFF;\nCREATE TABLE a (i INTEGER PRIMARY KEY);\n\
                CREATE TABLE b (i INTEGER, n INTEGER);\nINSERT INTO a VALUES (77);\n\
                INSERT INTO b SELECT last_insert_rowid(), changes();\nPRAGMA foreign_keys = ON;\n";
    upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap();
    let sql = "SELECT CAST(i AS TEXT) || ' ' || CAST(n AS TEXT) FROM b";
    assert_eq!(texts(&database, sql).await, ["77 1"]);
}

async fn database_that_is_gone_is_not_used_again(database: TestDatabase) {
    let home = database.url().rsplit('/').next().unwrap();
    let text = |last: &str| -> &'static str {
        let text = format!(
            "CREATE DATABASE {home}_x;\nUSE {home}_x;\nCREATE TABLE t (i INTEGER);\n\
             DROP DATABASE {home}_x;\nUSE {home};\nCREATE TABLE u (i INTEGER);\n{last}"
        );
        written(text)
    };
    upgrade(&database, &[("1_a.sql", text("WRONG;\n"))], "head").await.unwrap_err();
    upgrade(&database, &[("1_a.sql", text("INSERT INTO u VALUES (1);\n"))], "head").await.unwrap();
    assert_eq!(count(&database, "u").await, 1);
}

/// What an older program has written of the catalog tells nothing, so that a person has to look.
async fn picture_of_another_form_asks(database: TestDatabase) {
    let broken = "CREATE TABLE t (i INTEGER);\nWRONG;\n";
    upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
    interrupt(&database, 0).await;
    database.execute("UPDATE _migrate_journal SET picture = '(none)' WHERE step = 0").await;
    let mended = "CREATE TABLE t (i INTEGER);\nINSERT INTO t VALUES (1);\n";
    let error = upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "INTERRUPTED"), "{error}");
}

//! What would give the runner's lock away does not begin.

use artisan_migrate::{Access, Applied, Error, Phases, Target};
use artisan_testkit::{Engine, TestDatabase};

use super::database::{count, downgrade, options, runner, upgrade, written};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    files_before_a_refused_one_do_not_run,
    lock_is_not_given_away,
    lock_on_all_tables_is_refused,
    statement_that_the_server_does_not_take_is_told,
    half_applied_file_that_is_refused_says_what_is_there
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    files_before_a_refused_one_do_not_run,
    lock_is_not_given_away,
    lock_on_all_tables_is_refused,
    half_applied_file_that_is_refused_says_what_is_there
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    files_before_a_refused_one_do_not_run,
    lock_is_not_given_away,
    half_applied_file_that_is_refused_says_what_is_there
);

artisan_testkit::on_engine!(sqlite, Sqlite, files_before_a_refused_one_do_not_run);

/// What is refused, on line 2.
fn refused(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "CREATE TABLE b (i INTEGER);\nPRAGMA foreign_keys = OFF;\n",
        Engine::MariaDb | Engine::MySql => "CREATE TABLE b (i INTEGER);\nDO RELEASE_ALL_LOCKS();\n",
        Engine::Postgres => "CREATE TABLE b (i INTEGER);\nLISTEN b;\n",
    }
}

async fn files_before_a_refused_one_do_not_run(database: TestDatabase) {
    let first = ("1_a.sql", "CREATE TABLE a (i INTEGER);\n");
    let down = ("1_a.down.sql", "DROP TABLE a;\n");
    let files = [("1_a.up.sql", first.1), down, ("2_b.up.sql", refused(database.engine()))];
    for _ in 0..2 {
        let mut planned = runner(&database, &files, Access::Read, options()).await.unwrap();
        let plan = planned.plan(&Target::Head, Phases::Auto).await.unwrap_err();
        planned.close().await;
        let error = upgrade(&database, &files, "head").await.unwrap_err();
        assert_eq!(plan.to_string(), error.to_string());
        assert_eq!(error.exit_code(), 6, "{error}");
        let Error::MigrationFailed(failed) = error else { panic!("another error") };
        assert_eq!((failed.line, failed.applied), (2, Applied::NothingYet));
        // Nor does any where the first is applied already.
        upgrade(&database, &files, "1").await.unwrap();
    }
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    let bad = [files[0], ("1_a.down.sql", refused(database.engine()))];
    let error = downgrade(&database, &bad, "base", false).await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    assert_eq!(count(&database, "a").await, 0);
}

/// It would lock out the row that tells how far the file came, and every writer of the server.
async fn lock_on_all_tables_is_refused(database: TestDatabase) {
    let text = "CREATE TABLE a (i INTEGER);\nFLUSH TABLES WITH READ LOCK;\nSELECT COUNT(*) FROM a;\n\
                UNLOCK TABLES;\nINSERT INTO a VALUES (1);\n";
    let error = upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    let Error::MigrationFailed(failed) = error else { panic!("another error") };
    assert_eq!((failed.line, failed.applied), (2, Applied::NothingYet));
    assert!(failed.cause.contains("LOCK TABLES"), "{}", failed.cause);
}

async fn statement_that_the_server_does_not_take_is_told(database: TestDatabase) {
    let long = "x".repeat(17 << 20);
    let text = format!("CREATE TABLE a (t LONGTEXT);\n\nINSERT INTO a VALUES ('{long}');\n");
    let error = upgrade(&database, &[("1_a.sql", written(text))], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{}", error.to_string().len());
    let Error::MigrationFailed(failed) = error else { panic!("another error") };
    assert_eq!((failed.line, failed.applied), (3, Applied::Nothing));
    assert!(failed.cause.contains("max_allowed_packet"), "{}", failed.cause.len());
    assert_eq!(count(&database, "_sqlx_migrations").await, 0);
}

async fn lock_is_not_given_away(database: TestDatabase) {
    let texts = match database.engine() {
        Engine::Postgres => [
            "CREATE TABLE a (i INTEGER);\nSELECT pg_advisory_unlock_all();\n",
            "-- no-transaction\nCREATE TABLE a (i INTEGER);\n\nDISCARD ALL;\n",
        ],
        _ => [
            "CREATE TABLE a (i INTEGER);\nDO RELEASE_ALL_LOCKS();\n",
            "SET autocommit = 0;\nCREATE TABLE a (i INTEGER);\nINSERT INTO a VALUES (1);\nROLLBACK;\n",
        ],
    };
    for text in texts {
        let error = upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err();
        assert_eq!(error.exit_code(), 6, "{error}");
        let Error::MigrationFailed(failed) = error else { panic!("another error") };
        assert_eq!(failed.applied, Applied::NothingYet);
    }
    database.execute("CREATE TABLE a (i INTEGER)").await;
}

async fn half_applied_file_that_is_refused_says_what_is_there(database: TestDatabase) {
    let refused = match database.engine() {
        Engine::Postgres => "DISCARD ALL",
        _ => "DO RELEASE_ALL_LOCKS()",
    };
    let file = |last: &str| {
        written(format!(
            "-- no-transaction\nCREATE TABLE a (i INTEGER);\nCREATE TABLE b (i INTEGER);\n{last};\n"
        ))
    };
    upgrade(&database, &[("1_a.sql", file("WRONG"))], "head").await.unwrap_err();
    let error = upgrade(&database, &[("1_a.sql", file(refused))], "head").await.unwrap_err();
    let Error::MigrationFailed(failed) = error else { panic!("another error") };
    assert_eq!(failed.applied, Applied::Earlier { done: 2, of: 3 });
    assert!(failed.applied.to_string().contains("surely the first 2 of its 3 statements"));
    // What is advised, to mend the file and go on, does it.
    let report = upgrade(&database, &[("1_a.sql", file("SELECT 1"))], "head").await.unwrap();
    assert_eq!(report.applied.len(), 1);
}

//! Statements of which a failure does not say that nothing has run.

use artisan_migrate::{Applied, Error};
use artisan_testkit::TestDatabase;

use super::database::{count, upgrade};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    half_committed_call_is_not_run_again,
    missing_routine_leaves_nothing_open,
    rows_of_myisam_are_not_doubled,
    rows_behind_autocommit_are_not_doubled
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    half_committed_call_is_not_run_again,
    missing_routine_leaves_nothing_open,
    rows_of_myisam_are_not_doubled,
    rows_behind_autocommit_are_not_doubled
);

fn unsure(error: Error) {
    assert_eq!(error.exit_code(), 6, "{error}");
    let Error::MigrationFailed(statement) = error else { panic!("another error: {error}") };
    assert!(matches!(statement.applied, Applied::Unsure { done: 0, .. }), "{statement:?}");
}

async fn half_committed_call_is_not_run_again(database: TestDatabase) {
    database.execute("CREATE TABLE n (i INTEGER)").await;
    // A lock that is not had, once the first row is committed.
    let procedure = "CREATE PROCEDURE p() BEGIN INSERT INTO n VALUES (1); COMMIT; \
                     SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205; END";
    database.execute(procedure).await;
    unsure(upgrade(&database, &[("1_a.sql", "CALL p();\n")], "head").await.unwrap_err());
    assert_eq!(count(&database, "n").await, 1);
    let error = upgrade(&database, &[("1_a.sql", "CALL p();\n")], "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "INTERRUPTED"));
    assert_eq!(count(&database, "n").await, 1);
}

async fn missing_routine_leaves_nothing_open(database: TestDatabase) {
    let files = [("1_a.sql", "CALL p();\n")];
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    database.execute("CREATE TABLE n (i INTEGER)").await;
    database.execute("CREATE PROCEDURE p() INSERT INTO n VALUES (1)").await;
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(count(&database, "n").await, 1);
}

async fn rows_of_myisam_are_not_doubled(database: TestDatabase) {
    database.execute("CREATE TABLE m (i INTEGER) ENGINE = MyISAM").await;
    for text in [
        "INSERT INTO m VALUES (1);\nSELECT missing FROM m;\n",
        "INSERT INTO m VALUES (1);\nSELECT missing FROM m;\nCREATE TABLE t (i INTEGER);\n",
    ] {
        unsure(upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err());
        let error = upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err();
        assert_eq!((error.exit_code(), error.reason()), (7, "INTERRUPTED"), "{error}");
        assert_eq!(count(&database, "m").await, 1);
        for table in ["_sqlx_migrations", "_migrate_journal", "m"] {
            database.execute(&format!("DELETE FROM {table}")).await;
        }
    }
    upgrade(&database, &[("1_a.sql", "INSERT INTO m VALUES (1);\n")], "head").await.unwrap();
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

async fn rows_behind_autocommit_are_not_doubled(database: TestDatabase) {
    database.execute("CREATE TABLE t (i INTEGER)").await;
    let broken =
        "SET autocommit = 0;\nINSERT INTO t VALUES (1);\nSET autocommit = 1;\nWRONG;\nCOMMIT;\n";
    let mended = "SET autocommit = 0;\nINSERT INTO t VALUES (1);\nSET autocommit = 1;\nCOMMIT;\n";
    let error = upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap();
    assert_eq!(count(&database, "t").await, 1);
}

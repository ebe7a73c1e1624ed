//! Statements of which a failure does not say that nothing has run.

use std::sync::Arc;

use artisan_migrate::{Access, Applied, Error, Event, Observer, Options, Phases, Target};
use artisan_testkit::TestDatabase;
use sqlx::{Connection, Executor, MySqlConnection};
use tokio::sync::Notify;

use super::database::{count, options, runner, upgrade};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    half_committed_call_is_not_run_again,
    missing_routine_leaves_nothing_open,
    rows_of_myisam_are_not_doubled,
    rows_behind_views_and_triggers_are_not_doubled,
    rows_that_are_only_read_leave_nothing_open,
    prepared_change_is_tried_again,
    rows_behind_autocommit_are_not_doubled
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    half_committed_call_is_not_run_again,
    missing_routine_leaves_nothing_open,
    rows_of_myisam_are_not_doubled,
    rows_behind_views_and_triggers_are_not_doubled,
    rows_that_are_only_read_leave_nothing_open,
    prepared_change_is_tried_again,
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

async fn rows_behind_views_and_triggers_are_not_doubled(database: TestDatabase) {
    database.execute("CREATE TABLE m (i INTEGER) ENGINE = MyISAM").await;
    database.execute("CREATE VIEW v AS SELECT i FROM m").await;
    database.execute("CREATE TABLE t (i INTEGER)").await;
    let trigger = "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO m VALUES (NEW.i)";
    database.execute(trigger).await;
    for text in [
        "INSERT INTO v VALUES (1);\nSELECT missing FROM m;\n",
        "INSERT INTO t VALUES (1);\nSELECT missing FROM m;\n",
    ] {
        unsure(upgrade(&database, &[("1_a.sql", text)], "head").await.unwrap_err());
        for table in ["_sqlx_migrations", "_migrate_journal", "m"] {
            database.execute(&format!("DELETE FROM {table}")).await;
        }
    }
    // A table that is one of them by default is seen, and so is one that becomes one in the same run.
    let by_default = "INSERT INTO t VALUES (1);\nSET default_storage_engine = MyISAM;\n\
                      CREATE TABLE x (i INTEGER);\nINSERT INTO x VALUES (1);\nINSERT INTO x VALUES ('bad');\n";
    database.execute("DROP TRIGGER g").await;
    let error = upgrade(&database, &[("1_a.sql", by_default)], "head").await.unwrap_err();
    let Error::MigrationFailed(statement) = error else { panic!("another error: {error}") };
    assert!(matches!(statement.applied, Applied::Unsure { .. }), "{statement:?}");
    for table in ["_sqlx_migrations", "_migrate_journal"] {
        database.execute(&format!("DELETE FROM {table}")).await;
    }
    let files = [
        ("1_a.sql", "CREATE TABLE n (i INTEGER) ENGINE = InnoDB;\nINSERT INTO n VALUES (1);\n"),
        (
            "2_b.sql",
            "ALTER TABLE n ENGINE = MyISAM;\nINSERT INTO n VALUES (2);\nSELECT missing FROM n;\n",
        ),
    ];
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    let Error::MigrationFailed(statement) = error else { panic!("another error: {error}") };
    assert!(matches!(statement.applied, Applied::Unsure { .. }), "{statement:?}");
}

/// The rows of a table without transactions are copied into one with them.
async fn rows_that_are_only_read_leave_nothing_open(database: TestDatabase) {
    database.execute("CREATE TABLE m (i INTEGER) ENGINE = MyISAM").await;
    database.execute("INSERT INTO m VALUES (1), (1)").await;
    database.execute("CREATE TABLE t (i INTEGER PRIMARY KEY)").await;
    let files = [("1_a.sql", "INSERT INTO t SELECT i FROM m;\n")];
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    let Error::MigrationFailed(statement) = error else { panic!("another error: {error}") };
    assert_eq!(statement.applied, Applied::Nothing);
    database.execute("DELETE FROM m LIMIT 1").await;
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(count(&database, "t").await, 1);
}

/// The usual idiom for a column that may be there already, while somebody uses the table.
async fn prepared_change_is_tried_again(database: TestDatabase) {
    database.execute("CREATE TABLE t (i INTEGER)").await;
    let text = "SET @s = (SELECT IF(COUNT(*) = 0, 'ALTER TABLE t ADD c INT', 'DO 0') FROM \
         information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND \
         column_name = 'c');\nPREPARE p FROM @s;\nEXECUTE p;\nDEALLOCATE PREPARE p;\n";
    let mut holder = MySqlConnection::connect(database.url()).await.unwrap();
    holder.execute("BEGIN").await.unwrap();
    holder.execute("SELECT * FROM t").await.unwrap();
    let has_retried = Arc::new(Notify::new());
    let bell = has_retried.clone();
    let observer = Observer::new(move |event| {
        if matches!(event, Event::Retrying { .. }) {
            bell.notify_one();
        }
    });
    let options = Options { observer, ..options() };
    let files = [("1_a.sql", text)];
    let mut changing = runner(&database, &files, Access::Write, options).await.unwrap();
    let release = async {
        has_retried.notified().await;
        holder.close().await.unwrap();
    };
    let (report, ()) = tokio::join!(changing.upgrade(&Target::Head, Phases::Auto), release);
    assert_eq!(report.unwrap().applied.len(), 1);
    changing.close().await;
    // A mistake in it leaves nothing open.
    let text =
        "SET @s = CONCAT('ALTER TABLE missing ADD ', 'c INT');\nPREPARE p FROM @s;\nEXECUTE p;\n";
    for _ in 0..2 {
        let error = upgrade(&database, &[files[0], ("2_b.sql", text)], "head").await.unwrap_err();
        assert_eq!(error.exit_code(), 6, "{error}");
    }
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

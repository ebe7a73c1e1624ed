//! Going on with a file of which the server has committed a part, since DDL commits what stands before it.

use artisan_migrate::Applied;
use artisan_testkit::TestDatabase;

use super::database::{count, texts, upgrade, written};
use super::failure::failed_at;

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    failed_statement_can_be_taken_out,
    rows_are_not_doubled_where_ddl_committed_them
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    failed_statement_can_be_taken_out,
    rows_are_not_doubled_where_ddl_committed_them
);

/// What stands before and behind it is one run of changes then, of which the first part is done.
async fn failed_statement_can_be_taken_out(database: TestDatabase) {
    let file = |between: &str| {
        let text = format!(
            "CREATE TABLE a (i INTEGER);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n{between}\
             INSERT INTO a VALUES (3);\nINSERT INTO a VALUES (4);\n"
        );
        [("1_a.sql", written(text))]
    };
    let broken = file("ALTER TABLE a ADD KEY k (missing);\n");
    let statement = failed_at(upgrade(&database, &broken, "head").await.unwrap_err());
    assert_eq!(statement.applied, Applied::Statements { done: 3, of: 6 });
    let edited = file("").map(|(name, text)| (name, written(text.replace("(1)", "(7)"))));
    let error = upgrade(&database, &edited, "head").await.unwrap_err();
    assert_eq!(error.reason(), "EDITED_HALF_APPLIED");
    upgrade(&database, &file(""), "head").await.unwrap();
    let rows = texts(&database, "SELECT CAST(i AS CHAR) FROM a ORDER BY i").await;
    assert_eq!(rows, ["1", "2", "3", "4"]);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

/// A transaction of the file's own is none there, whether the file commits it or takes it back.
async fn rows_are_not_doubled_where_ddl_committed_them(database: TestDatabase) {
    let file = |last: &str| {
        let text = format!(
            "CREATE TABLE b (i INTEGER);\nBEGIN;\nINSERT INTO b VALUES (1);\nALTER TABLE b COMMENT = 'x';\n\
             {last};\nROLLBACK;\n"
        );
        [("1_b.sql", written(text))]
    };
    let broken = file("INSERT INTO missing VALUES (1)");
    let statement = failed_at(upgrade(&database, &broken, "head").await.unwrap_err());
    assert_eq!(statement.applied, Applied::Statements { done: 3, of: 4 });
    upgrade(&database, &file("INSERT INTO b VALUES (2)"), "head").await.unwrap();
    let rows = texts(&database, "SELECT CAST(i AS CHAR) FROM b ORDER BY i").await;
    assert_eq!(rows, ["1", "2"], "as a client of the server would leave them");
}

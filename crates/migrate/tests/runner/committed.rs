//! Going on with a file of which the server has committed a part, since DDL commits what stands before it.

use artisan_migrate::Applied;
use artisan_testkit::TestDatabase;

use super::database::{count, texts, upgrade, written};
use super::failure::failed_at;

artisan_testkit::on_engine!(postgres, Postgres, routine_within_a_transaction_leaves_nothing_open);
artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    failed_statement_can_be_taken_out,
    rows_are_not_doubled_where_ddl_committed_them,
    what_is_taken_back_stays_away,
    routine_that_is_taken_back_is_not_called_twice_unasked
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    failed_statement_can_be_taken_out,
    rows_are_not_doubled_where_ddl_committed_them,
    what_is_taken_back_stays_away,
    routine_that_is_taken_back_is_not_called_twice_unasked
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
    let file = |last: &str, end: &str| {
        let text = format!(
            "CREATE TABLE b (i INTEGER);\nBEGIN;\nINSERT INTO b VALUES (1);\nALTER TABLE b COMMENT = 'x';\n\
             {last};\n{end};\n"
        );
        [("1_b.sql", written(text))]
    };
    for end in ["ROLLBACK", "COMMIT"] {
        database.execute("DROP TABLE IF EXISTS b, _sqlx_migrations").await;
        let broken = file("INSERT INTO missing VALUES (1)", end);
        let statement = failed_at(upgrade(&database, &broken, "head").await.unwrap_err());
        assert_eq!(statement.applied, Applied::Statements { done: 3, of: 4 });
        upgrade(&database, &file("INSERT INTO b VALUES (2)", end), "head").await.unwrap();
        let rows = texts(&database, ROWS).await;
        assert_eq!(rows, ["1", "2"], "as a client of the server would leave them");
    }
}

const ROWS: &str = "SELECT CAST(i AS CHAR) FROM b ORDER BY i";

/// Neither a routine nor a transaction within makes anything of what the file takes back.
async fn what_is_taken_back_stays_away(database: TestDatabase) {
    database.execute("CREATE TABLE b (i INTEGER)").await;
    database.execute("CREATE PROCEDURE fill() INSERT INTO b VALUES (9)").await;
    let files = [
        ("1_a.sql", "BEGIN;\nINSERT INTO b VALUES (8);\nCALL fill();\nROLLBACK;\n"),
        (
            "2_b.sql",
            "BEGIN;\nINSERT INTO b VALUES (8);\nPREPARE p FROM 'INSERT INTO b VALUES (7)';\nEXECUTE p;\n\
             ROLLBACK;\n",
        ),
        (
            "3_c.sql",
            "BEGIN;\nINSERT INTO b VALUES (1);\nALTER TABLE b COMMENT = 'x';\nBEGIN;\nINSERT INTO b VALUES (2);\n\
             ROLLBACK;\n",
        ),
    ];
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(texts(&database, ROWS).await, ["1"], "as a client of the server would leave them");
}

/// A routine may have committed what stood before it: nobody can know, so that a person is asked.
async fn routine_that_is_taken_back_is_not_called_twice_unasked(database: TestDatabase) {
    database.execute("CREATE TABLE b (i INTEGER)").await;
    let commits = "CREATE PROCEDURE fill() BEGIN INSERT INTO b VALUES (9); COMMIT; \
                   INSERT INTO missing VALUES (1); END";
    database.execute(commits).await;
    let files = [("1_a.sql", "BEGIN;\nINSERT INTO b VALUES (8);\nCALL fill();\nROLLBACK;\n")];
    let statement = failed_at(upgrade(&database, &files, "head").await.unwrap_err());
    assert!(matches!(statement.applied, Applied::Unsure { .. }), "{:?}", statement.applied);
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!(error.reason(), "INTERRUPTED");
    assert_eq!(texts(&database, ROWS).await, ["8", "9"]);
}

/// There no routine commits within a transaction, so that nobody has to be asked.
async fn routine_within_a_transaction_leaves_nothing_open(database: TestDatabase) {
    database.execute("CREATE TABLE b (i INTEGER)").await;
    let fills = "CREATE PROCEDURE fill() LANGUAGE sql AS 'INSERT INTO b VALUES (1)'";
    database.execute(fills).await;
    let file =
        |last: &str| [("1_a.sql", written(format!("BEGIN;\nCALL fill();\n{last};\nROLLBACK;\n")))];
    let broken = file("INSERT INTO missing VALUES (1)");
    let statement = failed_at(upgrade(&database, &broken, "head").await.unwrap_err());
    assert_eq!(statement.applied, Applied::Nothing);
    upgrade(&database, &file("SELECT 1"), "head").await.unwrap();
    assert_eq!(count(&database, "b").await, 0);
}

//! What a run finds whose predecessor died at a statement that commits by itself.

use artisan_testkit::TestDatabase;

use super::database::{count, upgrade};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    catalog_decides_whether_ddl_has_run,
    unknown_fate_asks_unless_rerun_is_safe,
    session_values_are_not_made_up
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    catalog_decides_whether_ddl_has_run,
    unknown_fate_asks_unless_rerun_is_safe,
    session_values_are_not_made_up
);

const STEPS: &str = "CREATE TABLE a (id INTEGER PRIMARY KEY);\nALTER TABLE a ADD COLUMN b INTEGER;\n\
     INSERT INTO a VALUES (1, 1);\nALTER TABLE a DROP COLUMN b;\nCREATE TABLE wrong (;\n";
const MENDED: &str = "CREATE TABLE a (id INTEGER PRIMARY KEY);\nALTER TABLE a ADD COLUMN b INTEGER;\n\
     INSERT INTO a VALUES (1, 1);\nALTER TABLE a DROP COLUMN b;\nCREATE TABLE c (id INTEGER);\n";

/// Stops behind the fourth step, then makes the journal forget that it was confirmed.
async fn catalog_decides_whether_ddl_has_run(database: TestDatabase) {
    for has_run in [true, false] {
        let error = upgrade(&database, &[("1_a.sql", STEPS)], "head").await.unwrap_err();
        assert_eq!(error.exit_code(), 6);
        database
            .execute("UPDATE _migrate_journal SET state = 'started', session_id = 0 WHERE step = 3")
            .await;
        if !has_run {
            // The picture taken before the step shows the column: put it back.
            database.execute("ALTER TABLE a ADD COLUMN b INTEGER").await;
        }
        upgrade(&database, &[("1_a.sql", MENDED)], "head").await.unwrap();
        let columns = "information_schema.columns WHERE table_schema = DATABASE() \
                       AND table_name = 'a'";
        assert_eq!(count(&database, columns).await, 1);
        assert_eq!(count(&database, "a").await, 1);
        assert_eq!(count(&database, "c").await, 0);
        database.execute("DROP TABLE a").await;
        database.execute("DROP TABLE c").await;
        database.execute("DELETE FROM _sqlx_migrations").await;
    }
}

async fn unknown_fate_asks_unless_rerun_is_safe(database: TestDatabase) {
    let procedure = "CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); END;";
    database.execute("CREATE TABLE a (id INTEGER)").await;
    database.execute(procedure).await;
    let broken = "CALL p();\nCALL missing();\n";
    let error = upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6);
    database.execute("UPDATE _migrate_journal SET state = 'started' WHERE step = 0").await;
    let error = upgrade(&database, &[("1_a.sql", "CALL p();\n")], "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "INTERRUPTED"));
    assert!(error.to_string().contains("CALL p()"), "{error}");
    let safe = "-- rerun: safe\nCALL p();\n";
    upgrade(&database, &[("1_a.sql", safe)], "head").await.unwrap();
    assert_eq!(count(&database, "a").await, 2);
}

async fn session_values_are_not_made_up(database: TestDatabase) {
    let broken = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTO_INCREMENT);\nINSERT INTO a VALUES (7);\n\
                  SET @id = (SELECT MAX(id) FROM a);\nCREATE TABLE b (id INTEGER);\nWRONG;\n\
                  INSERT INTO b VALUES (@id);\n";
    let mended = "CREATE TABLE a (id INTEGER PRIMARY KEY AUTO_INCREMENT);\nINSERT INTO a VALUES (7);\n\
                  SET @id = (SELECT MAX(id) FROM a);\nCREATE TABLE b (id INTEGER);\n\
                  INSERT INTO b VALUES (@id);\n";
    let error = upgrade(&database, &[("1_a.sql", broken)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6);
    let error = upgrade(&database, &[("1_a.sql", mended)], "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "LOST_VALUE"));
    assert!(error.to_string().contains("@id"), "{error}");
}

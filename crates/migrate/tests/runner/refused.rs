//! What would give the runner's lock away does not begin.

use artisan_migrate::Applied;
use artisan_testkit::{Engine, TestDatabase};

use super::database::{count, upgrade, written};

artisan_testkit::on_engine!(
    mariadb,
    MariaDb,
    lock_is_not_given_away,
    half_applied_file_that_is_refused_says_what_is_there
);
artisan_testkit::on_engine!(
    mysql,
    MySql,
    lock_is_not_given_away,
    half_applied_file_that_is_refused_says_what_is_there
);
artisan_testkit::on_engine!(
    postgres,
    Postgres,
    lock_is_not_given_away,
    half_applied_file_that_is_refused_says_what_is_there
);

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
        let artisan_migrate::Error::MigrationFailed(failed) = error else {
            panic!("another error")
        };
        assert_eq!(failed.applied, Applied::Nothing);
        assert_eq!(count(&database, "_sqlx_migrations").await, 0);
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
    let artisan_migrate::Error::MigrationFailed(failed) = error else { panic!("another error") };
    assert_eq!(failed.applied, Applied::Earlier { done: 2, of: 3 });
    assert!(failed.applied.to_string().contains("surely the first 2 of its 3 statements"));
    // What is advised, to mend the file and go on, does it.
    let report = upgrade(&database, &[("1_a.sql", file("SELECT 1"))], "head").await.unwrap();
    assert_eq!(report.applied.len(), 1);
}

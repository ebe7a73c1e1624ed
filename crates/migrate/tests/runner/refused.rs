//! What would give the runner's lock away does not begin.

use artisan_migrate::Applied;
use artisan_testkit::{Engine, TestDatabase};

use super::database::{count, upgrade};

artisan_testkit::on_engine!(mariadb, MariaDb, lock_is_not_given_away);
artisan_testkit::on_engine!(mysql, MySql, lock_is_not_given_away);
artisan_testkit::on_engine!(postgres, Postgres, lock_is_not_given_away);

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

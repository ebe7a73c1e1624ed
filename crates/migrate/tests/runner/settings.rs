//! What servers, databases and roles are set to does not reach the runner's own tables.

use artisan_migrate::{Access, Phases, Target};
use artisan_testkit::TestDatabase;

use super::database::{FILES, count, downgrade, options, rows, runner, upgrade};

artisan_testkit::on_engine!(mariadb, MariaDb, ledger_without_transactions_is_refused);
artisan_testkit::on_engine!(mysql, MySql, ledger_without_transactions_is_refused);
artisan_testkit::on_engine!(postgres, Postgres, settings_of_the_database_do_not_hinder);

async fn ledger_without_transactions_is_refused(database: TestDatabase) {
    upgrade(&database, &FILES, "+1").await.unwrap();
    database.execute("ALTER TABLE _sqlx_migrations ENGINE = MyISAM").await;
    let refused = upgrade(&database, &FILES, "head").await.unwrap_err();
    assert_eq!((refused.exit_code(), refused.reason()), (2, "LEDGER_UNTRANSACTIONAL"), "{refused}");
    let undone = downgrade(&database, &FILES, "base", false).await.unwrap_err();
    let mut planned = runner(&database, &FILES, Access::Read, options()).await.unwrap();
    let plan = planned.plan(&Target::Head, Phases::Auto).await.unwrap_err();
    planned.close().await;
    assert_eq!(plan.to_string(), refused.to_string());
    assert_eq!(undone.reason(), "LEDGER_UNTRANSACTIONAL", "{undone}");
    let cure = "ALTER TABLE _sqlx_migrations ENGINE = InnoDB";
    assert!(refused.to_string().contains(cure), "{refused}");
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    database.execute(cure).await;
    upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(rows(&database).await.len(), 6);
}

async fn settings_of_the_database_do_not_hinder(database: TestDatabase) {
    let name = database.url().rsplit_once('/').unwrap().1;
    for setting in [
        "bytea_output = 'escape'",
        "DateStyle = 'German'",
        "IntervalStyle = 'sql_standard'",
        "TimeZone = 'Asia/Kathmandu'",
        "extra_float_digits = -15",
        "default_transaction_isolation = 'serializable'",
        "default_transaction_deferrable = on",
        "client_min_messages = 'error'",
        "row_security = off",
        "xmloption = 'document'",
        "quote_all_identifiers = on",
        "standard_conforming_strings = off",
        "lock_timeout = '1ms'",
        "statement_timeout = '30s'",
        "idle_in_transaction_session_timeout = '30s'",
    ] {
        database.execute(&format!("ALTER DATABASE {name} SET {setting}")).await;
    }
    upgrade(&database, &FILES, "+1").await.unwrap();
    upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(rows(&database).await.len(), 6);
    downgrade(&database, &FILES, "base", false).await.unwrap();
    // What a file sees is what any session of this database sees.
    let sees = "CREATE TABLE seen AS SELECT current_setting('bytea_output') AS what;\n";
    upgrade(&database, &[("1_a.sql", sees)], "head").await.unwrap();
    assert_eq!(count(&database, "seen WHERE what = 'escape'").await, 1);
}

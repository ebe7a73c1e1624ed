//! What the ledger is told late: with the next thing that is committed anyway.

use artisan_testkit::TestDatabase;

use super::database::{count, text, texts, upgrade};

artisan_testkit::on_engine!(mariadb, MariaDb, rows_do_not_wait_for_those_of_the_next_file);
artisan_testkit::on_engine!(mysql, MySql, rows_do_not_wait_for_those_of_the_next_file);

/// Whoever waits for a file is not to wait for the rows of the next one as well, and sqlx would go on with no
/// file that looks half-applied.
async fn rows_do_not_wait_for_those_of_the_next_file(database: TestDatabase) {
    let look = "INSERT INTO seen SELECT version, success FROM _sqlx_migrations ORDER BY version;\n";
    let files = [
        ("1_a.sql", "CREATE TABLE seen (version BIGINT, success INTEGER);\n"),
        ("2_b.sql", look),
        ("3_c.sql", "CREATE TABLE c (i INTEGER);\n"),
        ("4_d.sql", look),
    ];
    for end in [2, 4] {
        upgrade(&database, &files[..end], "head").await.unwrap();
    }
    let sql =
        format!("SELECT {} FROM seen ORDER BY version, success", text("version * 10 + success"));
    assert_eq!(texts(&database, &sql).await, ["11", "11", "21", "31"]);
    assert_eq!(count(&database, "_sqlx_migrations WHERE success").await, 4);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

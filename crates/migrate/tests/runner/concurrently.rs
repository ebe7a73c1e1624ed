//! Indexes that are built beside the traffic.

use artisan_testkit::TestDatabase;

use super::database::{count, texts, upgrade};

artisan_testkit::on_engine!(postgres, Postgres, invalid_index_is_rebuilt);

async fn invalid_index_is_rebuilt(database: TestDatabase) {
    let table = ("1_a.sql", "CREATE TABLE a (id INTEGER); INSERT INTO a VALUES (1), (1);");
    let index = "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);\n";
    let files = [table, ("2_b.sql", index)];
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    // The server leaves an invalid index behind, the runner does not.
    let indexes = "pg_index WHERE indrelid = 'a'::regclass";
    assert_eq!(count(&database, indexes).await, 0);
    assert_eq!(count(&database, "_sqlx_migrations").await, 1);
    database.execute("DELETE FROM a WHERE ctid = (SELECT min(ctid) FROM a)").await;
    upgrade(&database, &files, "head").await.unwrap();
    let valid = "SELECT CAST(indisvalid AS text) FROM pg_index WHERE indrelid = 'a'::regclass";
    assert_eq!(texts(&database, valid).await, ["true"]);
}

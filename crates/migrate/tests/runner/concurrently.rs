//! Indexes and partitions that are changed beside the traffic.

use std::time::Duration;

use artisan_migrate::{Access, Phases, Target};
use artisan_testkit::TestDatabase;
use sqlx::{Connection, Executor, PgConnection};

use super::database::{count, options, runner, texts, upgrade};

artisan_testkit::on_engine!(
    postgres,
    Postgres,
    invalid_index_is_rebuilt,
    index_waits_for_old_transactions,
    invalid_index_of_others_is_told,
    broken_reindex_leaves_nothing,
    index_that_another_session_builds_is_spared,
    broken_detaching_is_finished
);

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
    assert_eq!(validity(&database).await, ["true"]);
}

async fn validity(database: &TestDatabase) -> Vec<String> {
    let sql = "SELECT CAST(indisvalid AS text) FROM pg_index WHERE indrelid = 'a'::regclass";
    texts(database, sql).await
}

/// A transaction of the site's that has read the table.
async fn reader(database: &TestDatabase) -> PgConnection {
    let mut reader = PgConnection::connect(database.url()).await.unwrap();
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    reader.execute("SELECT * FROM a").await.unwrap();
    reader
}

/// How long a statement may take to come to where it waits.
const PATIENCE: Duration = Duration::from_mins(1);

/// Returns once a statement that begins so has waited for longer than locks are waited for.
async fn waits(database: &TestDatabase, verb: &str) {
    let waiting = format!(
        "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() \
         AND query LIKE '{verb}%' AND clock_timestamp() - query_start > '600 ms'"
    );
    let waiting = async {
        while count(database, &waiting).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

/// Upgrades while a transaction stands in the way until a statement that begins so waits for it.
async fn upgrade_behind(
    database: &TestDatabase,
    files: &[(&'static str, &'static str)],
    verb: &str,
) -> Result<usize, artisan_migrate::Error> {
    let holder = reader(database).await;
    let mut changing = runner(database, files, Access::Write, options()).await.unwrap();
    let change = tokio::spawn(async move {
        let report = changing.upgrade(&Target::Head, Phases::All).await;
        changing.close().await;
        report.map(|report| report.applied.len())
    });
    waits(database, verb).await;
    holder.close().await.unwrap();
    change.await.unwrap()
}

async fn index_waits_for_old_transactions(database: TestDatabase) {
    database.execute("CREATE TABLE a (id INTEGER)").await;
    let index = "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);\n";
    let files = [("1_a.sql", index)];
    assert_eq!(upgrade_behind(&database, &files, "CREATE INDEX").await.unwrap(), 1);
    assert_eq!(validity(&database).await, ["true"]);
}

async fn invalid_index_of_others_is_told(database: TestDatabase) {
    database.execute("CREATE TABLE a (id INTEGER)").await;
    database.execute("INSERT INTO a VALUES (1), (1)").await;
    let mut other = PgConnection::connect(database.url()).await.unwrap();
    other.execute("CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)").await.unwrap_err();
    let index = "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);\n";
    let error = upgrade(&database, &[("1_a.sql", index)], "head").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    assert!(error.to_string().contains("DROP INDEX CONCURRENTLY a_id"), "{error}");
    // It is not ours to drop.
    assert_eq!(validity(&database).await, ["false"]);
    other.execute("DROP INDEX CONCURRENTLY a_id").await.unwrap();
    upgrade(&database, &[("1_a.sql", index)], "head").await.unwrap();
    assert_eq!(validity(&database).await, ["true"]);
}

async fn broken_reindex_leaves_nothing(database: TestDatabase) {
    database.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)").await;
    let rebuild =
        "-- no-transaction\nSET statement_timeout = '300ms';\nREINDEX TABLE CONCURRENTLY a;\n";
    let files = [("1_a.sql", rebuild)];
    let error = upgrade_behind(&database, &files, "DROP INDEX").await.unwrap_err();
    assert_eq!(error.exit_code(), 6, "{error}");
    assert_eq!(validity(&database).await, ["true"]);
    upgrade(&database, &files, "head").await.unwrap();
    assert_eq!(validity(&database).await, ["true"]);
}

async fn broken_detaching_is_finished(database: TestDatabase) {
    database.execute("CREATE TABLE a (id INTEGER) PARTITION BY LIST (id)").await;
    database.execute("CREATE TABLE b PARTITION OF a FOR VALUES IN (1)").await;
    let detach = "-- no-transaction\nSET statement_timeout = '300ms';\n\
                  ALTER TABLE a DETACH PARTITION b CONCURRENTLY;\nSELECT 1;\n";
    let files = [("1_a.sql", detach)];
    // The server gives up with the partition half-detached; the runner ends what was begun.
    upgrade_behind(&database, &files, "ALTER TABLE a DETACH PARTITION b FINALIZE")
        .await
        .unwrap_err();
    assert_eq!(count(&database, "pg_inherits").await, 0);
    upgrade(&database, &files, "head").await.unwrap();
}

async fn index_that_another_session_builds_is_spared(database: TestDatabase) {
    database.execute("CREATE TABLE a (id INTEGER)").await;
    let files = [("1_a.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY ON a (id);\nWRONG;\n")];
    upgrade(&database, &files, "head").await.unwrap_err();
    // As if it had not run, and nobody knew.
    super::interrupted::interrupt(&database, 0).await;
    database.execute("DROP INDEX a_id_idx").await;
    let holder = reader(&database).await;
    let mut other = PgConnection::connect(database.url()).await.unwrap();
    let building = tokio::spawn(async move {
        other.execute("CREATE INDEX CONCURRENTLY a_of_others_idx ON a (id)").await.unwrap();
    });
    waits(&database, "CREATE INDEX").await;
    let files = [("1_a.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY ON a (id);\n")];
    let change = upgrade(&database, &files, "head");
    let release = async {
        waits_for(&database, 2).await;
        holder.close().await.unwrap();
    };
    let (report, ()) = tokio::join!(change, release);
    report.unwrap();
    building.await.unwrap();
    assert_eq!(validity(&database).await, ["true", "true"]);
}

/// Returns once so many sessions wait for locks.
async fn waits_for(database: &TestDatabase, sessions: usize) {
    let waiting =
        "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let waiting = async {
        while count(database, waiting).await < sessions {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

//! Every test gets a database of its own, which is gone afterwards.

use artisan_testkit::TestDatabase;

artisan_testkit::on_every_engine! { database_is_empty_and_writable }

async fn database_is_empty_and_writable(database: TestDatabase) {
    database.execute("CREATE TABLE t (i INTEGER)").await;
    database.execute("INSERT INTO t VALUES (1)").await;
}

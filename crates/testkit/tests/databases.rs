//! Every test gets a database of its own, which is gone afterwards.

use artisan_testkit::TestDatabase;

artisan_testkit::on_every_engine! { database_is_empty_and_writable }

async fn database_is_empty_and_writable(database: TestDatabase) {
    database.execute("CREATE TABLE t (i INTEGER)").await;
    database.execute("INSERT INTO t VALUES (1)").await;
}

artisan_testkit::on_engine!(
    elsewhere,
    Sqlite,
    test_stands_in_a_module_of_its_engine_whatever_is_around_it
);

/// The name is what `cargo xtask test --without` skips by, and its summary counts by.
async fn test_stands_in_a_module_of_its_engine_whatever_is_around_it(_: TestDatabase) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or_default();
    assert!(name.starts_with("elsewhere::sqlite::test_stands"), "{name}");
}

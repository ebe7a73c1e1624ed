use artisan_testkit::TestDatabase;

use super::database::upgrade;

artisan_testkit::on_every_engine! {
    row_of_another_program_is_told,
}

async fn row_of_another_program_is_told(database: TestDatabase) {
    let files = [("1_a.sql", "CREATE TABLE a (id INTEGER)"), ("2_b.sql", "SELECT 1")];
    upgrade(&database, &files[..1], "head").await.unwrap();
    database.execute("UPDATE _sqlx_migrations SET success = (1 = 0)").await;
    let error = upgrade(&database, &files, "head").await.unwrap_err();
    assert_eq!((error.exit_code(), error.reason()), (7, "DIRTY"));
}

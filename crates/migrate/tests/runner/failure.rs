use artisan_migrate::{Applied, Error, FailedStatement};
use artisan_testkit::{Engine, TestDatabase};

use super::database::{FILES, count, rows, texts, upgrade};

artisan_testkit::on_every_engine! {
    failed_statement_is_reported_and_the_mended_file_continues,
    clean_failure_leaves_no_row,
    edited_applied_statements_are_told,
}

const BROKEN: &str = "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL);\n\
     CREATE INDEX posts_author ON posts (author);\n\n-- the mistake\n\
     INSERT INTO posts\nSELECT id, missing FROM users;\n";

fn with(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut files = FILES.to_vec();
    files[4].1 = text;
    files
}

fn failed(error: Error) -> FailedStatement {
    assert!(error.next().unwrap().contains("make_posts"));
    failed_at(error)
}

pub(crate) fn failed_at(error: Error) -> FailedStatement {
    assert_eq!(error.exit_code(), 6, "{error}");
    let Error::MigrationFailed(statement) = error else { panic!("another error: {error}") };
    *statement
}

fn commits_ddl_at_once(database: &TestDatabase) -> bool {
    matches!(database.engine(), Engine::MariaDb | Engine::MySql)
}

async fn failed_statement_is_reported_and_the_mended_file_continues(database: TestDatabase) {
    let statement = failed(upgrade(&database, &with(BROKEN), "head").await.unwrap_err());
    assert_eq!(statement.file, "20260101000003_make_posts.up.sql");
    // PostgreSQL tells the place within the statement, the others only the statement.
    let line = if database.engine() == Engine::Postgres { 6 } else { 5 };
    assert_eq!(statement.line, line);
    assert_eq!(statement.sql, "INSERT INTO posts\nSELECT id, missing FROM users");
    assert!(statement.cause.contains("missing"), "{}", statement.cause);
    let dirty =
        texts(&database, "SELECT description FROM _sqlx_migrations WHERE success = (1 = 0)");
    if commits_ddl_at_once(&database) {
        assert_eq!(statement.applied, Applied::Statements { done: 2, of: 3 });
        assert_eq!(dirty.await, ["make posts"]);
    } else {
        assert_eq!(statement.applied, Applied::Nothing);
        assert_eq!(dirty.await, Vec::<String>::new());
    }
    upgrade(&database, &FILES, "head").await.unwrap();
    assert_eq!(rows(&database).await.len(), 6);
    assert_eq!(count(&database, "_sqlx_migrations").await, 3);
    assert_eq!(count(&database, "_migrate_journal").await, 0);
}

async fn clean_failure_leaves_no_row(database: TestDatabase) {
    let files = with("CREATE TABLE users (id INTEGER);\nCREATE TABLE posts (id INTEGER);\n");
    let statement = failed(upgrade(&database, &files, "head").await.unwrap_err());
    assert_eq!(statement.applied, Applied::Nothing);
    assert_eq!(count(&database, "_sqlx_migrations").await, 2);
    assert_eq!(count(&database, "_migrate_journal WHERE version > 0").await, 0);
}

async fn edited_applied_statements_are_told(database: TestDatabase) {
    failed(upgrade(&database, &with(BROKEN), "head").await.unwrap_err());
    let edited = "CREATE TABLE posts (id INTEGER PRIMARY KEY);\n\
                  CREATE INDEX posts_author ON posts (id);\n";
    let result = upgrade(&database, &with(edited), "head").await;
    if commits_ddl_at_once(&database) {
        let error = result.unwrap_err();
        assert_eq!((error.exit_code(), error.reason()), (7, "EDITED_HALF_APPLIED"));
        assert!(error.to_string().contains("make_posts.up.sql:1"), "{error}");
        upgrade(&database, &FILES, "head").await.unwrap();
    } else {
        result.unwrap();
    }
}

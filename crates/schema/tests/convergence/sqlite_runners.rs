//! The scripts as files, run by sqlx's own runner.

use artisan_schema::ddl::{Style, scripts};
use artisan_schema::difference::{Difference, Renames};
use artisan_schema::{Scope, read};
use artisan_testkit::{Engine, TestDatabase, on_engine};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};

use crate::catalog;

on_engine!(sqlite, Sqlite, sqlx_runs_a_rebuild_up_and_down);

const FROM: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT REFERENCES users (id) ON DELETE CASCADE);
    CREATE VIEW names AS SELECT name FROM users;
    CREATE TRIGGER touch AFTER DELETE ON users BEGIN DELETE FROM posts WHERE author = OLD.id; END";
const TO: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'nobody');
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT REFERENCES users (id) ON DELETE CASCADE, a);
    CREATE VIEW names AS SELECT name FROM users;
    CREATE TRIGGER touch AFTER DELETE ON users BEGIN DELETE FROM posts WHERE author = OLD.id; END";

async fn sqlx_runs_a_rebuild_up_and_down(here: TestDatabase) {
    let there = TestDatabase::create(Engine::Sqlite).await;
    catalog::execute(&here, FROM).await.expect("the schema that is there");
    let rows = "INSERT INTO users VALUES (1, NULL), (2, 'x'); INSERT INTO posts VALUES (1, 1), (2, 1), (3, 2)";
    catalog::execute(&here, rows).await.expect("the rows");
    catalog::execute(&there, TO).await.expect("the schema that is wanted");
    let before = application(&here).await;
    let folder = std::env::temp_dir().join(format!("artisan-rebuild-{}", std::process::id()));
    write(&folder, &here, &there).await;
    let migrator = Migrator::new(folder.as_path()).await.expect("the files");
    let mut connection = SqliteConnection::connect(here.url()).await.expect("a connection");
    migrator.run(&mut connection).await.expect("the way up");
    let posts = "SELECT count(*) || ' ' || (SELECT count(*) FROM names) FROM posts";
    assert_eq!(catalog::rows(&here, posts).await, "3 2\n");
    assert_ne!(application(&here).await, before);
    migrator.undo(&mut connection, 0).await.expect("the way back");
    assert_eq!(catalog::rows(&here, posts).await, "3 2\n");
    assert_eq!(application(&here).await, before);
    std::fs::remove_dir_all(folder).expect("the folder");
}

async fn application(database: &TestDatabase) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
               ORDER BY type, name";
    catalog::rows(database, sql).await
}

async fn write(folder: &std::path::Path, here: &TestDatabase, there: &TestDatabase) {
    let scope = Scope::application();
    let from = read(here.url(), &scope).await.expect("the schema that is there");
    let to = read(there.url(), &scope).await.expect("the schema that is wanted");
    let up = Difference::between(&from, &to, &Renames::default());
    let back = Difference::between(&to, &from, &Renames::default());
    let script = scripts(&up, &back, Style::default()).pop().expect("a script");
    assert!(script.no_transaction);
    std::fs::create_dir_all(folder).expect("a folder");
    for (way, statements) in [("up", script.up), ("down", script.down)] {
        let text = format!("-- no-transaction\n\n{}", catalog::sqlite::file(&statements));
        std::fs::write(folder.join(format!("1_change.{way}.sql")), text).expect("a file");
    }
}

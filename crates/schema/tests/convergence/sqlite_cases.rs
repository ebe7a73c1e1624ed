use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;
use crate::case::Case;

on_engine!(sqlite, Sqlite, columns);

async fn columns(_: TestDatabase) {
    all(Engine::Sqlite, COLUMNS).await;
}

const COLUMNS: &[Case] = &[
    Case::new("add nullable column", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b INT)").by(&["ADD COLUMN"]),
    Case::new("add middle column not null", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT NOT NULL, a INT NOT NULL DEFAULT 3)").by(&["_migrate_old_t"]),
    Case::new("rename", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); CREATE TABLE c (t INT REFERENCES t (id)); CREATE VIEW v AS SELECT a FROM t", "-- @renamed from=t\nCREATE TABLE u (id INTEGER PRIMARY KEY, b INT -- @renamed from=a\n); CREATE TABLE c (t INT REFERENCES u (id)); CREATE VIEW v AS SELECT b FROM u").keeps("INSERT INTO t VALUES (1,1),(2,2); INSERT INTO c VALUES (1),(2),(2)", "SELECT group_concat(t) FROM c"),
];

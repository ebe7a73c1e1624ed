use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;
use crate::case::Case;

on_engine!(sqlite, Sqlite, columns);

async fn columns(_: TestDatabase) {
    all(Engine::Sqlite, COLUMNS).await;
}

const COLUMNS: &[Case] =
    &[Case::new("add nullable column", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b INT)")
        .by(&["ADD COLUMN"])];

use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;
use crate::case::Case;

on_engine!(mariadb, MariaDb, columns);

async fn columns(_: TestDatabase) {
    all(Engine::MariaDb, COLUMNS).await;
}

const COLUMNS: &[Case] =
    &[Case::new("add nullable column", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b INT)")
        .by(&["ADD COLUMN"])];

//! `MariaDB`: what it has in common with `MySQL`, and what it alone has.

mod only_mariadb;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;
use crate::mysql_cases::{
    checks, columns, defaults, foreign_keys, generated, indexes, keys, mixed, names, pairs,
    routines, tables, themes, types, views,
};

on_engine!(by_chance, MariaDb, pairs_converge);

async fn pairs_converge(_: TestDatabase) {
    pairs::run(Engine::MariaDb).await;
}

themes!(
    MariaDb,
    checks,
    columns,
    defaults,
    foreign_keys,
    generated,
    indexes,
    keys,
    mixed,
    names,
    only_mariadb,
    routines,
    tables,
    types,
    views
);

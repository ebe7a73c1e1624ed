//! `MariaDB`: what it has in common with `MySQL`, and what it alone has.

mod only_mariadb;
mod own_features;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;
use crate::mysql_cases::{
    characters, checks, columns, combined, defaults, filled, foreign_keys, generated, indexes,
    intricate, keys, mixed, names, online_changes, pairs, pitfalls, routines, tables, themes,
    types, views,
};

on_engine!(by_chance, MariaDb, pairs_converge);
on_engine!(online, MariaDb, online_changes_converge, online_changes_that_lock_are_refused);

async fn online_changes_converge(_: TestDatabase) {
    online_changes::run(Engine::MariaDb).await;
}

async fn online_changes_that_lock_are_refused(_: TestDatabase) {
    online_changes::refuse(Engine::MariaDb).await;
}

async fn pairs_converge(_: TestDatabase) {
    pairs::run(Engine::MariaDb).await;
}

themes!(
    MariaDb,
    characters,
    checks,
    columns,
    combined,
    defaults,
    filled,
    foreign_keys,
    generated,
    indexes,
    intricate,
    keys,
    mixed,
    names,
    only_mariadb,
    own_features,
    pitfalls,
    routines,
    tables,
    types,
    views
);

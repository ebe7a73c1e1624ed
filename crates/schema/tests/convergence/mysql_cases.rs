//! `MySQL`, and what `MariaDB` has in common with it: such a case is written once and runs on both.

pub(crate) mod characters;
pub(crate) mod checks;
pub(crate) mod columns;
pub(crate) mod combined;
pub(crate) mod defaults;
pub(crate) mod filled;
pub(crate) mod foreign_keys;
pub(crate) mod generated;
pub(crate) mod indexes;
pub(crate) mod intricate;
pub(crate) mod keys;
pub(crate) mod mixed;
pub(crate) mod names;
pub(crate) mod online_changes;
mod only_mysql;
pub(crate) mod pairs;
pub(crate) mod pitfalls;
pub(crate) mod routines;
pub(crate) mod tables;
pub(crate) mod types;
pub(crate) mod views;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;

/// A test of the cases of each theme.
macro_rules! themes {
    ($engine:ident, $($theme:ident),+) => {
        on_engine!(run, $engine, $($theme),+);

        $(async fn $theme(_: TestDatabase) {
            all(Engine::$engine, $theme::CASES).await;
        })+
    };
}
pub(crate) use themes;

on_engine!(by_chance, MySql, pairs_converge);
on_engine!(online, MySql, online_changes_converge, online_changes_that_lock_are_refused);

async fn online_changes_converge(_: TestDatabase) {
    online_changes::run(Engine::MySql).await;
}

async fn online_changes_that_lock_are_refused(_: TestDatabase) {
    online_changes::refuse(Engine::MySql).await;
}

async fn pairs_converge(_: TestDatabase) {
    pairs::run(Engine::MySql).await;
}

themes!(
    MySql,
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
    only_mysql,
    pitfalls,
    routines,
    tables,
    types,
    views
);

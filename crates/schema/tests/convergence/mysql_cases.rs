//! `MySQL`, and what `MariaDB` has in common with it: such a case is written once and runs on both.

pub(crate) mod checks;
pub(crate) mod columns;
pub(crate) mod defaults;
pub(crate) mod foreign_keys;
pub(crate) mod generated;
pub(crate) mod indexes;
pub(crate) mod keys;
pub(crate) mod mixed;
pub(crate) mod names;
mod only_mysql;
pub(crate) mod pairs;
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

async fn pairs_converge(_: TestDatabase) {
    pairs::run(Engine::MySql).await;
}

themes!(
    MySql,
    checks,
    columns,
    defaults,
    foreign_keys,
    generated,
    indexes,
    keys,
    mixed,
    names,
    only_mysql,
    routines,
    tables,
    types,
    views
);

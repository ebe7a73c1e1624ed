//! Every theme has its own list.

mod checks;
mod columns;
mod definitions;
mod foreign_keys;
mod indexes;
mod keys;
mod names;
mod pitfalls;
mod renames;
mod tables;
mod together;
mod types;

use artisan_testkit::{Engine, TestDatabase, on_engine};

use crate::all;

on_engine!(
    sqlite,
    Sqlite,
    checks_converge,
    columns_converge,
    definitions_converge,
    foreign_keys_converge,
    indexes_converge,
    keys_converge,
    names_converge,
    renames_converge,
    pitfalls_converge,
    tables_converge,
    several_changes_converge,
    types_converge,
);

async fn checks_converge(_: TestDatabase) {
    all(Engine::Sqlite, checks::CASES).await;
}

async fn columns_converge(_: TestDatabase) {
    all(Engine::Sqlite, columns::CASES).await;
}

async fn definitions_converge(_: TestDatabase) {
    all(Engine::Sqlite, definitions::CASES).await;
}

async fn foreign_keys_converge(_: TestDatabase) {
    all(Engine::Sqlite, foreign_keys::CASES).await;
}

async fn indexes_converge(_: TestDatabase) {
    all(Engine::Sqlite, indexes::CASES).await;
}

async fn keys_converge(_: TestDatabase) {
    all(Engine::Sqlite, keys::CASES).await;
}

async fn names_converge(_: TestDatabase) {
    all(Engine::Sqlite, names::CASES).await;
}

async fn renames_converge(_: TestDatabase) {
    all(Engine::Sqlite, renames::CASES).await;
}

async fn pitfalls_converge(_: TestDatabase) {
    all(Engine::Sqlite, pitfalls::CASES).await;
}

async fn tables_converge(_: TestDatabase) {
    all(Engine::Sqlite, tables::CASES).await;
}

async fn several_changes_converge(_: TestDatabase) {
    all(Engine::Sqlite, together::CASES).await;
}

async fn types_converge(_: TestDatabase) {
    all(Engine::Sqlite, types::CASES).await;
}

//! Every file runs on every engine, forth and back.

use artisan_migrations::{
    File, MYSQL, MYSQL_SCHEMA, POSTGRES, POSTGRES_SCHEMA, SQLITE, SQLITE_SCHEMA,
};
use artisan_testkit::{Engine, TestDatabase};

artisan_testkit::on_every_engine! {
    every_file_runs_up_down_and_up_again,
    the_schema_file_runs_on_an_empty_database,
}

fn embedded(engine: Engine) -> (&'static [File], &'static str) {
    match engine {
        Engine::Sqlite => (SQLITE, SQLITE_SCHEMA),
        Engine::MariaDb | Engine::MySql => (MYSQL, MYSQL_SCHEMA),
        Engine::Postgres => (POSTGRES, POSTGRES_SCHEMA),
    }
}

async fn run(database: &TestDatabase, files: impl Iterator<Item = &File>) {
    for file in files {
        database.execute(file.text).await;
    }
}

async fn every_file_runs_up_down_and_up_again(database: TestDatabase) {
    let (files, _) = embedded(database.engine());
    let up = || files.iter().filter(|file| file.name.ends_with(".up.sql"));
    let down = || files.iter().rev().filter(|file| file.name.ends_with(".down.sql"));
    run(&database, up()).await;
    run(&database, down()).await;
    run(&database, up()).await;
}

async fn the_schema_file_runs_on_an_empty_database(database: TestDatabase) {
    database.execute(embedded(database.engine()).1).await;
}

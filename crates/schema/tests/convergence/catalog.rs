//! What the tests themselves ask of a database, past the crate.

mod mysql;
mod postgres;
pub(crate) mod sqlite;

use artisan_schema::ddl::{Script, Statement};
use artisan_schema::model::Schema;
use artisan_testkit::{Engine, TestDatabase};

/// Runs statements as they are; an empty text runs nothing.
pub(crate) async fn execute(database: &TestDatabase, sql: &str) -> Result<(), String> {
    // On SQLite, connecting is what makes the database.
    if sql.trim().is_empty() && database.engine() != Engine::Sqlite {
        return Ok(());
    }
    match database.engine() {
        Engine::Sqlite => sqlite::execute(database.url(), sql).await,
        Engine::MySql | Engine::MariaDb => mysql::execute(&database.plain_url(), sql).await,
        Engine::Postgres => postgres::execute(database.url(), sql).await,
    }
}

/// Runs one way of a script, as a runner does.
pub(crate) async fn apply(
    database: &TestDatabase,
    script: &Script,
    statements: &[Statement],
) -> Result<(), String> {
    if database.engine() == Engine::Sqlite {
        return sqlite::apply(database.url(), script, statements).await;
    }
    if database.engine() == Engine::Postgres {
        return postgres::apply(database.url(), script, statements).await;
    }
    for statement in statements {
        let done = execute(database, &statement.sql).await;
        done.map_err(|error| format!("{error}\nin {}", statement.sql))?;
    }
    Ok(())
}

/// The rows of a query of one text column, each on a line.
pub(crate) async fn rows(database: &TestDatabase, query: &str) -> String {
    match database.engine() {
        Engine::Sqlite => sqlite::rows(database.url(), query).await,
        Engine::MySql | Engine::MariaDb => mysql::rows(&database.plain_url(), query).await,
        Engine::Postgres => postgres::rows(database.url(), query).await,
    }
}

/// All that the engine itself prints of its catalog, as its dump tool does.
pub(crate) async fn printed(database: &TestDatabase) -> String {
    match database.engine() {
        Engine::Sqlite => sqlite::printed(database.url()).await,
        Engine::MySql | Engine::MariaDb => mysql::printed(&database.plain_url()).await,
        Engine::Postgres => postgres::printed(database.url()).await,
    }
}

/// Both schemas, with expressions that mean the same in the same words.
pub(crate) async fn settled(
    database: &TestDatabase,
    from: Schema,
    to: Schema,
) -> Result<(Schema, Schema), String> {
    match database.engine() {
        Engine::Sqlite | Engine::MySql | Engine::MariaDb => Ok((from, to)),
        Engine::Postgres => postgres::settled(database.url(), from, to).await,
    }
}

/// The lines that only one of two texts has.
pub(crate) fn differing(before: &str, after: &str) -> String {
    let lines = |mark: &str, these: &str, those: &str| -> String {
        let those: Vec<&str> = those.lines().collect();
        let only = these.lines().filter(|line| !those.contains(line));
        only.flat_map(|line| ["  ", mark, " ", line, "\n"]).collect()
    };
    lines("-", before, after) + &lines("+", after, before)
}

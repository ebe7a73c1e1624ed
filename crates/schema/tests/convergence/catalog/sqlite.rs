use std::str::FromStr;

use artisan_schema::ddl::{Script, Statement};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, Row, SqliteConnection};

async fn connect(url: &str) -> SqliteConnection {
    let options = SqliteConnectOptions::from_str(url).expect("a URL").create_if_missing(true);
    SqliteConnection::connect_with(&options).await.expect("a connection")
}

pub(crate) async fn execute(url: &str, sql: &str) -> Result<(), String> {
    let mut connection = connect(url).await;
    let done = connection.execute(sqlx::AssertSqlSafe(sql)).await;
    done.map(drop).map_err(|error| error.to_string())
}

/// The statements as they stand in a file.
pub(crate) fn file(statements: &[Statement]) -> String {
    statements.iter().flat_map(|one| [one.sql.as_str(), ";\n\n"]).collect()
}

/// Runs a file as sqlx-cli does: statement by statement on one connection with foreign keys on, in a
/// transaction unless the file says otherwise. The connection has to be left as it was.
pub(crate) async fn apply(
    url: &str,
    script: &Script,
    statements: &[Statement],
) -> Result<(), String> {
    let file = file(statements);
    let file = if script.no_transaction { file } else { format!("BEGIN;\n{file}COMMIT;\n") };
    let mut connection = connect(url).await;
    let done = connection.execute(sqlx::AssertSqlSafe(file)).await;
    done.map_err(|error| error.to_string())?;
    let settings = "SELECT foreign_keys || ' ' || legacy_alter_table || ' ' || \
         (SELECT count(*) FROM sqlite_temp_schema) \
         FROM pragma_foreign_keys, pragma_legacy_alter_table";
    let left: String = connection.fetch_one(settings).await.expect("the settings").get(0);
    if left == "1 0 0" { Ok(()) } else { Err(format!("the connection is left with {left}")) }
}

pub(crate) async fn rows(url: &str, query: &str) -> String {
    let mut connection = connect(url).await;
    let rows = connection.fetch_all(sqlx::AssertSqlSafe(query)).await.expect("the rows");
    let lines = rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default() + "\n");
    lines.collect()
}

/// Every statement as SQLite keeps it, letter by letter, which is what `.dump` prints; and whether the file
/// is sound. The counters of AUTOINCREMENT are rows.
pub(crate) async fn printed(url: &str) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'sqlite_sequence' \
               ORDER BY type, name";
    rows(url, sql).await + &rows(url, "PRAGMA integrity_check").await
}

/// Runs a file as the sqlite3 shell does: a statement that fails is told, and the next one is run.
pub(crate) async fn apply_heedlessly(url: &str, statements: &[Statement]) -> Vec<String> {
    let mut connection = connect(url).await;
    let mut errors = Vec::new();
    let parts = statements.iter().flat_map(|one| one.sql.split(";\n\n"));
    for statement in parts {
        let done = connection.execute(sqlx::AssertSqlSafe(statement)).await;
        errors.extend(done.err().map(|error| error.to_string()));
    }
    errors
}

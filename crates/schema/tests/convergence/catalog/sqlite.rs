use std::str::FromStr;

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

pub(crate) async fn rows(url: &str, query: &str) -> String {
    let mut connection = connect(url).await;
    let rows = connection.fetch_all(sqlx::AssertSqlSafe(query)).await.expect("the rows");
    let lines = rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default() + "\n");
    lines.collect()
}

/// Every statement as SQLite keeps it, which is what `.dump` prints.
pub(crate) async fn printed(url: &str) -> String {
    rows(url, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name").await
}

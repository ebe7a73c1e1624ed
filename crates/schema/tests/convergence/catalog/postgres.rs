use sqlx::{Connection, Executor, PgConnection, Row};

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("a connection")
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

use artisan_schema::model::Schema;

/// What the server prints of every object, the order of columns left out: no server moves one.
pub(crate) async fn printed(url: &str) -> String {
    rows(url, include_str!("postgres.sql")).await
}

pub(crate) async fn settled(
    _url: &str,
    from: Schema,
    to: Schema,
) -> Result<(Schema, Schema), String> {
    Ok((from, to))
}

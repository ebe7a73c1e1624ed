use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Row as _};

/// How often the question is asked: with a busy pooler one answer may be a coincidence.
const ROUNDS: usize = 3;

/// Whether a transaction pooler stands before the server: `PgBouncer`, or what works like it.
///
/// Two sessions that are open at once have one server process only behind a pooler. With several
/// server processes the first session keeps its own as long as nobody else works: a transaction of
/// the second one makes it move. Everything is sent as text, since prepared statements are what goes
/// wrong there.
pub(super) async fn stands_before(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let mut own = options.connect().await?;
    let mut other = match options.connect().await {
        Ok(other) => other,
        // A role may be allowed one session only; then nothing is found out.
        Err(error) if has_too_many(&error) => return own.close().await.map(|()| false),
        Err(error) => return Err(error),
    };
    let is_pooled = is_pooled(&mut own, &mut other).await;
    for connection in [own, other] {
        // The server ends the session in any case.
        let _ = connection.close().await;
    }
    is_pooled
}

/// `too_many_connections`
fn has_too_many(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some("53300")
}

async fn is_pooled(own: &mut PgConnection, other: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let first = process(own).await?;
    for _ in 0..ROUNDS {
        if process(other).await? == first {
            return Ok(true);
        }
        sqlx::raw_sql("BEGIN").execute(&mut *other).await?;
        let now = process(own).await?;
        sqlx::raw_sql("COMMIT").execute(&mut *other).await?;
        if now != first {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn process(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?.try_get(0)
}

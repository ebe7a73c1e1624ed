use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::Engine;

/// An empty database that belongs to one test and is dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    engine: Engine,
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _folder: TempDir },
    Server { url: String, name: String },
}

impl TestDatabase {
    /// Creates an empty database with a name of its own.
    ///
    /// # Panics
    /// When the engine has no server, or the server refuses: the test cannot run.
    pub async fn create(engine: Engine) -> Self {
        match engine.server_url() {
            None => Self::in_folder(engine),
            Some(server) => Self::on_server(engine, server).await,
        }
    }

    /// The engine it lives on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The URL that programs take as `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The URL for the test's own connections, without TLS: the driver asks `MySQL` for it, and each handshake
    /// waits 40 ms for a delayed acknowledgement.
    #[must_use]
    pub fn plain_url(&self) -> String {
        match self.engine {
            Engine::MySql | Engine::MariaDb => plain(&self.url),
            Engine::Sqlite | Engine::Postgres => self.url.clone(),
        }
    }

    /// Runs SQL text, several statements too, on a connection of its own.
    ///
    /// # Panics
    /// When the engine refuses it.
    pub async fn execute(&self, sql: &str) {
        execute(self.engine, &self.url, sql.to_owned()).await;
    }

    fn in_folder(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self { engine, url, place: Place::Folder { _folder: folder } }
    }

    async fn on_server(engine: Engine, server: String) -> Self {
        let name = unique_name();
        let charset = if engine == Engine::Postgres { "" } else { " CHARACTER SET utf8mb4" };
        execute(engine, &server, format!("CREATE DATABASE {name}{charset}")).await;
        let url = with_database(&server, &name);
        Self { engine, url, place: Place::Server { url: server, name } }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server { url, name } = &self.place else { return };
        let force = if self.engine == Engine::Postgres { " WITH (FORCE)" } else { "" };
        let sql = format!("DROP DATABASE IF EXISTS {name}{force}");
        let (engine, url) = (self.engine, url.clone());
        // Dropping happens inside the test's runtime, which cannot be entered twice.
        let dropping = std::thread::spawn(move || crate::block_on(execute(engine, &url, sql)));
        let is_dropped = dropping.join().is_ok();
        assert!(is_dropped || std::thread::panicking(), "{name} could not be dropped");
    }
}

async fn execute(engine: Engine, url: &str, sql: String) {
    let name = engine.name();
    let result = match engine {
        Engine::Postgres => run_on_postgres(url, sql).await,
        Engine::MariaDb | Engine::MySql => run_on_mysql(url, sql).await,
        Engine::Sqlite => run_on_sqlite(url, sql).await,
    };
    result.unwrap_or_else(|error| panic!("{name} refused: {error}"));
}

async fn run_on_sqlite(url: &str, sql: String) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

async fn run_on_postgres(url: &str, sql: String) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

async fn run_on_mysql(url: &str, sql: String) -> Result<(), sqlx::Error> {
    let mut connection = MySqlConnection::connect(&plain(url)).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await
}

fn plain(url: &str) -> String {
    format!("{url}{}ssl-mode=disabled", if url.contains('?') { '&' } else { '?' })
}

/// A name that no other test of this or another run has.
fn unique_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_nanos());
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("test_{:x}_{nanos:x}_{number}", std::process::id())
}

/// The server's URL with another database name; options after `?` stay.
fn with_database(server: &str, name: &str) -> String {
    let (base, options) = server.split_once('?').map_or((server, ""), |(base, rest)| (base, rest));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    let options = if options.is_empty() { String::new() } else { format!("?{options}") };
    format!("{}/{name}{options}", &base[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_name_is_replaced_and_options_stay() {
        let url = with_database("mysql://root:pw@127.0.0.1:3306/mysql?ssl-mode=disabled", "x");
        assert_eq!(url, "mysql://root:pw@127.0.0.1:3306/x?ssl-mode=disabled");
        assert_eq!(with_database("postgres://u@h", "x"), "postgres://u@h/x");
    }

    #[test]
    fn options_are_added_to_those_that_are_there() {
        assert_eq!(plain("mysql://h/x"), "mysql://h/x?ssl-mode=disabled");
        assert_eq!(plain("mysql://h/x?a=b"), "mysql://h/x?a=b&ssl-mode=disabled");
    }

    #[test]
    fn names_are_unique() {
        assert_ne!(unique_name(), unique_name());
    }
}

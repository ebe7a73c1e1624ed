//! The database under measurement: its own for each run, and the processes that serve it.

use artisan_testkit::{Engine, TestDatabase};
use sqlx::{Connection as _, MySqlConnection, PgConnection};

use crate::cpu;
use crate::failure::Failure;

/// The first process of a server, and the names that the process may have.
type Server = (u32, &'static [&'static str]);

/// An empty database and where the work for it is done.
#[derive(Debug)]
pub(crate) struct Database {
    own: TestDatabase,
    /// The server's first process, when it runs on this machine; `SQLite` has none.
    server: Option<Server>,
    /// The server's own word on its version.
    pub(crate) version: String,
}

impl Database {
    /// Makes one on the server that the engine's variable names.
    pub(crate) async fn create(engine: Engine) -> Result<Self, Failure> {
        let database = TestDatabase::create(engine).await;
        let (server, version) = match engine {
            Engine::Sqlite => (None, "in the process".to_owned()),
            Engine::Postgres => postgres(database.url()).await?,
            Engine::MariaDb | Engine::MySql => mysql(database.url()).await?,
        };
        Ok(Self { own: database, server, version })
    }

    /// What programs take as `DATABASE_URL`.
    pub(crate) fn url(&self) -> &str {
        self.own.url()
    }

    /// What serves it.
    pub(crate) fn engine(&self) -> Engine {
        self.own.engine()
    }

    /// The processes of the server, as they are now: connections may have their own.
    pub(crate) fn processes(&self) -> Vec<u32> {
        self.server.map(|(process, names)| cpu::family(process, names)).unwrap_or_default()
    }

    /// Whether a server works for this database that cannot be seen from here, so that its CPU
    /// time is missing from the numbers.
    pub(crate) fn is_out_of_sight(&self) -> bool {
        self.engine() != Engine::Sqlite && self.processes().is_empty()
    }

    /// Whether the statement is the last one of some connection, where the server can tell. To be asked while
    /// only the services are connected.
    pub(crate) async fn has_seen(&self, statement: &str) -> Result<bool, Failure> {
        if self.engine() != Engine::Postgres {
            return Ok(true);
        }
        let mut connection = PgConnection::connect(self.url()).await?;
        let seen: Vec<String> = sqlx::query_scalar(
            "SELECT query FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_all(&mut connection)
        .await?;
        connection.close().await?;
        // The server keeps no more than the beginning of a long statement.
        Ok(seen.iter().any(|seen| seen.len() > 100 && statement.starts_with(seen.as_str())))
    }

    /// Lets the server look at what was loaded, so that it does not do so amid the measurement and plan anew.
    /// `InnoDB` has done it by itself, and the service asks `SQLite` for nothing of the kind.
    pub(crate) async fn settle(&self) -> Result<(), Failure> {
        if self.engine() == Engine::Postgres {
            let mut connection = PgConnection::connect(self.url()).await?;
            sqlx::query("VACUUM ANALYZE").execute(&mut connection).await?;
            connection.close().await?;
        }
        Ok(())
    }
}

async fn postgres(url: &str) -> Result<(Option<Server>, String), Failure> {
    let mut connection = PgConnection::connect(url).await?;
    let (backend, version): (i32, String) =
        sqlx::query_as("SELECT pg_backend_pid(), current_setting('server_version')")
            .fetch_one(&mut connection)
            .await?;
    let server = u32::try_from(backend).ok().and_then(cpu::parent);
    connection.close().await?;
    Ok((server.map(|process| (process, ["postgres"].as_slice())), version))
}

async fn mysql(url: &str) -> Result<(Option<Server>, String), Failure> {
    let mut connection = MySqlConnection::connect(url).await?;
    let (pid_file, version): (String, String) =
        sqlx::query_as("SELECT @@pid_file, version()").fetch_one(&mut connection).await?;
    connection.close().await?;
    // An unpacked MySQL is run by its own loader, whose name the process then bears.
    let names: &[&str] = &["mariadbd", "mysqld", "ld-linux"];
    let process = std::fs::read_to_string(pid_file).ok().and_then(|pid| pid.trim().parse().ok());
    Ok((process.map(|process| (process, names)), version))
}

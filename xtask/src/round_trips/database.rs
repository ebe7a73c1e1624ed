use std::path::Path;
use std::process::Command;

use crate::cleanup::{Guard, Leftover};
use crate::command::capture;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::servers::{Server, ServerUrl};

/// A database for one recipe, dropped with this value.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) url: String,
    name: String,
    client: Client,
    _guard: Option<Guard>,
}

/// The engine's own client, and what it connects to.
#[derive(Debug)]
enum Client {
    Sqlite,
    Postgres { server: String },
    MySql(ServerUrl),
}

impl Database {
    /// An empty one, in `folder` or on the server.
    pub(crate) fn create(
        engine: Engine,
        server: Option<&Server>,
        folder: &Path,
        name: &str,
    ) -> Result<Self, Failure> {
        let Some(server) = server else {
            let name = folder.join(name).with_extension("db").display().to_string();
            return Ok(Self {
                url: format!("sqlite:{name}"),
                name,
                client: Client::Sqlite,
                _guard: None,
            });
        };
        let client = match engine {
            Engine::Postgres => Client::Postgres { server: server.url.clone() },
            Engine::MariaDb | Engine::MySql | Engine::Sqlite => {
                Client::MySql(ServerUrl::parse(engine, &server.url).map_err(Failure::new)?)
            }
        };
        let name = format!("recipe_{}_{name}", std::process::id());
        let url = at_database(&server.url, &name);
        let dropped = client.statement(&format!("DROP DATABASE IF EXISTS {name}"));
        let guard = dropped.map(|dropping| Guard::new(Leftover::Database { dropping }));
        let encoding = match engine {
            Engine::Postgres => "ENCODING 'UTF8' TEMPLATE template0",
            Engine::MariaDb | Engine::MySql | Engine::Sqlite => "CHARACTER SET utf8mb4",
        };
        if let Some(mut made) = client.statement(&format!("CREATE DATABASE {name} {encoding}")) {
            capture(&mut made)?;
        }
        Ok(Self { url, name, client, _guard: guard })
    }

    /// Runs a file of SQL by the engine's own client, which ends at the first mistake.
    pub(crate) fn load(&self, file: &Path) -> Result<(), Failure> {
        let file = file.display().to_string();
        let mut command = match &self.client {
            Client::Sqlite => {
                let mut command = Command::new("sqlite3");
                command.args(["-bail", &self.name, &format!(".read '{file}'")]);
                command
            }
            Client::Postgres { .. } => psql(&self.url, &["--file", &file]),
            Client::MySql(server) => {
                mariadb(server, &[&self.name, "--execute", &format!("source {file}")])
            }
        };
        capture(&mut command).map(drop)
    }
}

impl Client {
    /// What runs a statement on the server; nothing on `SQLite`, which has none.
    fn statement(&self, sql: &str) -> Option<Command> {
        match self {
            Self::Sqlite => None,
            Self::Postgres { server } => Some(psql(server, &["--command", sql])),
            Self::MySql(server) => Some(mariadb(server, &["--execute", sql])),
        }
    }
}

fn psql(url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]).args(arguments).arg(url);
    command
}

fn mariadb(server: &ServerUrl, arguments: &[&str]) -> Command {
    let mut command = Command::new("mariadb");
    // Not as an argument, which every account of the machine may read.
    command.env("MYSQL_PWD", &server.password);
    command.args(["--no-defaults", "--default-character-set=utf8mb4", "--protocol=tcp"]);
    command.args(["--host", &server.host, "--port", &server.port.to_string()]);
    command.args(["--user", &server.user]).args(arguments);
    command
}

/// The URL with another database in it.
fn at_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(a, o)| (a, Some(o)));
    let scheme = address.find("://").map_or(0, |at| at + "://".len());
    let end = address.get(scheme..).and_then(|rest| rest.find('/')).map(|at| scheme + at);
    let address = address.get(..end.unwrap_or(address.len())).unwrap_or(address);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{address}/{name}{options}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_names_another_database() {
        assert_eq!(
            at_database("mysql://root@[::1]:3306/mysql?a=/b", "x"),
            "mysql://root@[::1]:3306/x?a=/b"
        );
        assert_eq!(at_database("postgres://u:p@db", "x"), "postgres://u:p@db/x");
    }
}

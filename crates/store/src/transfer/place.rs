use std::fmt;
use std::path::PathBuf;
use std::str::FromStr as _;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::ConnectError;
use crate::engine::{Engine as _, MySql, Postgres, Sqlite};
use crate::url::{DatabaseUrl, Scheme};

/// Which database it is, for people: nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The engine, by its name in OpenTelemetry's conventions.
    pub engine: &'static str,
    /// `HOST:PORT/NAME`, or the path of a file.
    pub path: String,
}

impl Place {
    /// What a URL names.
    pub(super) fn of(url: &DatabaseUrl) -> Result<Self, ConnectError> {
        let malformed = |_| ConnectError::Malformed;
        let text = url.text.as_str();
        let (engine, path) = match url.scheme {
            Scheme::Sqlite => {
                let options = SqliteConnectOptions::from_str(text).map_err(malformed)?;
                (Sqlite::SYSTEM, options.get_filename().display().to_string())
            }
            Scheme::MySql => {
                let options = MySqlConnectOptions::from_str(text).map_err(malformed)?;
                let server = server(options.get_socket(), options.get_host(), options.get_port());
                (MySql::SYSTEM, format!("{server}/{}", options.get_database().unwrap_or_default()))
            }
            Scheme::Postgres => {
                let options = PgConnectOptions::from_str(text).map_err(malformed)?;
                let server = server(options.get_socket(), options.get_host(), options.get_port());
                (
                    Postgres::SYSTEM,
                    format!("{server}/{}", options.get_database().unwrap_or_default()),
                )
            }
        };
        Ok(Self { engine, path })
    }
}

/// A socket is told instead of the host that it stands for.
fn server(socket: Option<&PathBuf>, host: &str, port: u16) -> String {
    let socket = socket.map(|path| path.display().to_string());
    format!("{}:{port}", socket.as_deref().unwrap_or(host))
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.engine, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_shows_no_credentials() {
        for (url, told) in [
            ("postgres://ana:hunter2@db.example/accounts", "postgresql db.example:5432/accounts"),
            ("mysql://ana:hunter2@10.0.0.1:3307/a?ssl-mode=disabled", "mysql 10.0.0.1:3307/a"),
            ("postgres://h:1/a?user=ana&password=hunter2", "postgresql h:1/a"),
            ("postgres://ana@%2Frun%2Fpg/a", "postgresql /run/pg:5432/a"),
            ("sqlite://data/artisan.db?mode=rw", "sqlite data/artisan.db"),
        ] {
            let url = DatabaseUrl::parse(url).unwrap();
            assert_eq!(Place::of(&url).unwrap().to_string(), told);
        }
    }
}

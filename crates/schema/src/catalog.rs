//! The engines' catalogs, each asked in its own words.
//!
//! The questions are plain SQL files beside the code that reads their answers.

pub mod mysql;
pub mod postgres;
pub mod sqlite;

use std::collections::BTreeMap;
use std::str::FromStr;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};

use crate::model::{Name, Schema, Table};
use crate::{Error, Scope};

/// Connects to the database that a URL names, and reads the schema that the connection stands in.
///
/// On `PostgreSQL` that is the first schema of the search path that exists, elsewhere the database.
/// A missing `SQLite` file is an error, not an empty schema.
///
/// # Errors
/// [`Error::UnknownEngine`] for another scheme, [`Error::Connect`] without a connection, and what
/// the engine's own `read` says.
pub async fn read(url: &str, scope: &Scope) -> Result<Schema, Error> {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme {
        "sqlite" => {
            let options = SqliteConnectOptions::from_str(url).map_err(Error::Connect)?;
            let options = options.read_only(true);
            let connecting = SqliteConnection::connect_with(&options).await;
            sqlite::read(&mut connecting.map_err(Error::Connect)?, scope).await
        }
        "mysql" | "mariadb" => {
            let options = mysql_options(url).map_err(Error::Connect)?;
            let connecting = MySqlConnection::connect_with(&options).await;
            mysql::read(&mut connecting.map_err(Error::Connect)?, scope).await
        }
        "postgres" | "postgresql" => {
            let options = postgres_options(url).map_err(Error::Connect)?;
            let connecting = PgConnection::connect_with(&options).await;
            postgres::read(&mut connecting.map_err(Error::Connect)?, scope).await
        }
        _ => Err(Error::UnknownEngine),
    }
}

/// What sqlx reads in a URL of `MySQL` or `MariaDB`, with an IPv6 address as such.
///
/// # Errors
/// What sqlx does not understand.
pub fn mysql_options(url: &str) -> Result<MySqlConnectOptions, sqlx::Error> {
    let options = MySqlConnectOptions::from_str(url)?;
    let address = bare(options.get_host());
    Ok(if let Some(address) = address { options.host(&address) } else { options })
}

/// What sqlx reads in a URL of `PostgreSQL`, with an IPv6 address as such.
///
/// # Errors
/// What sqlx does not understand.
pub fn postgres_options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    let address = bare(options.get_host());
    Ok(if let Some(address) = address { options.host(&address) } else { options })
}

/// An IPv6 address without the brackets that a URL puts around it, and that sqlx leaves there.
fn bare(host: &str) -> Option<String> {
    host.strip_prefix('[')?.strip_suffix(']').map(str::to_owned)
}

/// The tables of a schema while they are filled, question by question.
///
/// Rows about tables that are out of scope, or that appeared between two questions, are dropped.
struct Tables {
    tables: BTreeMap<Name, Table>,
}

impl Tables {
    const fn new() -> Self {
        Self { tables: BTreeMap::new() }
    }

    fn insert(&mut self, name: Name, table: Table) {
        self.tables.insert(name, table);
    }

    /// The table of this name in the current schema.
    fn get_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.get_mut(&Name::local(name))
    }

    /// The tables, sorted in themselves.
    fn finish(mut self) -> BTreeMap<Name, Table> {
        self.tables.values_mut().for_each(Table::normalise);
        self.tables
    }
}

/// A comment as the model has it: the engines say "none" by NULL or by an empty text.
fn comment(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_in_brackets_is_one() {
        let mysql = mysql_options("mysql://u@[::1]:3306/d").unwrap();
        assert_eq!((mysql.get_host(), mysql.get_port()), ("::1", 3306));
        let postgres = postgres_options("postgres://u@[fe80::1]/d").unwrap();
        assert_eq!((postgres.get_host(), postgres.get_port()), ("fe80::1", 5432));
        assert_eq!(mysql_options("mysql://u@db.example/d").unwrap().get_host(), "db.example");
    }
}

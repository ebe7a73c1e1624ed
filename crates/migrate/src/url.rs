use std::fmt;
use std::str::FromStr;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::Engine;
use crate::backend::known_parameters;

/// The place of a database, parsed from a URL; shows itself without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    engine: Engine,
    /// The URL with a scheme that the driver knows.
    text: String,
    has_password: bool,
}

/// Why a text is no database URL. Never repeats the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// There is nothing to parse.
    #[error("the database URL is empty")]
    Empty,
    /// No scheme at the beginning.
    #[error(
        "the database URL has no scheme: write sqlite:PATH, mysql://, mariadb://, postgres:// or \
         postgresql://"
    )]
    NoScheme,
    /// A scheme of another system.
    #[error(
        "the database URL's scheme is not supported: write sqlite:PATH, mysql://, mariadb://, \
         postgres:// or postgresql://"
    )]
    UnknownScheme,
    /// An `@`, `/` or `:` in the user or password that would be read as something else.
    #[error(
        "the user name or password in the database URL holds a character that must be \
         percent-encoded (`/` as %2F, `@` as %40, `#` as %23, `?` as %3F)"
    )]
    Unencoded,
    /// `SQLite` without a path.
    #[error("the database URL names no file: write sqlite:PATH")]
    NoPath,
    /// `MySQL` without a database.
    #[error("the database URL names no database: write it after the host, as in mysql://host/NAME")]
    NoDatabase,
    /// The driver does not understand the rest.
    #[error("the database URL cannot be read: check its port, host and options")]
    Malformed,
}

impl DatabaseUrl {
    /// Parses `sqlite:PATH`, `sqlite://PATH`, `mysql://`, `mariadb://`, `postgres://` and
    /// `postgresql://` URLs; `SQLAlchemy`'s driver suffixes (`mysql+pymysql://`) are ignored.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(UrlError::Empty);
        }
        let (scheme, rest) = text.split_once(':').ok_or(UrlError::NoScheme)?;
        let engine = engine_of(scheme)?;
        match engine {
            Engine::Sqlite if scheme.contains('+') => Self::file(sqlalchemys(rest)),
            Engine::Sqlite => Self::file(rest),
            Engine::MySql | Engine::MariaDb | Engine::Postgres => Self::server(engine, rest),
        }
    }

    /// The engine the scheme names; only a connection tells `MySQL` and `MariaDB` apart for sure.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether the URL itself carries a password.
    #[must_use]
    pub const fn has_password(&self) -> bool {
        self.has_password
    }

    /// The text for the driver, secrets included.
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }

    /// Another database on the same server; the options stay.
    pub(crate) fn with_database(&self, name: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = self.text.split_once("://").ok_or(UrlError::NoScheme)?;
        let (authority, tail) = split_authority(rest);
        let options = tail.find(['?', '#']).and_then(|at| tail.get(at..)).unwrap_or_default();
        Self::parse(&format!("{scheme}://{authority}/{name}{options}"))
    }

    fn file(rest: &str) -> Result<Self, UrlError> {
        let path = rest.strip_prefix("//").unwrap_or(rest);
        if path.is_empty() || path.starts_with('?') {
            return Err(UrlError::NoPath);
        }
        let text = format!("sqlite://{path}");
        SqliteConnectOptions::from_str(&text).map_err(|_| UrlError::Malformed)?;
        Ok(Self { engine: Engine::Sqlite, text, has_password: false })
    }

    fn server(engine: Engine, rest: &str) -> Result<Self, UrlError> {
        let rest = &as_drivers_have_it(engine, rest.strip_prefix("//").ok_or(UrlError::NoScheme)?);
        let (authority, tail) = split_authority(rest);
        let path = tail.split(['?', '#']).next().unwrap_or_default();
        if authority.matches('@').count() > 1 || path.contains('@') || tail.starts_with('#') {
            return Err(UrlError::Unencoded);
        }
        if engine != Engine::Postgres && path.trim_start_matches('/').is_empty() {
            return Err(UrlError::NoDatabase);
        }
        let scheme = if engine == Engine::Postgres { "postgres" } else { "mysql" };
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        let has_password = user.contains(':') || tail.contains("password=");
        let text = format!("{scheme}://{rest}");
        // The driver's own words are not passed on: they may repeat a secret.
        let is_read = match engine {
            Engine::Postgres => PgConnectOptions::from_str(&known_parameters(&text)).is_ok(),
            Engine::MySql | Engine::MariaDb | Engine::Sqlite => {
                MySqlConnectOptions::from_str(&text).is_ok()
            }
        };
        if is_read { Ok(Self { engine, text, has_password }) } else { Err(UrlError::Malformed) }
    }
}

/// The path behind the empty host of `SQLAlchemy`'s `sqlite+aiosqlite:///PATH`, which may be relative:
/// <https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#connect-strings>
fn sqlalchemys(rest: &str) -> &str {
    rest.strip_prefix("///").unwrap_or(rest)
}

/// What `SQLAlchemy` says in words that the drivers pass over or refuse: the socket of `MySQL`, and a user of
/// `PostgreSQL` before no host.
fn as_drivers_have_it(engine: Engine, rest: &str) -> String {
    let (authority, tail) = split_authority(rest);
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    match engine {
        Engine::MySql | Engine::MariaDb if query.contains("unix_socket=") => {
            let host =
                if authority.is_empty() || authority.ends_with('@') { "localhost" } else { "" };
            let own = |word: &str| match word.split_once('=') {
                Some(("unix_socket", place)) => format!("socket={place}"),
                _ => word.to_owned(),
            };
            let words: Vec<String> = query.split('&').map(own).collect();
            format!("{authority}{host}{path}?{}", words.join("&"))
        }
        Engine::Postgres if authority.len() > 1 => {
            let user = authority.strip_suffix('@').filter(|user| !user.contains('@'));
            let Some(user) = user else { return rest.to_owned() };
            // In a query, a plus sign is a space, and an ampersand ends the value.
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            let [user, password] =
                [user, password].map(|word| word.replace('+', "%2B").replace('&', "%26"));
            let mut words = format!("user={user}");
            if !password.is_empty() {
                words.push_str("&password=");
                words.push_str(&password);
            }
            let more = if query.is_empty() { "" } else { "&" };
            format!("{path}?{words}{more}{query}")
        }
        Engine::Sqlite | Engine::MySql | Engine::MariaDb | Engine::Postgres => rest.to_owned(),
    }
}

fn engine_of(scheme: &str) -> Result<Engine, UrlError> {
    let name = scheme.split('+').next().unwrap_or_default();
    match name {
        "sqlite" => Ok(Engine::Sqlite),
        "mysql" => Ok(Engine::MySql),
        "mariadb" => Ok(Engine::MariaDb),
        "postgres" | "postgresql" => Ok(Engine::Postgres),
        _ => Err(UrlError::UnknownScheme),
    }
}

fn split_authority(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.text.split_once("://").unwrap_or(("", ""));
        if self.engine == Engine::Sqlite {
            return write!(f, "sqlite:{}", rest.split('?').next().unwrap_or_default());
        }
        let (authority, tail) = split_authority(rest);
        let path = tail.split(['?', '#']).next().unwrap_or_default();
        match authority.rsplit_once('@') {
            None => write!(f, "{scheme}://{authority}{path}"),
            Some((user, host)) => {
                let (name, password) = user.split_once(':').unwrap_or((user, ""));
                let hidden = if password.is_empty() { "" } else { ":***" };
                write!(f, "{scheme}://{name}{hidden}@{host}{path}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(text: &str) -> Engine {
        DatabaseUrl::parse(text).unwrap().engine()
    }

    #[test]
    fn every_documented_scheme_is_read() {
        assert_eq!(engine("sqlite:data/a.db"), Engine::Sqlite);
        assert_eq!(engine("sqlite:///data/a.db"), Engine::Sqlite);
        assert_eq!(engine("mysql+pymysql://u@h/d"), Engine::MySql);
        assert_eq!(engine("mariadb://u@h/d"), Engine::MariaDb);
        assert_eq!(engine("postgresql+psycopg://u@h/d"), Engine::Postgres);
        assert_eq!(engine("postgres://h"), Engine::Postgres);
    }

    #[test]
    fn path_behind_a_driver_is_read_as_sqlalchemy_reads_it() {
        let shown = |text| DatabaseUrl::parse(text).unwrap().to_string();
        assert_eq!(shown("sqlite+aiosqlite:///rel.db"), "sqlite:rel.db");
        assert_eq!(shown("sqlite+pysqlite:////data/a.db"), "sqlite:/data/a.db");
        assert_eq!(shown("sqlite:///data/a.db"), "sqlite:/data/a.db");
        assert_eq!(DatabaseUrl::parse("sqlite+aiosqlite://"), Err(UrlError::NoPath));
    }

    #[test]
    fn words_of_sqlalchemy_are_read_as_it_means_them() {
        let driver = |text| DatabaseUrl::parse(text).unwrap().expose().to_owned();
        assert_eq!(
            driver("mysql+pymysql://u:p@localhost/d?charset=utf8mb4&unix_socket=/run/my.sock"),
            "mysql://u:p@localhost/d?charset=utf8mb4&socket=/run/my.sock"
        );
        let url = DatabaseUrl::parse("postgresql+psycopg://u:a+b%20c@/d?host=/run/pg").unwrap();
        assert_eq!(url.expose(), "postgres:///d?user=u&password=a%2Bb%20c&host=/run/pg");
        assert_eq!(url.to_string(), "postgres:///d");
        assert!(url.has_password());
        let options = PgConnectOptions::from_str(url.expose()).unwrap();
        assert_eq!(options.get_username(), "u");
        assert_eq!(options.get_socket().map(std::path::PathBuf::as_path), Some("/run/pg".as_ref()));
        assert_eq!(driver("postgresql://u@/d"), "postgres:///d?user=u");
        assert_eq!(
            driver("postgresql://u:a&sslmode=x@/d"),
            "postgres:///d?user=u&password=a%26sslmode=x"
        );
        assert_eq!(DatabaseUrl::parse("postgresql://u:a@b@/d"), Err(UrlError::Unencoded));
        assert_eq!(
            driver("mysql+pymysql://u:p@/d?unix_socket=/s"),
            "mysql://u:p@localhost/d?socket=/s"
        );
        assert_eq!(driver("postgresql:///d"), "postgres:///d");
    }

    #[test]
    fn password_is_never_shown() {
        let url = DatabaseUrl::parse("mysql://root:s3cret@h:3306/d?password=s3cret").unwrap();
        assert_eq!(url.to_string(), "mysql://root:***@h:3306/d");
        assert!(!format!("{url:?}").contains("s3cret"));
        assert!(url.has_password());
    }

    #[test]
    fn unencoded_password_is_refused_without_an_echo() {
        for text in ["postgres://u:a/b@h/d", "postgres://u:a@b@h/d", "postgres://u:p#x@h/d"] {
            let error = DatabaseUrl::parse(text).unwrap_err();
            assert_eq!(error, UrlError::Unencoded, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(DatabaseUrl::parse(" "), Err(UrlError::Empty));
        assert_eq!(DatabaseUrl::parse("data/a.db"), Err(UrlError::NoScheme));
        assert_eq!(DatabaseUrl::parse("oracle://h/d"), Err(UrlError::UnknownScheme));
        assert_eq!(DatabaseUrl::parse("sqlite:"), Err(UrlError::NoPath));
        assert_eq!(DatabaseUrl::parse("mysql://h"), Err(UrlError::NoDatabase));
        for text in ["postgres://h:abc/d", "mysql://h:99999/d", "sqlite:a.db?mode=fast"] {
            assert_eq!(DatabaseUrl::parse(text), Err(UrlError::Malformed), "{text}");
        }
    }
}

use crate::ConnectError;
use crate::engine::{mysql_place, postgres_place, sqlite_place};

/// What a database URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Sqlite,
    MySql,
    Postgres,
}

/// A database URL in the one spelling that the drivers take.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DatabaseUrl {
    pub(crate) scheme: Scheme,
    pub(crate) text: String,
}

impl DatabaseUrl {
    /// Takes every spelling that `migrate` takes, `SQLAlchemy`'s driver suffixes among them.
    pub(crate) fn parse(url: &str) -> Result<Self, ConnectError> {
        let (scheme, rest) = url.trim().split_once(':').ok_or(ConnectError::UnknownScheme)?;
        let (engine, has_driver) =
            scheme.split_once('+').map_or((scheme, false), |(engine, _driver)| (engine, true));
        let (scheme, name) = match engine {
            "sqlite" => (Scheme::Sqlite, "sqlite"),
            "mysql" | "mariadb" => (Scheme::MySql, "mysql"),
            "postgres" | "postgresql" => (Scheme::Postgres, "postgres"),
            _ => return Err(ConnectError::UnknownScheme),
        };
        let Some(place) = rest.strip_prefix("//") else {
            return match scheme {
                Scheme::Sqlite => Ok(Self { scheme, text: format!("{name}:{rest}") }),
                Scheme::MySql | Scheme::Postgres => Err(ConnectError::Malformed),
            };
        };
        let place = match scheme {
            // Behind a driver's name the path may be relative: it follows an empty host.
            Scheme::Sqlite if has_driver => place.strip_prefix('/').unwrap_or(place).to_owned(),
            Scheme::Sqlite => place.to_owned(),
            Scheme::MySql => {
                let socket =
                    place.replace("?unix_socket=", "?socket=").replace("&unix_socket=", "&socket=");
                if socket == place { socket } else { socket.replacen("@/", "@localhost/", 1) }
            }
            Scheme::Postgres => without_host(place).unwrap_or_else(|| place.to_owned()),
        };
        Ok(Self { scheme, text: format!("{name}://{place}") })
    }
}

impl DatabaseUrl {
    /// Refuses what no pool can be made of.
    pub(crate) fn check(&self) -> Result<(), ConnectError> {
        match self.scheme {
            Scheme::Sqlite => sqlite_place(&self.text).map(drop),
            Scheme::MySql => mysql_place(&self.text).map(drop),
            Scheme::Postgres => postgres_place(&self.text).map(drop),
        }
    }
}

/// A user before no host as parameters, where the driver takes it.
fn without_host(place: &str) -> Option<String> {
    let (user, tail) = place.split_once("@/").filter(|(user, _)| !user.contains(['/', '?']))?;
    // In a query, a plus sign is a space, and an ampersand ends the value.
    let user = user.replace('+', "%2B").replace('&', "%26").replacen(':', "&password=", 1);
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    Some(format!("/{path}?user={user}&{query}").trim_end_matches('&').to_owned())
}

/// An IPv6 address without the brackets that a URL puts around it, and that sqlx leaves there.
pub(crate) fn bare_address(host: &str) -> Option<String> {
    host.strip_prefix('[')?.strip_suffix(']').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn brackets_around_an_address_are_the_urls() {
        assert_eq!(bare_address("[::1]").as_deref(), Some("::1"));
        assert_eq!(bare_address("db.example"), None);
    }

    fn parsed(url: &str) -> Result<(Scheme, String), ConnectError> {
        DatabaseUrl::parse(url).map(|url| (url.scheme, url.text))
    }

    #[test]
    fn every_spelling_is_taken() {
        for (url, scheme, text) in [
            ("sqlite:a.db", Scheme::Sqlite, "sqlite:a.db"),
            ("sqlite://data/a.db", Scheme::Sqlite, "sqlite://data/a.db"),
            ("mysql://u:p@h/d", Scheme::MySql, "mysql://u:p@h/d"),
            ("mariadb://u@h/d", Scheme::MySql, "mysql://u@h/d"),
            ("mysql+pymysql://u@h/d", Scheme::MySql, "mysql://u@h/d"),
            ("postgres://u@h/d", Scheme::Postgres, "postgres://u@h/d"),
            ("postgresql+psycopg://u@h/d\n", Scheme::Postgres, "postgres://u@h/d"),
            ("sqlite+aiosqlite:///a.db", Scheme::Sqlite, "sqlite://a.db"),
            ("sqlite+pysqlite:////data/a.db", Scheme::Sqlite, "sqlite:///data/a.db"),
            ("mysql://u@h/d?unix_socket=/s", Scheme::MySql, "mysql://u@h/d?socket=/s"),
            ("mysql://u@/d?unix_socket=/s", Scheme::MySql, "mysql://u@localhost/d?socket=/s"),
            ("postgres://u@/d", Scheme::Postgres, "postgres:///d?user=u"),
            (
                "postgresql://u:a+b&c@/d?host=/s",
                Scheme::Postgres,
                "postgres:///d?user=u&password=a%2Bb%26c&host=/s",
            ),
        ] {
            assert_eq!(parsed(url), Ok((scheme, text.to_owned())), "{url}");
        }
    }

    #[test]
    fn what_names_no_engine_is_refused() {
        for url in ["", "data/a.db", "oracle://h/d", "http://h", "+sqlite:a"] {
            assert_eq!(parsed(url), Err(ConnectError::UnknownScheme), "{url}");
        }
        assert_eq!(parsed("mysql:u@h/d"), Err(ConnectError::Malformed));
    }

    #[test]
    fn what_no_pool_can_be_made_of_is_refused_without_one() {
        for (url, problem) in [
            ("oracle://h/d", ConnectError::UnknownScheme),
            ("mysql://h:port/d", ConnectError::Malformed),
            ("postgres://u@h:99999/d", ConnectError::Malformed),
            ("sqlite::memory:", ConnectError::InMemory),
        ] {
            assert_eq!(Store::check(url), Err(problem), "{url}");
        }
        for url in ["sqlite://a.db", "mariadb://u:p@[::1]:3306/d", "postgresql://u@/d?host=/s"] {
            assert_eq!(Store::check(url), Ok(()), "{url}");
        }
        let primary = "postgres://u@h/d";
        let check = |url| Store::check_replica(url, primary);
        assert_eq!(check("postgres://u@other/d"), Ok(()));
        assert_eq!(check("mysql://u@h/d"), Err(ConnectError::OtherEngine));
        assert_eq!(check("sqlite://a.db"), Err(ConnectError::NoReplicas));
        assert_eq!(check("postgres://u@h:99999/d"), Err(ConnectError::Malformed));
    }
}

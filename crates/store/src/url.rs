use crate::ConnectError;

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
        let engine = scheme.split_once('+').map_or(scheme, |(engine, _driver)| engine);
        let (scheme, name) = match engine {
            "sqlite" => (Scheme::Sqlite, "sqlite"),
            "mysql" | "mariadb" => (Scheme::MySql, "mysql"),
            "postgres" | "postgresql" => (Scheme::Postgres, "postgres"),
            _ => return Err(ConnectError::UnknownScheme),
        };
        if scheme != Scheme::Sqlite && !rest.starts_with("//") {
            return Err(ConnectError::Malformed);
        }
        Ok(Self { scheme, text: format!("{name}:{rest}") })
    }
}

/// An IPv6 address without the brackets that a URL puts around it, and that sqlx leaves there.
pub(crate) fn bare_address(host: &str) -> Option<String> {
    host.strip_prefix('[')?.strip_suffix(']').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}

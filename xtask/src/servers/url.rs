use crate::engine::Engine;

/// The parts of a server's URL that a greeting needs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ServerUrl {
    pub(crate) user: String,
    /// As it stands in the URL.
    pub(crate) password: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
}

impl ServerUrl {
    /// Parses `scheme://user[:password]@host[:port][/database][?options]`.
    ///
    /// The message never repeats the URL, which may hold a password.
    pub(crate) fn parse(engine: Engine, url: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").ok_or("it has no scheme://")?;
        let (expected, default_port): (&[&str], u16) = match engine {
            Engine::Postgres => (&["postgres", "postgresql"], 5432),
            Engine::MariaDb | Engine::MySql => (&["mysql", "mariadb"], 3306),
            Engine::Sqlite => (&[], 0),
        };
        if !expected.contains(&scheme) {
            return Err(format!("its scheme must be {}://", expected.join(":// or ")));
        }
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, address) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        let (host, port) = split_port(address, default_port)?;
        if host.is_empty() {
            return Err("it names no host".to_owned());
        }
        let (user, password) = (user.to_owned(), password.to_owned());
        Ok(Self { user, password, host, port, database: database.to_owned() })
    }
}

fn split_port(address: &str, default: u16) -> Result<(String, u16), String> {
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => match address.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        },
    };
    let port = match port {
        None => default,
        Some(text) => text.parse().map_err(|_| "its port is no number".to_owned())?,
    };
    Ok((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(engine: Engine, url: &str) -> (String, String, u16, String) {
        let url = ServerUrl::parse(engine, url).unwrap();
        (url.user, url.host, url.port, url.database)
    }

    #[test]
    fn parts_are_found() {
        let (user, host, port, database) =
            parts(Engine::MySql, "mysql://root:p@ss@127.0.0.1:3307/mysql?ssl-mode=disabled");
        assert_eq!((user.as_str(), host.as_str(), port), ("root", "127.0.0.1", 3307));
        assert_eq!(database, "mysql");
    }

    #[test]
    fn port_has_the_engines_default() {
        assert_eq!(parts(Engine::Postgres, "postgresql://u@db").2, 5432);
        assert_eq!(parts(Engine::MariaDb, "mariadb://u@db/x").2, 3306);
    }

    #[test]
    fn ipv6_addresses_stand_in_brackets() {
        let (_, host, port, _) = parts(Engine::Postgres, "postgres://u@[::1]:5433/x");
        assert_eq!((host.as_str(), port), ("::1", 5433));
    }

    #[test]
    fn another_engines_scheme_is_refused() {
        let error = ServerUrl::parse(Engine::MySql, "postgres://u@h").unwrap_err();
        assert_eq!(error, "its scheme must be mysql:// or mariadb://");
    }

    #[test]
    fn a_broken_url_is_refused_without_repeating_it() {
        for url in ["secret", "mysql://u:secret@h:port", "mysql://u:secret@"] {
            let error = ServerUrl::parse(Engine::MySql, url).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}

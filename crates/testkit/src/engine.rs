/// A database engine that the tests run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The bundled library, on a temporary file.
    Sqlite,
    /// A `MariaDB` server, named by `TEST_MARIADB_URL`.
    MariaDb,
    /// A `MySQL` server, named by `TEST_MYSQL_URL`.
    MySql,
    /// A `PostgreSQL` server, named by `TEST_POSTGRES_URL`.
    Postgres,
}

impl Engine {
    /// Every engine, in the order of the summaries.
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::MariaDb, Self::MySql, Self::Postgres];

    /// The name that `--without` takes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::MariaDb => "mariadb",
            Self::MySql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// The variable that names the engine's server; `SQLite` needs none.
    #[must_use]
    pub const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::MariaDb => Some("TEST_MARIADB_URL"),
            Self::MySql => Some("TEST_MYSQL_URL"),
            Self::Postgres => Some("TEST_POSTGRES_URL"),
        }
    }

    /// The URL of the engine's server.
    ///
    /// # Panics
    /// When the variable is not set: a missing engine must fail its tests.
    pub(crate) fn server_url(self) -> Option<String> {
        self.variable().map(|name| {
            std::env::var(name).unwrap_or_else(|_| {
                panic!(
                    "no {} server for the tests: run them through `cargo xtask test`, which finds \
                     or starts one, or set {name}",
                    self.name()
                )
            })
        })
    }
}

use std::fmt;

use clap::ValueEnum;

/// A database engine that the tests run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    #[value(name = "mariadb")]
    MariaDb,
    #[value(name = "mysql")]
    MySql,
    Postgres,
}

impl Engine {
    /// Every engine, in the order of the summary.
    pub(crate) const ALL: [Self; 4] = [Self::Sqlite, Self::MariaDb, Self::MySql, Self::Postgres];

    /// The name of its tests' modules, which `--without` takes too.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::MariaDb => "mariadb",
            Self::MySql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// The engine's name as its makers write it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::MariaDb => "MariaDB",
            Self::MySql => "MySQL",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// The folder of a project that has its migrations: two engines share one.
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::MariaDb | Self::MySql => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// The variable through which the tests learn of its server; `SQLite` has none.
    pub(crate) const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::MariaDb => Some("TEST_MARIADB_URL"),
            Self::MySql => Some("TEST_MYSQL_URL"),
            Self::Postgres => Some("TEST_POSTGRES_URL"),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

use std::fmt;

/// A database engine that migrations run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// `SQLite`, in this process.
    Sqlite,
    /// Oracle's `MySQL` and what speaks its protocol.
    MySql,
    /// `MariaDB`; told apart from `MySQL` once connected.
    MariaDb,
    /// `PostgreSQL` and what speaks its protocol.
    Postgres,
}

impl Engine {
    /// The name in documents and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
            Self::Postgres => "postgres",
        }
    }

    /// The folder of its migrations in a directory that serves several engines.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::MySql | Self::MariaDb => "mysql",
            Self::Postgres => "postgres",
        }
    }

    /// Whether DDL takes part in transactions, so that a whole file can be one transaction.
    #[must_use]
    pub const fn has_transactional_ddl(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres => true,
            Self::MySql | Self::MariaDb => false,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

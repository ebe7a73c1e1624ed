//! What several commands let one choose from.

use artisan_migrate::{Engine, Phases};
use clap::ValueEnum;

/// An engine, by the name that URLs give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineArg {
    Sqlite,
    Mysql,
    Mariadb,
    Postgres,
}

impl From<EngineArg> for Engine {
    fn from(engine: EngineArg) -> Self {
        match engine {
            EngineArg::Sqlite => Self::Sqlite,
            EngineArg::Mysql => Self::MySql,
            EngineArg::Mariadb => Self::MariaDb,
            EngineArg::Postgres => Self::Postgres,
        }
    }
}

/// A phase of a rollout, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PhaseArg {
    Expand,
    Contract,
    All,
}

impl PhaseArg {
    /// Without a choice the database decides.
    pub(crate) const fn phases(choice: Option<Self>) -> Phases {
        match choice {
            None => Phases::Auto,
            Some(Self::Expand) => Phases::Expand,
            Some(Self::Contract) => Phases::Contract,
            Some(Self::All) => Phases::All,
        }
    }
}

/// A version as an option takes it.
pub(crate) fn version(text: &str) -> Result<i64, String> {
    text.parse().map_err(|error: std::num::ParseIntError| match error.kind() {
        std::num::IntErrorKind::PosOverflow => {
            format!("`{text}` is too large for a version: {} is the highest", i64::MAX)
        }
        _ => format!("`{text}` is no version: a version is a whole number, as in 20260101120000"),
    })
}

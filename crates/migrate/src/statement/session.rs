use super::cursor::Cursor;
use super::mysql;
use crate::Engine;

/// The session's settings that the statement assigns, where the engine has a word for their defaults.
pub(crate) fn assigned(engine: Engine, sql: &str) -> Vec<&str> {
    match engine {
        Engine::Sqlite | Engine::Postgres => Vec::new(),
        Engine::MySql | Engine::MariaDb => mysql::assigned(engine, sql),
    }
}

/// Whether the statements behind it find their tables in another database.
pub(crate) fn chooses_database(engine: Engine, sql: &str) -> bool {
    match engine {
        Engine::Sqlite | Engine::Postgres => false,
        Engine::MySql | Engine::MariaDb => Cursor::new(engine, sql).word() == "USE",
    }
}

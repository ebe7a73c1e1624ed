use super::cursor::Cursor;
use super::{Class, Effect};
use crate::Engine;

pub(super) fn classify(sql: &str) -> Class {
    let mut cursor = Cursor::new(Engine::Sqlite, sql);
    match cursor.word().as_str() {
        "BEGIN" => Class::Begin,
        "COMMIT" | "END" => Class::Commit,
        "ROLLBACK" if !cursor.has("TO") => Class::Rollback,
        "PRAGMA" | "ATTACH" | "DETACH" => Class::Session,
        "VACUUM" => Class::Autonomous(Effect::Repeatable),
        _ => Class::Transactional,
    }
}

/// `PRAGMA foreign_keys = OFF`: <https://www.sqlite.org/pragma.html#pragma_foreign_keys>
pub(super) fn is_ignored_in_transaction(sql: &str) -> bool {
    let mut cursor = Cursor::new(Engine::Sqlite, sql);
    cursor.eat("PRAGMA")
        && cursor.find(&["FOREIGN_KEYS"]).is_some()
        && ["OFF", "0", "FALSE", "NO"].iter().any(|word| cursor.has(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ddl_is_transactional_and_pragmas_belong_to_the_session() {
        assert_eq!(classify("DROP TABLE a"), Class::Transactional);
        assert_eq!(classify("pragma foreign_keys = off"), Class::Session);
        assert_eq!(classify("ROLLBACK TO a"), Class::Transactional);
        assert!(is_ignored_in_transaction("PRAGMA foreign_keys = off"));
        assert!(!is_ignored_in_transaction("PRAGMA foreign_keys(1)"));
        assert_eq!(classify("VACUUM"), Class::Autonomous(Effect::Repeatable));
    }
}

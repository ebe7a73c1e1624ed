use super::cursor::Cursor;
use super::{Class, Effect, Object, ObjectKind};
use crate::Engine;

pub(super) fn classify(sql: &str) -> Class {
    let mut cursor = Cursor::new(Engine::Postgres, sql);
    match cursor.word().as_str() {
        "BEGIN" | "START" => Class::Begin,
        // Ends a transaction of another session, outside of any of this one.
        "COMMIT" | "ROLLBACK" if cursor.eat("PREPARED") => unknown(),
        "COMMIT" | "END" => Class::Commit,
        "ROLLBACK" | "ABORT" if !cursor.has("TO") => Class::Rollback,
        "SET" if !cursor.eat("LOCAL") => Class::Session,
        "RESET" | "DISCARD" | "LOAD" => Class::Session,
        "VACUUM" | "CHECKPOINT" | "CLUSTER" | "REINDEX" => repeatable(),
        "CREATE" => create(&mut cursor),
        "DROP" => drop(&mut cursor),
        "ALTER" if cursor.eat("SYSTEM") => repeatable(),
        "ALTER" if cursor.has("DETACH") && cursor.has("CONCURRENTLY") => unknown(),
        // Both may end transactions of their own.
        "CALL" | "DO" => unknown(),
        _ => Class::Transactional,
    }
}

fn create(cursor: &mut Cursor<'_>) -> Class {
    match cursor.word().as_str() {
        "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" => unknown(),
        "UNIQUE" | "INDEX" if cursor.has("CONCURRENTLY") => concurrent_index(cursor),
        _ => Class::Transactional,
    }
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table …`
fn concurrent_index(cursor: &mut Cursor<'_>) -> Class {
    cursor.find(&["ON"]);
    cursor.eat("ONLY");
    objects(ObjectKind::IndexesOf, cursor.name())
}

/// `DROP INDEX CONCURRENTLY [IF EXISTS] name`
fn drop(cursor: &mut Cursor<'_>) -> Class {
    match cursor.word().as_str() {
        "DATABASE" | "TABLESPACE" | "SUBSCRIPTION" => unknown(),
        "INDEX" if cursor.eat("CONCURRENTLY") => {
            cursor.eat_if_exists();
            objects(ObjectKind::Index, cursor.name())
        }
        _ => Class::Transactional,
    }
}

fn objects(kind: ObjectKind, name: Option<String>) -> Class {
    let objects = name.into_iter().map(|name| Object { kind, name }).collect();
    Class::Autonomous(Effect::Catalog(objects))
}

fn repeatable() -> Class {
    Class::Autonomous(Effect::Repeatable)
}

fn unknown() -> Class {
    Class::Autonomous(Effect::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_run_in_a_transaction_is_autonomous() {
        assert_eq!(classify("CREATE INDEX i ON t (a)"), Class::Transactional);
        assert_eq!(
            classify("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.\"T\" (a)"),
            objects(ObjectKind::IndexesOf, Some("s.\"T\"".to_owned()))
        );
        assert_eq!(
            classify("DROP INDEX CONCURRENTLY IF EXISTS s.i"),
            objects(ObjectKind::Index, Some("s.i".to_owned()))
        );
        assert_eq!(classify("COMMIT PREPARED 'a'"), unknown());
        assert_eq!(classify("COMMIT"), Class::Commit);
        assert_eq!(classify("SET LOCAL a = 1"), Class::Transactional);
        assert_eq!(classify("SET a = 1"), Class::Session);
        assert_eq!(classify("DO $$ BEGIN END $$"), unknown());
    }
}

use super::cursor::Cursor;
use super::{Class, Effect, Object, ObjectKind};
use crate::Engine;
use crate::split::{Token, significant};

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
        "REINDEX" if cursor.has("CONCURRENTLY") => rebuild(&mut cursor),
        "VACUUM" | "CHECKPOINT" | "CLUSTER" | "REINDEX" => repeatable(),
        "CREATE" => create(&mut cursor),
        "DROP" => drop(&mut cursor),
        "ALTER" if cursor.eat("SYSTEM") => repeatable(),
        "ALTER" => alter(&mut cursor),
        // It may end transactions of its own.
        "CALL" => routine(),
        "DO" => done(&cursor),
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

/// What takes no part in transactions, among all that ALTER changes.
fn alter(cursor: &mut Cursor<'_>) -> Class {
    match cursor.word().as_str() {
        "TABLE" if cursor.has("DETACH") && cursor.has("CONCURRENTLY") => detach(cursor),
        "DATABASE" if cursor.has("TABLESPACE") => repeatable(),
        "SUBSCRIPTION" if ["ADD", "DROP"].iter().any(|word| cursor.has(word)) => unknown(),
        "SUBSCRIPTION" if ["REFRESH", "PUBLICATION"].iter().any(|word| cursor.has(word)) => {
            repeatable()
        }
        _ => Class::Transactional,
    }
}

/// `ALTER TABLE [IF EXISTS] [ONLY] parent DETACH PARTITION part CONCURRENTLY`
fn detach(cursor: &mut Cursor<'_>) -> Class {
    cursor.eat_if_exists();
    cursor.eat("ONLY");
    let parent = cursor.name();
    cursor.find(&["PARTITION"]);
    let named = [(ObjectKind::Partition, cursor.name()), (ObjectKind::PartitionOf, parent)];
    let objects = named.into_iter().filter_map(|(kind, name)| Some(Object { kind, name: name? }));
    Class::Autonomous(Effect::Catalog(objects.collect()))
}

/// `REINDEX [(…)] {INDEX | TABLE | SCHEMA | DATABASE | SYSTEM} CONCURRENTLY [name]`
fn rebuild(cursor: &mut Cursor<'_>) -> Class {
    let kind = cursor.find(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]);
    cursor.eat("CONCURRENTLY");
    let name = match kind.as_deref() {
        Some("INDEX" | "TABLE") => cursor.name(),
        Some("SCHEMA") => cursor.name().map(|name| format!("SCHEMA {name}")),
        _ => None,
    };
    let rebuilt = Object { kind: ObjectKind::Rebuilt, name: name.unwrap_or_default() };
    Class::Autonomous(Effect::Rebuild(vec![rebuilt]))
}

/// A block that neither commits nor calls what might is atomic.
fn done(cursor: &Cursor<'_>) -> Class {
    let commits =
        |token: &Token<'_>| ["COMMIT", "ROLLBACK", "CALL"].iter().any(|word| token.is_word(word));
    let may_commit = cursor.tokens().iter().any(|token| {
        let body = significant(Engine::Postgres, inner(token.text));
        commits(token) || body.iter().any(commits)
    });
    if may_commit { routine() } else { Class::Transactional }
}

/// What stands between the quotes, of whatever kind.
fn inner(text: &str) -> &str {
    let tag = text.strip_prefix('$').and_then(|rest| rest.split_once('$'));
    match tag {
        Some((tag, body)) => body.strip_suffix(&format!("${tag}$")).unwrap_or(body),
        None => text.trim_start_matches(['E', 'e']).trim_matches('\''),
    }
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table …`
fn concurrent_index(cursor: &mut Cursor<'_>) -> Class {
    cursor.find(&["CONCURRENTLY"]);
    cursor.eat_if_exists();
    let is_unnamed = cursor.peek().is_some_and(|token| token.is_word("ON"));
    let name = if is_unnamed { None } else { cursor.name() };
    cursor.find(&["ON"]);
    cursor.eat("ONLY");
    let named = [(ObjectKind::IndexesOf, cursor.name()), (ObjectKind::Named, name)];
    let objects = named.into_iter().filter_map(|(kind, name)| Some(Object { kind, name: name? }));
    Class::Autonomous(Effect::Catalog(objects.collect()))
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

fn routine() -> Class {
    Class::Autonomous(Effect::Routine(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(objects: [(ObjectKind, &str); 2]) -> Class {
        let objects = objects.map(|(kind, name)| Object { kind, name: name.to_owned() });
        Class::Autonomous(Effect::Catalog(objects.to_vec()))
    }

    #[test]
    fn only_what_cannot_run_in_a_transaction_is_autonomous() {
        assert_eq!(classify("CREATE INDEX i ON t (a)"), Class::Transactional);
        assert_eq!(
            classify("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.\"T\" (a)"),
            both([(ObjectKind::IndexesOf, "s.\"T\""), (ObjectKind::Named, "i")])
        );
        assert_eq!(
            classify("CREATE INDEX CONCURRENTLY ON t (a)"),
            objects(ObjectKind::IndexesOf, Some("t".to_owned()))
        );
        assert_eq!(
            classify("DROP INDEX CONCURRENTLY IF EXISTS s.i"),
            objects(ObjectKind::Index, Some("s.i".to_owned()))
        );
        assert_eq!(classify("COMMIT PREPARED 'a'"), unknown());
        assert_eq!(classify("COMMIT"), Class::Commit);
        assert_eq!(classify("SET LOCAL a = 1"), Class::Transactional);
        assert_eq!(classify("SET a = 1"), Class::Session);
        assert_eq!(classify("DO $$ BEGIN UPDATE a SET b = 1; END $$"), Class::Transactional);
        assert_eq!(classify("DO $$ BEGIN UPDATE a SET b = 1; COMMIT; END $$"), routine());
        let noted =
            "DO $a$ BEGIN -- called automatically, no COMMIT\n UPDATE a SET b = 'call'; END $a$";
        assert_eq!(classify(noted), Class::Transactional);
        assert_eq!(classify("DO 'BEGIN CALL p(); END'"), routine());
        assert_eq!(classify("CALL p()"), routine());
        assert_eq!(classify("ALTER SUBSCRIPTION s REFRESH PUBLICATION"), repeatable());
        assert_eq!(classify("ALTER SUBSCRIPTION s ENABLE"), Class::Transactional);
        assert_eq!(classify("ALTER DATABASE d SET TABLESPACE t"), repeatable());
    }

    #[test]
    fn what_concurrent_work_leaves_is_named() {
        let rebuilt = |name: &str| {
            let rebuilt = Object { kind: ObjectKind::Rebuilt, name: name.to_owned() };
            Class::Autonomous(Effect::Rebuild(vec![rebuilt]))
        };
        assert_eq!(classify("REINDEX (VERBOSE) TABLE CONCURRENTLY s.t"), rebuilt("s.t"));
        assert_eq!(classify("REINDEX SCHEMA CONCURRENTLY s"), rebuilt("SCHEMA s"));
        assert_eq!(classify("REINDEX DATABASE CONCURRENTLY d"), rebuilt(""));
        assert_eq!(classify("REINDEX TABLE t"), repeatable());
        assert_eq!(
            classify("ALTER TABLE a DETACH PARTITION b CONCURRENTLY"),
            both([(ObjectKind::Partition, "b"), (ObjectKind::PartitionOf, "a")])
        );
    }
}

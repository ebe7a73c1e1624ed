use super::cursor::Cursor;
use super::{Class, Effect, Object, ObjectKind};
use crate::Engine;
use crate::split::TokenKind;

pub(super) fn classify(engine: Engine, sql: &str) -> Class {
    let mut cursor = Cursor::new(engine, sql);
    if let Some(token) = cursor.peek().filter(|token| token.kind == TokenKind::Executable) {
        return classify(engine, executed(token.text));
    }
    match cursor.word().as_str() {
        "CREATE" => create(&mut cursor),
        "ALTER" => alter(&mut cursor),
        "DROP" => drop(&mut cursor),
        "RENAME" => rename(&mut cursor),
        "TRUNCATE" | "ANALYZE" | "OPTIMIZE" | "REPAIR" | "CHECK" | "FLUSH" | "GRANT" | "REVOKE" => {
            repeatable()
        }
        "SET" => set(&mut cursor),
        "USE" | "PREPARE" | "DEALLOCATE" => Class::Session,
        "BEGIN" if cursor.eat("NOT") => unknown(),
        "BEGIN" => Class::Begin,
        "START" if cursor.eat("TRANSACTION") => Class::Begin,
        "COMMIT" => Class::Commit,
        "ROLLBACK" if !cursor.has("TO") => Class::Rollback,
        "LOCK" | "UNLOCK" => Class::Skipped,
        "" | "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" | "VALUES"
        | "TABLE" | "LOAD" | "DO" | "SHOW" | "EXPLAIN" | "DESCRIBE" | "DESC" | "SAVEPOINT"
        | "ROLLBACK" | "RELEASE" => Class::Transactional,
        // CALL, EXECUTE, INSTALL and whatever else may commit in its own way.
        _ => unknown(),
    }
}

/// The statement within `/*!50001 … */`.
fn executed(comment: &str) -> &str {
    let inner = comment.trim_start_matches("/*").trim_start_matches('M').trim_start_matches('!');
    inner.trim_start_matches(|c: char| c.is_ascii_digit()).trim_end_matches("*/")
}

const KINDS: [&str; 16] = [
    "TABLE",
    "VIEW",
    "PROCEDURE",
    "FUNCTION",
    "TRIGGER",
    "EVENT",
    "INDEX",
    "DATABASE",
    "SCHEMA",
    "SEQUENCE",
    "USER",
    "ROLE",
    "SERVER",
    "TABLESPACE",
    "PACKAGE",
    "RESOURCE",
];

fn create(cursor: &mut Cursor<'_>) -> Class {
    let replaces = cursor.eat("OR");
    if cursor.eat("TEMPORARY") {
        return Class::Transactional;
    }
    let kind = cursor.find(&KINDS).unwrap_or_default();
    let is_repeatable = cursor.eat_if_exists() || replaces;
    named(cursor, &kind, is_repeatable)
}

fn alter(cursor: &mut Cursor<'_>) -> Class {
    let kind = cursor.find(&KINDS).unwrap_or_default();
    cursor.eat_if_exists();
    let is_repeatable = matches!(kind.as_str(), "DATABASE" | "SCHEMA" | "USER" | "SERVER");
    if is_repeatable { repeatable() } else { named(cursor, &kind, false) }
}

fn drop(cursor: &mut Cursor<'_>) -> Class {
    if cursor.eat("TEMPORARY") {
        return Class::Transactional;
    }
    let kind = cursor.find(&KINDS).unwrap_or_default();
    let is_repeatable = cursor.eat_if_exists();
    match kind.as_str() {
        "TABLE" | "VIEW" | "SEQUENCE" if is_repeatable => repeatable(),
        "TABLE" | "VIEW" | "SEQUENCE" => catalog(ObjectKind::Table, cursor.names()),
        _ => named(cursor, &kind, is_repeatable),
    }
}

/// `RENAME TABLE a TO b, c TO d`
fn rename(cursor: &mut Cursor<'_>) -> Class {
    if !(cursor.eat("TABLE") || cursor.eat("TABLES")) {
        return unknown();
    }
    cursor.eat_if_exists();
    let mut names = Vec::new();
    while let Some(name) = cursor.name() {
        names.push(name);
        if !(cursor.eat("TO") || cursor.eat_sign(",")) {
            break;
        }
    }
    catalog(ObjectKind::Table, names)
}

fn named(cursor: &mut Cursor<'_>, kind: &str, is_repeatable: bool) -> Class {
    let kind = match kind {
        "TABLE" | "VIEW" | "SEQUENCE" => ObjectKind::Table,
        "PROCEDURE" => ObjectKind::Procedure,
        "FUNCTION" => ObjectKind::Function,
        "TRIGGER" => ObjectKind::Trigger,
        "EVENT" => ObjectKind::Event,
        "DATABASE" | "SCHEMA" => ObjectKind::Database,
        "INDEX" => {
            cursor.find(&["ON"]);
            ObjectKind::Table
        }
        _ if is_repeatable => return repeatable(),
        _ => return unknown(),
    };
    catalog(kind, cursor.name().into_iter().collect())
}

/// Settings are repeated after an interruption, and so are variables whose value is written out.
/// Other variables belong to the statements around them: `SET @id = LAST_INSERT_ID()`.
fn set(cursor: &mut Cursor<'_>) -> Class {
    if cursor.eat("PASSWORD") || cursor.eat("DEFAULT") {
        return repeatable();
    }
    let is_variable = cursor.eat_sign("@") && !cursor.eat_sign("@");
    let is_computed = cursor.has_sign("(") || cursor.has_sign("@");
    if is_variable && is_computed { Class::Transactional } else { Class::Session }
}

fn catalog(kind: ObjectKind, names: Vec<String>) -> Class {
    let objects = names.into_iter().map(|name| Object { kind, name }).collect();
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

    fn class(sql: &str) -> Class {
        classify(Engine::MySql, sql)
    }

    fn tables(names: &[&str]) -> Class {
        catalog(ObjectKind::Table, names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn ddl_names_what_it_touches() {
        assert_eq!(class("CREATE TABLE IF NOT EXISTS `a`.`b` (c INT)"), tables(&["`a`.`b`"]));
        assert_eq!(class("CREATE UNIQUE INDEX i ON t (a)"), tables(&["t"]));
        assert_eq!(class("DROP INDEX i ON t"), tables(&["t"]));
        assert_eq!(class("ALTER TABLE t ADD COLUMN a INT"), tables(&["t"]));
        assert_eq!(class("RENAME TABLE a TO b, c TO d"), tables(&["a", "b", "c", "d"]));
        assert_eq!(class("DROP TABLE a, b"), tables(&["a", "b"]));
        assert_eq!(
            class("CREATE DEFINER=`r`@`%` TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1"),
            catalog(ObjectKind::Trigger, vec!["g".to_owned()])
        );
    }

    #[test]
    fn variables_stay_with_their_statements_and_settings_do_not() {
        assert_eq!(class("SET @id = LAST_INSERT_ID()"), Class::Transactional);
        assert_eq!(class("SET @n = 5"), Class::Session);
        assert_eq!(class("SET foreign_key_checks = 0"), Class::Session);
        assert_eq!(class("SET @@session.sql_mode = ''"), Class::Session);
        assert_eq!(class("/*!40101 SET NAMES utf8 */"), Class::Session);
    }

    #[test]
    fn what_nothing_can_tell_is_unknown() {
        assert_eq!(class("CALL p()"), unknown());
        assert_eq!(class("CREATE USER a"), unknown());
        assert_eq!(class("CREATE USER IF NOT EXISTS a"), repeatable());
        assert_eq!(class("(SELECT 1)"), Class::Transactional);
    }
}

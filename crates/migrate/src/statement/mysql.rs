mod set;

pub(super) use set::{assigned, without_autocommit};

use super::cursor::Cursor;
use super::{Class, Effect, Object, ObjectKind};
use crate::Engine;
use crate::split::{TokenKind, executed};

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
        // MariaDB: `SET STATEMENT max_statement_time = 10 FOR …`
        "SET" if cursor.eat("STATEMENT") && cursor.find(&["FOR"]).is_some() => {
            classify(engine, cursor.rest())
        }
        "SET" => set::classify(&mut cursor),
        "USE" | "PREPARE" => Class::Session,
        "CALL" => called(&mut cursor),
        "EXECUTE" => routine(),
        // It takes compound statements outside routines as well.
        "IF" | "CASE" | "LOOP" | "WHILE" | "REPEAT" | "FOR" | "DECLARE"
            if engine == Engine::MariaDb =>
        {
            routine()
        }
        "BEGIN" if cursor.eat("NOT") => routine(),
        // As Oracle has it.
        "BEGIN" if engine == Engine::MariaDb && !cursor.eat("WORK") && cursor.peek().is_some() => {
            routine()
        }
        "BEGIN" => Class::Begin,
        "START" if cursor.eat("TRANSACTION") => Class::Begin,
        "COMMIT" => Class::Commit,
        "ROLLBACK" if !cursor.has("TO") => Class::Rollback,
        "LOCK" | "UNLOCK" | "DEALLOCATE" => Class::Skipped,
        "" | "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" | "VALUES"
        | "TABLE" | "LOAD" | "DO" | "SHOW" | "EXPLAIN" | "DESCRIBE" | "DESC" | "SAVEPOINT"
        | "ROLLBACK" | "RELEASE" => Class::Transactional,
        // INSTALL, PURGE and whatever else commits by itself.
        _ => unknown(),
    }
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
    if is_repeatable {
        return repeatable();
    }
    let Class::Autonomous(Effect::Catalog(mut objects)) = named(cursor, &kind, false) else {
        return unknown();
    };
    objects.extend(exchanged(cursor).map(|name| Object { kind: ObjectKind::Identity, name }));
    Class::Autonomous(Effect::Catalog(objects))
}

/// The table of `EXCHANGE PARTITION p WITH TABLE t`, which looks like the partition.
fn exchanged(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.find(&["EXCHANGE"])?;
    cursor.find(&["TABLE"])?;
    cursor.name()
}

fn drop(cursor: &mut Cursor<'_>) -> Class {
    if cursor.eat("TEMPORARY") {
        return Class::Transactional;
    }
    if cursor.eat("PREPARE") {
        return Class::Skipped;
    }
    let kind = cursor.find(&KINDS).unwrap_or_default();
    let is_repeatable = cursor.eat_if_exists();
    match kind.as_str() {
        "TABLE" | "VIEW" | "SEQUENCE" if is_repeatable => repeatable(),
        "TABLE" | "VIEW" | "SEQUENCE" => catalog(ObjectKind::Table, cursor.names()),
        _ => named(cursor, &kind, is_repeatable),
    }
}

/// `RENAME TABLE a TO b, c TO d`; where there are the same names afterwards, equal tables may have
/// changed places.
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
    let kind = if is_exchange(&names) { ObjectKind::Identity } else { ObjectKind::Table };
    catalog(kind, names)
}

/// Whether the names, each source with its target behind it, are the same before and after.
fn is_exchange(names: &[String]) -> bool {
    let (mut before, mut after): (Vec<&String>, Vec<&String>) = (Vec::new(), Vec::new());
    for pair in names.chunks(2) {
        let [from, to] = pair else { continue };
        match after.iter().position(|name| *name == from) {
            Some(at) => {
                after.remove(at);
            }
            None => before.push(from),
        }
        after.push(to);
    }
    before.sort_unstable();
    after.sort_unstable();
    before == after
}

/// `CALL p(1)`; `a.p` may be a procedure of a package, of which the catalog says that it is not there.
fn called(cursor: &mut Cursor<'_>) -> Class {
    let name = cursor.name().filter(|name| !name.contains('.'));
    let name = name.map(|name| Object { kind: ObjectKind::Procedure, name });
    Class::Autonomous(Effect::Routine(name.into_iter().collect()))
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

fn routine() -> Class {
    Class::Autonomous(Effect::Routine(Vec::new()))
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
        assert_eq!(class("CREATE TABLE /*!32312 IF NOT EXISTS*/ `a` (b INT)"), tables(&["`a`"]));
        assert_eq!(class("DROP TABLE /*!50000 IF EXISTS */ a"), repeatable());
        let database = "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `x` /*!40100 DEFAULT CHARACTER SET utf8mb4 */";
        assert_eq!(class(database), catalog(ObjectKind::Database, vec!["`x`".to_owned()]));
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
    fn names_that_move_on_are_no_exchange() {
        let names = ["a", "old", "new", "a"];
        assert_eq!(class("RENAME TABLE a TO old, new TO a"), tables(&names));
    }

    #[test]
    fn equal_tables_that_change_places_are_told_apart() {
        let names = ["a", "t", "b", "a", "t", "b"].map(str::to_owned).to_vec();
        assert_eq!(
            class("RENAME TABLE a TO t, b TO a, t TO b"),
            catalog(ObjectKind::Identity, names)
        );
        let exchange = class("ALTER TABLE p EXCHANGE PARTITION p0 WITH TABLE t WITH VALIDATION");
        let objects = [(ObjectKind::Table, "p"), (ObjectKind::Identity, "t")];
        let objects = objects.map(|(kind, name)| Object { kind, name: name.to_owned() });
        assert_eq!(exchange, Class::Autonomous(Effect::Catalog(objects.to_vec())));
    }

    #[test]
    fn what_nothing_can_tell_is_unknown() {
        let object = Object { kind: ObjectKind::Procedure, name: "p".to_owned() };
        assert_eq!(class("CALL p()"), Class::Autonomous(Effect::Routine(vec![object])));
        assert_eq!(class("EXECUTE s"), routine());
        assert_eq!(class("BEGIN NOT ATOMIC SELECT 1; END"), routine());
        for block in [
            "IF 1 THEN SELECT 1; END IF",
            "DECLARE i INT; BEGIN SELECT i; END",
            "BEGIN SELECT 1; SELECT 2; END",
        ] {
            assert_eq!(classify(Engine::MariaDb, block), routine(), "{block}");
        }
        for begin in ["BEGIN", "BEGIN WORK"] {
            assert_eq!(classify(Engine::MariaDb, begin), Class::Begin, "{begin}");
        }
        assert_eq!(class("CREATE USER a"), unknown());
        assert_eq!(class("CREATE USER IF NOT EXISTS a"), repeatable());
        assert_eq!(class("(SELECT 1)"), Class::Transactional);
    }
}

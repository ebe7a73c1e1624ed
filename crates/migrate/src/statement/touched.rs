use super::cursor::Cursor;
use super::{Object, ObjectKind};
use crate::Engine;
use crate::split::{TokenKind, executed};

/// The tables that a statement names, as far as words tell; for messages only.
pub(crate) fn touched(engine: Engine, sql: &str) -> Vec<Object> {
    let mut cursor = Cursor::new(engine, sql);
    let mut objects = Vec::new();
    let leads = ["TABLE", "ON", "INTO", "FROM", "UPDATE", "TRUNCATE", "JOIN", "REFERENCES"];
    while cursor.find(&leads).is_some() {
        // LOAD DATA … INTO TABLE t
        cursor.eat("TABLE");
        cursor.eat_if_exists();
        cursor.eat("ONLY");
        let is_name = |kind| matches!(kind, TokenKind::Word | TokenKind::Name);
        if cursor.peek().is_some_and(|token| is_name(token.kind)) {
            let name = cursor.name();
            objects.extend(name.map(|name| Object { kind: ObjectKind::Table, name }));
        }
    }
    objects
}

/// The tables into which a statement of `MySQL` or `MariaDB` may write rows, as far as words tell.
pub(crate) fn written(engine: Engine, sql: &str) -> Vec<String> {
    let mut cursor = Cursor::new(engine, sql);
    if let Some(token) = cursor.peek().filter(|token| token.kind == TokenKind::Executable) {
        return written(engine, executed(token.text));
    }
    let verb = cursor.word();
    let before = ["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "INTO"];
    while before.iter().any(|word| cursor.eat(word)) {}
    match verb.as_str() {
        "INSERT" | "REPLACE" => cursor.name().into_iter().collect(),
        "LOAD" => {
            cursor.find(&["INTO"]);
            cursor.eat("TABLE");
            cursor.name().into_iter().collect()
        }
        // The tables of a join are all in question, and so are their short names.
        "UPDATE" => {
            let mut tables = cursor.names();
            tables.extend(touched(engine, sql).into_iter().map(|object| object.name));
            tables
        }
        "DELETE" | "WITH" => touched(engine, sql).into_iter().map(|object| object.name).collect(),
        "SET" if cursor.eat("STATEMENT") && cursor.find(&["FOR"]).is_some() => {
            written(engine, cursor.rest())
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_a_statement_are_found() {
        let names = |sql| -> Vec<String> {
            touched(Engine::Postgres, sql).into_iter().map(|object| object.name).collect()
        };
        assert_eq!(
            names("ALTER TABLE IF EXISTS ONLY s.t ADD a INT REFERENCES u (b)"),
            ["s.t", "u"]
        );
        assert_eq!(names("CREATE INDEX ON \"T\" (a)"), ["\"T\""]);
        assert_eq!(names("SELECT 1"), Vec::<String>::new());
    }

    #[test]
    fn tables_that_are_written_are_found() {
        let names = |sql| written(Engine::MariaDb, sql);
        assert_eq!(names("INSERT IGNORE t (a) VALUES (1)"), ["t"]);
        assert_eq!(names("UPDATE a, b SET a.x = b.x"), ["a", "b", "a"]);
        assert_eq!(names("LOAD DATA INFILE 'x' INTO TABLE t"), ["t"]);
        assert_eq!(names("DELETE a FROM a JOIN b"), ["a", "b"]);
        assert_eq!(names("INSERT INTO t SELECT a FROM old"), ["t"]);
        assert_eq!(names("/*!40000 INSERT INTO t VALUES (1) */"), ["t"]);
        assert_eq!(
            names("SET STATEMENT max_statement_time = 1 FOR REPLACE INTO t VALUES (1)"),
            ["t"]
        );
        assert_eq!(names("SELECT 1 FROM t"), Vec::<String>::new());
    }
}

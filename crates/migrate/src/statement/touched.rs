use super::cursor::Cursor;
use super::{Object, ObjectKind};
use crate::Engine;
use crate::split::TokenKind;

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

/// The tables into which a statement may write rows, as far as words tell.
pub(crate) fn written(engine: Engine, sql: &str) -> Vec<String> {
    let mut cursor = Cursor::new(engine, sql);
    let verb = cursor.word();
    if !["INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD", "WITH"].contains(&verb.as_str()) {
        return Vec::new();
    }
    let mut tables: Vec<String> =
        touched(engine, sql).into_iter().map(|object| object.name).collect();
    // INTO may be left out, and an UPDATE names several.
    let before = ["LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "IGNORE"];
    while before.iter().any(|word| cursor.eat(word)) {}
    match verb.as_str() {
        "INSERT" | "REPLACE" if !cursor.eat("INTO") => tables.extend(cursor.name()),
        "UPDATE" => tables.extend(cursor.names()),
        _ => {}
    }
    tables
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
        assert_eq!(names("UPDATE a, b SET a.x = b.x"), ["a", "a", "b"]);
        assert_eq!(names("LOAD DATA INFILE 'x' INTO TABLE t"), ["t"]);
        assert_eq!(names("DELETE a FROM a JOIN b"), ["a", "b"]);
        assert_eq!(names("SELECT 1 FROM t"), Vec::<String>::new());
    }
}

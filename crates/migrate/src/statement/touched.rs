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
}

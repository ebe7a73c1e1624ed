use super::mode::RESTORED;
use crate::ddl::Statement;

/// Lets the server refuse to change a table at all where it would have to keep writers out: it takes the
/// quickest algorithm that needs no lock.
/// <https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html>
pub(super) fn without_lock(statement: &mut Statement) {
    let sql = &statement.sql;
    let starts =
        |line: &str| line.starts_with("ALTER TABLE ") || line.contains(" FOR ALTER TABLE ");
    if !sql.lines().any(starts) {
        return;
    }
    let (alter, rest) = match sql.strip_suffix(RESTORED) {
        Some(alter) => (alter, RESTORED),
        None => (sql.as_str(), ""),
    };
    let separator = if alter.contains("\n    ") { "\n    " } else { " " };
    statement.sql = format!("{alter},{separator}LOCK = NONE{rest}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Name};

    fn said(sql: &str) -> String {
        let (sql, object) = (sql.to_owned(), Name::local("t"));
        let mut statement =
            Statement { sql, change: "alter table", kind: Kind::Table, object, loses: None };
        without_lock(&mut statement);
        statement.sql
    }

    #[test]
    fn only_changes_of_tables_say_so() {
        assert_eq!(said("ALTER TABLE t ADD a int"), "ALTER TABLE t ADD a int, LOCK = NONE");
        assert_eq!(said("DROP TABLE t"), "DROP TABLE t");
        let set = format!("SET x;\nALTER TABLE t\n    ADD a int{RESTORED}");
        assert_eq!(
            said(&set),
            format!("SET x;\nALTER TABLE t\n    ADD a int,\n    LOCK = NONE{RESTORED}")
        );
    }
}

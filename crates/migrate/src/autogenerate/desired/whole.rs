//! Whether all that a desired schema says comes to be: what is missing of it would be dropped.

use crate::history::Script;
use crate::statement::{Class, Statement, statements};
use crate::{Engine, Error};

const ROLLS_BACK: &str = "takes back what the text makes before it: leave it out; where a dump ends so, it was \
     broken off, and has to be made anew";
const NEVER_COMMITTED: &str = "begins a transaction that is never committed: write COMMIT; behind its last statement, \
     or leave it out; where this is a dump, it was broken off, and has to be made anew";

/// Fails with [`Error::Usage`] where the engine would pass over a part of the text, and where what it makes would not
/// stay.
pub(super) fn check_whole(engine: Engine, script: &Script) -> Result<(), Error> {
    if let Some((line, unfit)) = script.find_unfit(engine) {
        return Err(invalid(&script.file, line, &format!("{}, {}", unfit.told(), unfit.cure())));
    }
    let mut open = None;
    for statement in statements(engine, &script.text) {
        match statement.class {
            Class::Rollback => return Err(broken(script, &statement, ROLLS_BACK)),
            Class::Begin => open = Some(statement),
            Class::Commit => open = None,
            Class::Transactional | Class::Autonomous(_) | Class::Session | Class::Skipped => {}
        }
    }
    open.map_or(Ok(()), |begin| Err(broken(script, &begin, NEVER_COMMITTED)))
}

fn broken(script: &Script, statement: &Statement<'_>, what: &str) -> Error {
    invalid(&script.file, statement.line, &format!("`{}` {what}", statement.summary()))
}

fn invalid(file: &str, line: usize, what: &str) -> Error {
    Error::usage("DESIRED_SCHEMA_INVALID", format!("{file}:{line}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::super::script;
    use super::*;

    const ENGINES: [Engine; 4] = [Engine::Sqlite, Engine::MySql, Engine::MariaDb, Engine::Postgres];

    fn told(engine: Engine, text: &str) -> Option<String> {
        let script = script("schema.sql".to_owned(), text.to_owned());
        check_whole(engine, &script).err().map(|error| error.to_string())
    }

    #[test]
    fn what_would_not_come_to_be_is_refused_with_its_line() {
        for engine in ENGINES {
            for (text, line, part) in [
                ("CREATE TABLE a (b INT);\n/* more\nCREATE TABLE c (d INT)", 2, "close it by */"),
                ("BEGIN;\nCREATE TABLE a (b INT);\n", 1, "write COMMIT;"),
                (
                    "BEGIN;\nCREATE TABLE a (b INT);\nROLLBACK; -- due to errors\n",
                    3,
                    "leave it out",
                ),
            ] {
                let told = told(engine, text).unwrap();
                assert!(told.contains(&format!("schema.sql:{line}: ")), "{told}");
                assert!(told.contains(part), "{told}");
            }
        }
        for engine in [Engine::Sqlite, Engine::MySql, Engine::MariaDb] {
            let told = told(engine, "-- more\rCREATE TABLE c (d INT);\n").unwrap();
            assert!(told.contains("schema.sql:1: a carriage return"), "{told}");
        }
    }

    #[test]
    fn transaction_that_is_committed_is_taken() {
        for engine in ENGINES {
            let text = "BEGIN;\nCREATE TABLE a (b INT);\nCOMMIT;\n/* done */\n";
            assert_eq!(told(engine, text), None);
        }
        let of_sqlite = "BEGIN TRANSACTION;\nCREATE TABLE a (b INT);\nEND;\n";
        assert_eq!(told(Engine::Sqlite, of_sqlite), None);
        let of_a_routine = "CREATE PROCEDURE p() BEGIN ROLLBACK; END;\n";
        assert_eq!(told(Engine::MariaDb, of_a_routine), None);
    }
}

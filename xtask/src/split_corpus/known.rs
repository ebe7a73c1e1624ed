//! Differences that are meant or that no migration has, each with its reason.

use super::tally::Difference;
use crate::engine::Engine;

/// A place in a corpus where the two differ, found by the file's name and by what stands there.
struct Known {
    file: &'static str,
    text: &'static str,
    reason: &'static str,
}

const BACKSLASH: &str = "a backslash outside of quotes begins a command of the client";
const EXECUTED: &str = "MySQL's clients look for comments and delimiters in a comment that the server \
                        executes; the splitter takes it as a whole";
const COMMENT: &str = "MySQL's clients let /*/ be the beginning and the end of a comment, the servers \
                       only the beginning";
const BEHIND: &str = "a DELIMITER behind a statement on its line: the clients take what follows for a \
                      part of the delimiter";
const BODY: &str = "the splitter takes a routine for one statement where no DELIMITER was set, as the \
                    recipe sets none with a backslash; the client cuts it";
const DATABASE: &str = "the client asks for the database by itself before it changes it";
const DASHES: &str = "MariaDB's client takes two dashes for a comment without a space behind them \
                      where a statement begins, MySQL's and the servers do not";
const SANDBOX: &str =
    "a line that mysqltest writes into a file turns on the sandbox of the client, which ends there";
const ENDLESS: &str =
    "a block without an END, wrong on purpose, which the client cuts at its first semicolon";

const MYSQL: &[Known] = &[
    known("main/mysql.test", "create table \"a1\\\"\"b1\"", BACKSLASH),
    known("main/mysql.test", "write_line \"select 1;", SANDBOX),
    known("main/parser.test", "FOR EACH ROW SET @a = 1\\", BACKSLASH),
    known("mssql/parser.test", "SELECT 'test' AS [\\n]", BACKSLASH),
    known("storedproc.test", "--replace_column 13 modified", DASHES),
    known("innodb-alter.test", "USE db1", DATABASE),
    known("innodb_bug48024.test", "/*/ADD CONSTRAINT", COMMENT),
    known("rpl_events.test", "CREATE EVENT event1", BODY),
    known("information_schema_parameters.test", "CREATE PROCEDURE test_proc (", BODY),
    known("information_schema_routines.test", "CREATE PROCEDURE test_proc1 (", BODY),
    known("oracle/t/sp-memory-leak.test", "BEGIN CONTINUE WHEN f0()", ENDLESS),
    known("rpl_conditional_comments.test", "--- */INSERT", EXECUTED),
    known("rpl_conditional_comments.test", "t1 WHEREN;", EXECUTED),
    known("rpl_user_variables.test", "FUNCTION f2() RETURNS INT BEGIN", BEHIND),
];

const fn known(file: &'static str, text: &'static str, reason: &'static str) -> Known {
    Known { file, text, reason }
}

/// Why the difference is meant, if it is.
pub(crate) fn reason(engine: Engine, difference: &Difference) -> Option<&'static str> {
    let known: &[Known] = match engine {
        Engine::Sqlite | Engine::Postgres => &[],
        Engine::MariaDb | Engine::MySql => MYSQL,
    };
    let file = difference.place.rsplit_once(':').map_or("", |(file, _)| file);
    let is_it = |known: &&Known| {
        file.ends_with(known.file)
            && difference.ours.iter().any(|statement| statement.contains(known.text))
    };
    known.iter().find(is_it).map(|known| known.reason)
}

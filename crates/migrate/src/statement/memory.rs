//! What only a session knows, and another one that goes on with its file does not.

use std::collections::BTreeSet;
use std::fmt;

use super::cursor::Cursor;
use super::variables::{Variable, inner};
use super::{Class, Statement, Step, StepKind, variables};
use crate::Engine;
use crate::split::{TokenKind, significant};

/// A value that is gone with the session that had it, and the statement that would read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) memory: Memory,
    pub(crate) line: usize,
    /// The line of the first statement that is not known to be done.
    pub(crate) from: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Memory {
    /// `@id`
    Variable(String),
    Table(String),
    Prepared(String),
    /// A function that tells of the last insert or change.
    Function(&'static str),
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::Table(name) => write!(f, "the temporary table {name}"),
            Self::Prepared(name) => write!(f, "the prepared statement {name}"),
            Self::Function(name) => write!(f, "{name}()"),
        }
    }
}

/// What the steps behind the first `done` journalled ones would read, and no session knows any more.
pub(crate) fn lost(engine: Engine, steps: &[Step<'_>], done: usize) -> Option<Lost> {
    let mut gone: BTreeSet<Memory> = BTreeSet::new();
    let mut number = 0;
    let mut from = None;
    for step in steps {
        let is_session = step.kind == StepKind::Session;
        let is_done = !is_session && number < done;
        number += usize::from(!is_session);
        for statement in &step.statements {
            let notes = Notes::of(engine, statement);
            if is_done {
                gone.extend(notes.kept);
            } else {
                from = from.or((number >= done).then_some(statement.line));
                let read = gone.iter().find(|memory| notes.reads(memory));
                if let Some(memory) = read.cloned() {
                    let line = statement.line;
                    return Some(Lost { memory, line, from: from.unwrap_or(line) });
                }
                gone.retain(|memory| !notes.kept.contains(memory));
            }
            gone.retain(|memory| !notes.dropped.contains(memory));
        }
    }
    None
}

/// A statement that would count rows of the runner's own, which it writes between steps: `total_changes()`
/// behind the first of them, and `ROW_COUNT()` right behind what was announced and is confirmed.
pub(crate) fn miscounting<'a>(engine: Engine, steps: &[Step<'a>]) -> Option<Statement<'a>> {
    let (mut is_first, mut is_behind_routine) = (true, false);
    for step in steps {
        let mut counting = step.statements.iter();
        let found = match engine {
            Engine::Sqlite if !is_first => counting.find(|s| calls(engine, s, "total_changes")),
            Engine::MySql | Engine::MariaDb if is_behind_routine => {
                counting.next().filter(|s| calls(engine, s, "ROW_COUNT"))
            }
            Engine::Sqlite | Engine::MySql | Engine::MariaDb | Engine::Postgres => None,
        };
        if found.is_some() {
            return found.cloned();
        }
        is_first &= step.kind == StepKind::Session;
        is_behind_routine = step.statements.last().is_some_and(Statement::is_routine);
    }
    None
}

/// Whether the statement calls the function, and does not only declare what does.
fn calls(engine: Engine, statement: &Statement<'_>, function: &str) -> bool {
    let cursor = Cursor::new(engine, statement.sql);
    let mut pairs = cursor.tokens().iter().zip(cursor.tokens().iter().skip(1));
    let is_called = pairs.any(|(a, b)| a.is_word(function) && b.is_sign("("));
    is_called && !is_declaration(engine, statement.sql)
}

/// The temporary table, or what else of that kind, which the statement makes; as it is written.
pub(crate) fn temporary(engine: Engine, sql: &str) -> Option<String> {
    made_for_session(&mut Cursor::new(engine, sql))
}

/// `CREATE TEMPORARY TABLE IF NOT EXISTS x`, `SELECT 1 INTO TEMP x`
fn made_for_session(cursor: &mut Cursor<'_>) -> Option<String> {
    match cursor.word().as_str() {
        "CREATE" => while ["OR", "REPLACE", "GLOBAL", "LOCAL"].iter().any(|w| cursor.eat(w)) {},
        "SELECT" | "WITH" => {
            cursor.find(&["INTO"])?;
        }
        _ => return None,
    }
    if !(cursor.eat("TEMP") || cursor.eat("TEMPORARY")) {
        return None;
    }
    while ["TABLE", "VIEW", "SEQUENCE", "TRIGGER", "RECURSIVE"].iter().any(|w| cursor.eat(w)) {}
    cursor.eat_if_exists();
    cursor.name()
}

/// What the statement makes in `SQLite`'s schema `temp`: the word for its kind, and its name.
pub(crate) fn in_temp(sql: &str) -> Option<(&'static str, String)> {
    let mut cursor = Cursor::new(Engine::Sqlite, sql);
    if !cursor.eat("CREATE") {
        return None;
    }
    let is_temporary = cursor.eat("TEMP") || cursor.eat("TEMPORARY");
    cursor.eat("VIRTUAL");
    let kind = ["TABLE", "VIEW", "TRIGGER"].into_iter().find(|kind| cursor.eat(kind))?;
    cursor.eat_if_exists();
    let mut name = cursor.part()?;
    let mut is_qualified = false;
    if cursor.eat_sign(".") {
        is_qualified = bare(&name).eq_ignore_ascii_case("temp");
        name = cursor.part()?;
    }
    (is_temporary || is_qualified).then_some((kind, name))
}

/// The functions that tell of this session's last insert or change.
fn functions(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &["last_insert_rowid", "changes", "total_changes"],
        Engine::MySql | Engine::MariaDb => &["LAST_INSERT_ID"],
        Engine::Postgres => &["currval", "lastval"],
    }
}

/// What one statement has to do with its session's memory.
struct Notes {
    kept: BTreeSet<Memory>,
    dropped: BTreeSet<Memory>,
    read: BTreeSet<Memory>,
    /// Every word of it, for the names of tables.
    words: BTreeSet<String>,
    /// A routine may read any variable.
    reads_variables: bool,
}

impl Notes {
    fn of(engine: Engine, statement: &Statement<'_>) -> Self {
        let mut notes = Self {
            kept: BTreeSet::new(),
            dropped: BTreeSet::new(),
            read: BTreeSet::new(),
            words: BTreeSet::new(),
            reads_variables: false,
        };
        let mut cursor = Cursor::new(engine, statement.sql);
        let verb = cursor.word();
        // What is only declared reads nothing yet.
        if statement.class != Class::Skipped && !is_declaration(engine, statement.sql) {
            notes.note_variables(engine, statement.sql, &verb);
            notes.note_words(engine, &cursor);
        }
        let name =
            |cursor: &mut Cursor<'_>| cursor.name().map(|name| Memory::Prepared(bare(&name)));
        match verb.as_str() {
            "INSERT" | "REPLACE" => {
                notes.kept.extend(functions(engine).iter().copied().map(Memory::Function));
            }
            "PREPARE" => notes.kept.extend(name(&mut cursor)),
            "EXECUTE" => notes.read.extend(name(&mut cursor)),
            "CALL" => notes.reads_variables = true,
            "DROP" => notes.dropped.extend(notes.words.iter().cloned().map(Memory::Table)),
            _ => {}
        }
        let made = temporary(engine, statement.sql).map(|name| bare(&name));
        if let Some(name) = made {
            notes.words.remove(&name);
            notes.kept.insert(Memory::Table(name));
        }
        if verb == "DROP" && notes.words.contains("exists") {
            notes.words.clear();
        }
        notes
    }

    /// Variables in strings count as well where those may become statements.
    fn note_variables(&mut self, engine: Engine, sql: &str, verb: &str) {
        let mut all: Vec<Variable> = variables(engine, sql);
        if verb == "PREPARE" || verb == "SET" || verb == "EXECUTE" {
            let texts = significant(engine, sql).into_iter().filter(|t| t.kind == TokenKind::Text);
            let inside = texts.flat_map(|text| variables(engine, inner(text.text)));
            all.extend(inside.map(|variable| Variable {
                is_set: false,
                is_read: true,
                ..variable
            }));
        }
        for Variable { name, is_read, is_set } in all {
            self.read.extend(is_read.then(|| Memory::Variable(name.clone())));
            self.kept.extend(is_set.then_some(Memory::Variable(name)));
        }
    }

    fn note_words(&mut self, engine: Engine, cursor: &Cursor<'_>) {
        let tokens = cursor.tokens();
        self.words = tokens.iter().map(|token| bare(token.text)).collect();
        for function in functions(engine) {
            let mut pairs = tokens.iter().zip(tokens.iter().skip(1));
            let is_read = pairs.any(|(a, b)| a.is_word(function) && b.is_sign("("));
            self.read.extend(is_read.then_some(Memory::Function(function)));
        }
    }

    fn reads(&self, memory: &Memory) -> bool {
        self.read.contains(memory)
            || match memory {
                Memory::Variable(_) => self.reads_variables,
                Memory::Table(name) => self.words.contains(name),
                Memory::Prepared(_) | Memory::Function(_) => false,
            }
    }
}

/// `CREATE PROCEDURE …`: its body is read when it is called.
fn is_declaration(engine: Engine, sql: &str) -> bool {
    let mut cursor = Cursor::new(engine, sql);
    cursor.eat("CREATE")
        && cursor
            .find(&[
                "TABLE",
                "VIEW",
                "INDEX",
                "PROCEDURE",
                "FUNCTION",
                "TRIGGER",
                "EVENT",
                "PACKAGE",
            ])
            .is_some_and(|kind| !["TABLE", "VIEW", "INDEX"].contains(&kind.as_str()))
}

fn bare(name: &str) -> String {
    name.trim_matches(['`', '"', '[', ']']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Script;
    use crate::statement::stepwise;

    fn lost_of(engine: Engine, text: &'static str, done: usize) -> Option<String> {
        let script = Script {
            file: "1_a.sql".to_owned(),
            no_transaction: true,
            text: text.into(),
            rerun_safe: false,
            unread: Vec::new(),
        };
        lost(engine, &stepwise(engine, &script), done).map(|lost| lost.memory.to_string())
    }

    fn on_mariadb(text: &'static str) -> Option<String> {
        lost_of(Engine::MariaDb, text, 1)
    }

    #[test]
    fn value_that_is_read_before_it_is_set_again_is_lost() {
        let text = "SET @i = LAST_INSERT_ID(); ALTER TABLE a ADD b INT; UPDATE a SET b = @i;";
        assert_eq!(on_mariadb(text).as_deref(), Some("@i"));
        assert_eq!(lost_of(Engine::MariaDb, text, 0), None);
        let text = "SELECT @m := MAX(b) FROM a; ALTER TABLE a ADD c INT; UPDATE a SET c = @M;";
        assert_eq!(on_mariadb(text).as_deref(), Some("@m"));
        let text = "SELECT MAX(b) INTO @m FROM a; DROP TABLE b; SET @m = 1; UPDATE a SET c = @m;";
        assert_eq!(on_mariadb(text), None);
        let text =
            "INSERT INTO a VALUES (1); DROP TABLE b; INSERT INTO c VALUES (LAST_INSERT_ID())";
        assert_eq!(on_mariadb(text).as_deref(), Some("LAST_INSERT_ID()"));
        let text = "INSERT INTO a VALUES (1); DROP TABLE b; INSERT INTO a VALUES (2); \
                    INSERT INTO c VALUES (LAST_INSERT_ID())";
        assert_eq!(on_mariadb(text), None);
    }

    #[test]
    fn text_that_becomes_a_statement_is_read_as_well() {
        let text = "SET @i = LAST_INSERT_ID(); DROP TABLE a; PREPARE p FROM 'INSERT INTO b VALUES (@i)'; \
                    EXECUTE p";
        assert_eq!(on_mariadb(text).as_deref(), Some("@i"));
        let text = "SET @i = LAST_INSERT_ID(); DROP TABLE a; CALL p()";
        assert_eq!(on_mariadb(text).as_deref(), Some("@i"));
    }

    fn miscounted(engine: Engine, text: &str) -> Option<usize> {
        let script = Script {
            file: "1_a.sql".to_owned(),
            no_transaction: true,
            text: text.to_owned().into(),
            rerun_safe: false,
            unread: Vec::new(),
        };
        miscounting(engine, &stepwise(engine, &script)).map(|statement| statement.line)
    }

    #[test]
    fn what_would_count_rows_of_the_runner_is_found() {
        let text =
            "INSERT INTO a SELECT total_changes();\nVACUUM;\nINSERT INTO a SELECT total_changes()";
        assert_eq!(miscounted(Engine::Sqlite, text), Some(3));
        assert_eq!(miscounted(Engine::Sqlite, "PRAGMA a;\nSELECT total_changes()"), None);
        let text = "CALL p();\nINSERT INTO c VALUES (ROW_COUNT())";
        assert_eq!(miscounted(Engine::MySql, text), Some(2));
        let text = "PREPARE p FROM 'DELETE FROM a';\nEXECUTE p;\nSET @n = ROW_COUNT()";
        assert_eq!(miscounted(Engine::MariaDb, text), Some(3));
        let text = "CALL p();\nDELETE FROM a;\nSET @n = ROW_COUNT()";
        assert_eq!(miscounted(Engine::MariaDb, text), None);
    }

    #[test]
    fn what_only_looks_like_it_is_not_lost() {
        let text = "INSERT INTO m VALUES (1); DROP TABLE a; CREATE PROCEDURE p() BEGIN SELECT \
                    LAST_INSERT_ID(); END";
        assert_eq!(on_mariadb(text), None);
        let text = "CREATE TABLE s (id INT, temp INT); ALTER TABLE s ADD c INT";
        assert_eq!(on_mariadb(text), None);
        let text = "SELECT temp FROM s; SELECT 1 FROM s";
        assert_eq!(lost_of(Engine::Postgres, text, 1), None);
    }

    #[test]
    fn temporary_tables_and_prepared_statements_are_lost() {
        let text = "CREATE TEMP TABLE x AS SELECT 1; CREATE TABLE a (b int); INSERT INTO a SELECT * FROM x";
        assert_eq!(lost_of(Engine::Postgres, text, 1).as_deref(), Some("the temporary table x"));
        let text =
            "CREATE TEMP TABLE x (a int); DROP TABLE IF EXISTS x; CREATE TEMP TABLE x (a int)";
        assert_eq!(lost_of(Engine::Postgres, text, 1), None);
        let text = "CREATE TEMP TABLE x (a int); DROP TABLE x; CREATE TABLE x (a int)";
        assert_eq!(lost_of(Engine::Postgres, text, 2), None);
        let text = "SELECT 'x' INTO @s; PREPARE p FROM @s; EXECUTE p; DROP TABLE a; EXECUTE p";
        assert_eq!(lost_of(Engine::MySql, text, 2).as_deref(), Some("the prepared statement p"));
        let text = "INSERT INTO a VALUES (1); SELECT currval('a_id_seq')";
        assert_eq!(lost_of(Engine::Postgres, text, 1).as_deref(), Some("currval()"));
    }
}

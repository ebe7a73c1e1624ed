//! What only a session knows, and another one that goes on with its file does not.

use super::cursor::Cursor;
use super::{Class, Statement, Step, StepKind, variables};
use crate::Engine;

/// A value that is gone with the session that had it, and the statement that would read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    /// As people say it: `@id`, `the temporary table x`.
    pub(crate) name: String,
    pub(crate) line: usize,
}

/// What the steps behind the first `done` journalled ones would read, and no session knows any more.
pub(crate) fn lost(engine: Engine, steps: &[Step<'_>], done: usize) -> Option<Lost> {
    let mut gone: Vec<String> = Vec::new();
    let mut number = 0;
    for step in steps {
        let is_session = step.kind == StepKind::Session;
        let is_done = !is_session && number < done;
        number += usize::from(!is_session);
        for statement in &step.statements {
            if is_done {
                gone.extend(kept(engine, statement));
                gone.retain(|name| !drops(engine, statement, name));
                continue;
            }
            if let Some(name) = gone.iter().find(|name| reads(engine, statement, name)) {
                return Some(Lost { name: name.clone(), line: statement.line });
            }
            let anew = kept(engine, statement);
            gone.retain(|name| !anew.contains(name));
        }
    }
    None
}

/// The functions that tell of this session's last insert or change.
fn functions(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Sqlite => &["last_insert_rowid()", "changes()", "total_changes()"],
        Engine::MySql | Engine::MariaDb => &["LAST_INSERT_ID()"],
        Engine::Postgres => &["currval()", "lastval()"],
    }
}

/// What the statement leaves in its session.
fn kept(engine: Engine, statement: &Statement<'_>) -> Vec<String> {
    let mut kept: Vec<String> = variables(engine, statement.sql)
        .into_iter()
        .filter_map(|variable| variable.is_set.then_some(variable.name))
        .collect();
    let mut cursor = Cursor::new(engine, statement.sql);
    let verb = cursor.word();
    match verb.as_str() {
        "INSERT" | "REPLACE" => kept.extend(functions(engine).iter().map(|f| (*f).to_owned())),
        "PREPARE" => kept.extend(cursor.name().map(|name| prepared(&name))),
        "CREATE" | "SELECT" => kept.extend(made_for_session(&mut cursor).map(|name| table(&name))),
        _ => {}
    }
    kept
}

/// `CREATE TEMPORARY TABLE IF NOT EXISTS x`, `SELECT 1 INTO TEMP x`
fn made_for_session(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.find(&["TEMP", "TEMPORARY"])?;
    while ["TABLE", "VIEW", "SEQUENCE", "TRIGGER", "RECURSIVE"].iter().any(|w| cursor.eat(w)) {}
    cursor.eat_if_exists();
    cursor.name()
}

/// Whether a temporary table ends by the statement.
fn drops(engine: Engine, statement: &Statement<'_>, name: &str) -> bool {
    let mut cursor = Cursor::new(engine, statement.sql);
    cursor.eat("DROP") && cursor.tokens().iter().any(|token| table(token.text) == name)
}

fn table(name: &str) -> String {
    format!("the temporary table {}", bare(name))
}

fn prepared(name: &str) -> String {
    format!("the prepared statement {}", bare(name))
}

fn bare(name: &str) -> String {
    name.trim_matches(['`', '"', '[', ']']).to_lowercase()
}

fn reads(engine: Engine, statement: &Statement<'_>, name: &str) -> bool {
    if statement.class == Class::Skipped {
        return false;
    }
    let mut cursor = Cursor::new(engine, statement.sql);
    if name.starts_with('@') {
        let read = |v: &super::variables::Variable| v.is_read && v.name == name;
        return variables(engine, statement.sql).iter().any(read);
    }
    if let Some(name) = name.strip_prefix("the prepared statement ") {
        return cursor.eat("EXECUTE") && cursor.name().is_some_and(|own| bare(&own) == name);
    }
    if let Some(name) = name.strip_prefix("the temporary table ") {
        let makes = cursor.eat("CREATE") && (cursor.eat("TEMP") || cursor.eat("TEMPORARY"));
        let spares = cursor.eat("DROP") && cursor.has("EXISTS");
        return !makes && !spares && cursor.tokens().iter().any(|token| bare(token.text) == name);
    }
    let function = name.trim_end_matches("()");
    let tokens = cursor.tokens();
    tokens.iter().zip(tokens.iter().skip(1)).any(|(a, b)| a.is_word(function) && b.is_sign("("))
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
        };
        lost(engine, &stepwise(engine, &script), done).map(|lost| lost.name)
    }

    #[test]
    fn value_that_is_read_before_it_is_set_again_is_lost() {
        let engine = Engine::MariaDb;
        let name = |text, done| lost_of(engine, text, done);
        let text = "SET @i = LAST_INSERT_ID(); ALTER TABLE a ADD b INT; UPDATE a SET b = @i;";
        assert_eq!(name(text, 1).as_deref(), Some("@i"));
        assert_eq!(name(text, 0), None);
        let text = "SELECT @m := MAX(b) FROM a; ALTER TABLE a ADD c INT; UPDATE a SET c = @M;";
        assert_eq!(name(text, 1).as_deref(), Some("@m"));
        let text = "SELECT MAX(b) INTO @m FROM a; DROP TABLE b; SET @m = 1; UPDATE a SET c = @m;";
        assert_eq!(name(text, 1), None);
        let text =
            "INSERT INTO a VALUES (1); DROP TABLE b; INSERT INTO c VALUES (LAST_INSERT_ID())";
        assert_eq!(name(text, 1).as_deref(), Some("LAST_INSERT_ID()"));
        let text = "INSERT INTO a VALUES (1); DROP TABLE b; INSERT INTO a VALUES (2); \
                    INSERT INTO c VALUES (LAST_INSERT_ID())";
        assert_eq!(name(text, 1), None);
    }

    #[test]
    fn temporary_tables_and_prepared_statements_are_lost() {
        let text = "CREATE TEMP TABLE x AS SELECT 1; CREATE TABLE a (b int); INSERT INTO a SELECT * FROM x";
        assert_eq!(lost_of(Engine::Postgres, text, 1).as_deref(), Some("the temporary table x"));
        let text =
            "CREATE TEMP TABLE x (a int); DROP TABLE IF EXISTS x; CREATE TEMP TABLE x (a int)";
        assert_eq!(lost_of(Engine::Postgres, text, 1), None);
        let text = "SELECT 'x' INTO @s; PREPARE p FROM @s; EXECUTE p; DROP TABLE a; EXECUTE p";
        assert_eq!(lost_of(Engine::MySql, text, 2).as_deref(), Some("the prepared statement p"));
        let text = "INSERT INTO a VALUES (1); SELECT currval('a_id_seq')";
        assert_eq!(lost_of(Engine::Postgres, text, 1).as_deref(), Some("currval()"));
    }
}

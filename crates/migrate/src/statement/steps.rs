use std::fmt::Write;

use sha2::{Digest, Sha384};

use super::{Class, Effect, Statement, prepared, statements};
use crate::split::significant;
use crate::{Engine, Script};

/// How a file is executed.
#[derive(Debug)]
pub(crate) enum Layout<'a> {
    /// All of it, with its row, in one transaction.
    Whole(Vec<Statement<'a>>),
    /// Step by step, with a journal.
    Steps(Vec<Step<'a>>),
}

/// The least that is applied or not applied.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) kind: StepKind<'a>,
    pub(crate) statements: Vec<Statement<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepKind<'a> {
    /// Settings of the session: no journal row.
    Session,
    /// A transaction which takes its journal row along; opened by these words if the file has its own.
    Transaction(Option<&'a str>),
    /// A transaction of the file which the file itself undoes.
    Undone(&'a str),
    /// A statement that commits by itself.
    Autonomous(Effect),
}

impl Step<'_> {
    /// What identifies the step in the journal: its words, whatever white space and comments are between
    /// them, and whichever line ends within.
    pub(crate) fn digest(&self, engine: Engine) -> String {
        let mut digest = Sha384::new();
        for statement in &self.statements {
            add_words(engine, statement, &mut digest);
        }
        written(digest)
    }

    /// Whether a journal has this step, also one of an earlier runner, which took down the very bytes.
    pub(crate) fn is_journalled(&self, engine: Engine, as_digest: &str) -> bool {
        if self.digest(engine) == as_digest {
            return true;
        }
        let mut digest = Sha384::new();
        for statement in &self.statements {
            add_bytes(statement, &mut digest);
        }
        written(digest) == as_digest
    }

    /// Behind which of its statements the step ends that a journal has, where that is only its beginning.
    fn end_of(&self, engine: Engine, journalled: &str) -> Option<usize> {
        if self.kind != StepKind::Transaction(None) || self.is_journalled(engine, journalled) {
            return None;
        }
        let [mut words, mut bytes] = [Sha384::new(), Sha384::new()];
        let ends = |statement: &Statement<'_>| {
            add_words(engine, statement, &mut words);
            add_bytes(statement, &mut bytes);
            [&words, &bytes].into_iter().any(|digest| written(digest.clone()) == journalled)
        };
        self.statements.iter().position(ends).map(|last| last + 1)
    }

    pub(crate) fn line(&self) -> usize {
        self.statements.first().map_or(1, |statement| statement.line)
    }
}

fn add_words(engine: Engine, statement: &Statement<'_>, digest: &mut Sha384) {
    for token in significant(engine, statement.sql) {
        for part in token.text.split("\r\n") {
            digest.update(part.as_bytes());
            digest.update(b"\n");
        }
        digest.update(b"\0");
    }
    digest.update(b";");
}

fn add_bytes(statement: &Statement<'_>, digest: &mut Sha384) {
    digest.update(statement.sql.as_bytes());
    digest.update(b";");
}

fn written(digest: Sha384) -> String {
    digest.finalize().iter().take(32).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Decides how the file is executed.
pub(crate) fn layout(engine: Engine, script: &Script) -> Layout<'_> {
    let statements = statements(engine, &script.text);
    let wants_transaction = !(script.no_transaction && engine.has_transactional_ddl());
    let fits = statements.iter().all(|statement| fits_in_one(engine, &statement.class));
    if wants_transaction && fits {
        return Layout::Whole(statements);
    }
    Layout::Steps(steps(engine, statements))
}

/// The steps of a file, whatever its layout: for going on with one that was begun.
pub(crate) fn stepwise(engine: Engine, script: &Script) -> Vec<Step<'_>> {
    steps(engine, statements(engine, &script.text))
}

/// The steps of a file that was begun, given the digests that its journal has of them.
///
/// A statement that stood between two runs of changes may be taken out by now: what was done before it is still
/// a step for itself, and what stood behind it another one.
pub(crate) fn begun<'a>(engine: Engine, script: &'a Script, journal: &[&str]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut journal = journal.iter();
    for mut step in stepwise(engine, script) {
        while step.kind != StepKind::Session
            && let Some(digest) = journal.next()
            && let Some(end) = step.end_of(engine, digest)
        {
            let behind = step.statements.split_off(end);
            let kind = step.kind.clone();
            steps.push(std::mem::replace(&mut step, Step { kind, statements: behind }));
        }
        steps.push(step);
    }
    steps
}

fn fits_in_one(engine: Engine, class: &Class) -> bool {
    match class {
        Class::Transactional | Class::Session => true,
        // The server says no to those that truly cannot; CALL and DO usually can.
        Class::Autonomous(_) => engine.has_transactional_ddl(),
        Class::Begin | Class::Commit | Class::Rollback | Class::Skipped => false,
    }
}

fn steps(engine: Engine, statements: Vec<Statement<'_>>) -> Vec<Step<'_>> {
    // What MySQL does between two DDL statements belongs together: LAST_INSERT_ID and the like.
    // Likewise SQLite between two pragmas: the journal's own rows would change last_insert_rowid().
    let joins = engine != Engine::Postgres;
    let mut steps: Vec<Step<'_>> = Vec::new();
    let mut rest = statements.into_iter().peekable();
    while let Some(statement) = rest.next() {
        let kind = match &statement.class {
            Class::Session => StepKind::Session,
            Class::Autonomous(effect) => StepKind::Autonomous(effect.clone()),
            Class::Begin => {
                let mut block = Vec::new();
                let end = own_transaction(&mut rest, &mut block);
                steps.extend(transaction(engine, statement.sql, end, block));
                continue;
            }
            Class::Transactional => {
                let last = steps.last_mut().filter(|_| joins);
                if let Some(last) = last.filter(|s| s.kind == StepKind::Transaction(None)) {
                    last.statements.push(statement);
                    continue;
                }
                StepKind::Transaction(None)
            }
            Class::Commit | Class::Rollback | Class::Skipped => continue,
        };
        steps.push(Step { kind, statements: vec![statement] });
    }
    prepared::joined(engine, steps)
}

/// Takes the statements of a transaction that the file opened, and the one that ends it.
fn own_transaction<'a>(
    rest: &mut impl Iterator<Item = Statement<'a>>,
    block: &mut Vec<Statement<'a>>,
) -> Option<Statement<'a>> {
    for statement in rest {
        match statement.class {
            Class::Commit | Class::Rollback => return Some(statement),
            Class::Skipped => {}
            _ => block.push(statement),
        }
    }
    None
}

fn transaction<'a>(
    engine: Engine,
    begin: &'a str,
    end: Option<Statement<'a>>,
    mut block: Vec<Statement<'a>>,
) -> Vec<Step<'a>> {
    let is_undone = end.as_ref().is_some_and(|end| end.class == Class::Rollback);
    // What is taken back is none of the file's unless the server surely has committed it before.
    let commits = |class: &Class| match class {
        Class::Autonomous(Effect::Routine(_) | Effect::Unknown) => !is_undone,
        Class::Autonomous(_) => true,
        _ => false,
    };
    let is_whole = engine.has_transactional_ddl() || !block.iter().any(|s| commits(&s.class));
    if !is_whole {
        // The server commits at every DDL statement, so the file's own transaction is none, however it ends;
        // another one that begins in it ends with it.
        block.extend(end);
        return steps(engine, block);
    }
    let kind = if is_undone { StepKind::Undone(begin) } else { StepKind::Transaction(Some(begin)) };
    vec![Step { kind, statements: block }]
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn script(text: &'static str) -> Script {
        let no_transaction = text.starts_with("-- no-transaction");
        let text = Cow::Borrowed(text);
        Script {
            file: "1_a.sql".to_owned(),
            text,
            no_transaction,
            rerun_safe: false,
            unread: Vec::new(),
        }
    }

    fn sizes(engine: Engine, text: &'static str) -> Option<Vec<usize>> {
        let script = script(text);
        match layout(engine, &script) {
            Layout::Whole(_) => None,
            Layout::Steps(steps) => Some(steps.iter().map(|step| step.statements.len()).collect()),
        }
    }

    #[test]
    fn ddl_splits_a_file_on_mysql_only() {
        let text = "INSERT INTO a VALUES (1); SET @i = LAST_INSERT_ID(); INSERT INTO b VALUES (@i);\
                    ALTER TABLE a ADD c INT; UPDATE a SET c = 1;";
        assert_eq!(sizes(Engine::MariaDb, text), Some(vec![3, 1, 1]));
        assert_eq!(sizes(Engine::Postgres, text), None);
        assert_eq!(sizes(Engine::MySql, "INSERT INTO a VALUES (1)"), None);
    }

    #[test]
    fn white_space_between_words_is_none_of_a_step() {
        let step = |text: &'static str| {
            let script = script(text);
            stepwise(Engine::MySql, &script).first().map(|step| step.digest(Engine::MySql))
        };
        let unix = step("ALTER TABLE a\n  ADD b TEXT DEFAULT 'x\ny'");
        assert_eq!(step("ALTER TABLE a\r\n  ADD b  TEXT -- c\r\nDEFAULT 'x\r\ny'"), unix);
        assert_ne!(step("ALTER TABLE a ADD b TEXT DEFAULT 'x \ny'"), unix);
        assert_ne!(step("ALTER TABLE a ADD bTEXT DEFAULT 'x\ny'"), unix);
    }

    #[test]
    fn own_transaction_of_a_file_is_one_step() {
        let text = "-- no-transaction\nPRAGMA foreign_keys=OFF; BEGIN; DROP TABLE a; \
                    ALTER TABLE b RENAME TO a; COMMIT; PRAGMA foreign_keys=ON;";
        assert_eq!(sizes(Engine::Sqlite, text), Some(vec![1, 2, 1]));
        assert_eq!(sizes(Engine::Postgres, "BEGIN; SELECT 1; COMMIT; SELECT 2"), Some(vec![1, 1]));
    }

    #[test]
    fn prepared_statement_is_one_step_with_what_it_is_made_of() {
        let text = "INSERT INTO a VALUES (1); SET @s = CONCAT('DROP', ' TABLE a'); PREPARE p FROM @s; \
                    EXECUTE p; DEALLOCATE PREPARE p; SET @t = 1; PREPARE q FROM 'SELECT ?'; \
                    EXECUTE q USING @t; EXECUTE q USING @t; INSERT INTO b VALUES (1);";
        assert_eq!(sizes(Engine::MySql, text), Some(vec![1, 3, 1, 3, 1]));
        assert_eq!(sizes(Engine::MySql, "EXECUTE p; DROP TABLE a"), Some(vec![1, 1]));
    }

    #[test]
    fn changes_of_rows_stay_together_where_the_journal_would_disturb_them() {
        let text = "-- no-transaction\nINSERT INTO a VALUES (1); INSERT INTO b SELECT \
                    last_insert_rowid(); VACUUM; DELETE FROM a";
        assert_eq!(sizes(Engine::Sqlite, text), Some(vec![2, 1, 1]));
        assert_eq!(
            sizes(Engine::Postgres, "-- no-transaction\nSELECT 1; SELECT 2"),
            Some(vec![1, 1])
        );
    }
}

use super::session;
use crate::Engine;
use crate::backend::{Dialect, Write, script};
use crate::executor::{Job, changed};
use crate::split::delimited;
use crate::statement::{Layout, Statement, Step, StepKind, layout, statements};

/// The execution time, in nanoseconds, of what nobody has measured.
const UNTIMED: i64 = -1;

/// A script for the engine's client, statement by statement.
pub(super) struct Text {
    dialect: Dialect,
    text: String,
}

impl Text {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let mut text = Self { dialect: dialect.clone(), text: String::new() };
        text.comment("the session is set as the runner sets its own");
        text.statements(&session::pinned(dialect.engine));
        text
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn comment(&mut self, comment: &str) {
        self.text.push_str("\n-- ");
        self.text.push_str(&comment.replace(['\n', '\r'], " "));
        self.text.push('\n');
    }

    fn statements(&mut self, all: &[String]) {
        for sql in all {
            self.statement(sql);
        }
    }

    /// One statement with its delimiter.
    pub(super) fn statement(&mut self, sql: &str) {
        let is_mysql = matches!(self.dialect.engine, Engine::MySql | Engine::MariaDb);
        if let Some(delimited) = delimited(sql).filter(|_| is_mysql) {
            self.text.push_str(&delimited);
        } else {
            self.text.push_str(sql);
            self.text.push_str(";\n");
        }
    }

    /// Fails, in the client, unless these versions and no others are applied.
    pub(super) fn expect(&mut self, versions: &[i64]) {
        let count = versions.len();
        let known = listed(versions);
        self.comment("fails if the database does not stand where this script begins");
        self.statement(
            "CREATE TEMPORARY TABLE _migrate_guard (is_so INTEGER NOT NULL, \
             CONSTRAINT stands_where_the_script_begins CHECK (is_so = 1))",
        );
        let sql = format!(
            "INSERT INTO _migrate_guard SELECT CASE WHEN (SELECT COUNT(*) FROM {{applied}}) = {count} \
             AND (SELECT COUNT(*) FROM {{applied}} WHERE success AND version IN ({known})) = {count} \
             THEN 1 ELSE 0 END"
        );
        self.statement(&self.dialect.name(&sql));
        self.statement("DROP TABLE _migrate_guard");
    }

    /// Fails, in the client, if something else is recorded, or one of these is half-applied.
    pub(super) fn expect_known(&mut self, versions: &[i64]) {
        self.comment("fails if something is recorded that is unknown here or half-applied");
        self.statement(
            "CREATE TEMPORARY TABLE _migrate_guard (is_so INTEGER NOT NULL, \
             CONSTRAINT nothing_is_unknown_or_half_applied CHECK (is_so = 1))",
        );
        let sql = format!(
            "INSERT INTO _migrate_guard SELECT CASE WHEN (SELECT COUNT(*) FROM {{applied}}) = \
             (SELECT COUNT(*) FROM {{applied}} WHERE success AND version IN ({})) THEN 1 ELSE 0 END",
            listed(versions)
        );
        self.statement(&self.dialect.name(&sql));
        self.statement("DROP TABLE _migrate_guard");
    }

    /// A file, with its rows in the same transaction where the engine has such. Else its row says first that
    /// it is half-applied, as sqlx's does: a script that ends within the file leaves that behind.
    pub(super) fn script(&mut self, job: Job<'_>) {
        let (engine, script) = (self.dialect.engine, job.script);
        let all = statements(engine, &script.text);
        let changed = changed(engine, &script.text, &all);
        let path = if changed.is_some() { session::path(engine) } else { "" };
        path.clone_into(&mut self.dialect.path);
        match layout(engine, script) {
            Layout::Whole(statements) => self.transaction(&statements, &job.recorded(UNTIMED)),
            Layout::Steps(steps) => {
                self.transaction(&[], &[job.opening()]);
                for step in &steps {
                    self.step(step);
                }
                self.transaction(&[], &job.recorded_steps(UNTIMED));
            }
        }
        if let Some(left) = changed {
            self.statements(&session::restored(engine, &all, &left));
        }
    }

    pub(super) fn transaction(&mut self, statements: &[Statement<'_>], writes: &[Write<'_>]) {
        self.statement(begin(self.dialect.engine));
        for statement in statements {
            self.statement(statement.sent());
        }
        self.text.push_str(&script(&self.dialect, writes));
        self.statement("COMMIT");
    }

    fn step(&mut self, step: &Step<'_>) {
        let (begin, end) = match &step.kind {
            StepKind::Session | StepKind::Autonomous(_) => (None, None),
            StepKind::Transaction(begin) => {
                (Some(begin.unwrap_or_else(|| self::begin(self.dialect.engine))), Some("COMMIT"))
            }
            StepKind::Undone(begin) => (Some(*begin), Some("ROLLBACK")),
        };
        if let Some(begin) = begin {
            self.statement(begin);
        }
        for statement in &step.statements {
            self.statement(statement.sent());
        }
        if let Some(end) = end {
            self.statement(end);
        }
    }
}

fn begin(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::MySql | Engine::MariaDb => "START TRANSACTION",
        Engine::Postgres => "BEGIN",
    }
}

/// The versions for `IN (…)`, which takes no empty list.
fn listed(versions: &[i64]) -> String {
    let list: Vec<String> = versions.iter().map(ToString::to_string).collect();
    if list.is_empty() { "NULL".to_owned() } else { list.join(", ") }
}

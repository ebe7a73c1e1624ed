use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{PlanReport, PlannedRevision, PlannedStatement};
use crate::ddl::{self, Name, Schema, What};
use crate::history::Phase;
use crate::impact::{self, Place, ServerVersion};
use crate::journal::Direction;
use crate::report::VersionName;
use crate::statement::{Layout, Statement, StepKind, begun, layout};
use crate::{Engine, History, Revision, Script};

/// A script that would run.
#[derive(Debug)]
pub(super) struct Todo<'h> {
    version: i64,
    name: Cow<'h, str>,
    phase: Phase,
    direction: Direction,
    script: Cow<'h, Script>,
    /// The digests of its steps that have run, if it is half-applied.
    done: Option<Vec<String>>,
}

impl<'h> Todo<'h> {
    pub(super) fn up(revision: &'h Revision) -> Self {
        Self::of(revision, Direction::Up, &revision.up)
    }

    pub(super) fn down(revision: &'h Revision) -> Option<Self> {
        Some(Self::of(revision, Direction::Down, revision.down.as_ref()?))
    }

    /// A revision that is half-applied.
    pub(super) fn half_applied(revision: Revision) -> Self {
        let (name, script) = (Cow::Owned(revision.name), Cow::Owned(revision.up));
        let (version, phase) = (revision.version, revision.directives.phase);
        Self { version, name, phase, direction: Direction::Up, script, done: None }
    }

    /// A revision that is half undone, by the script that goes on with it.
    pub(super) fn half_undone(version: i64, name: String, phase: Phase, script: Script) -> Self {
        let (name, script, direction) = (Cow::Owned(name), Cow::Owned(script), Direction::Down);
        Self { version, name, phase, direction, script, done: None }
    }

    /// Goes on behind the steps with these digests.
    pub(super) fn behind(self, done: Vec<String>) -> Self {
        Self { done: Some(done), ..self }
    }

    fn of(revision: &'h Revision, direction: Direction, script: &'h Script) -> Self {
        let (name, script) = (Cow::Borrowed(revision.name.as_str()), Cow::Borrowed(script));
        let (version, phase) = (revision.version, revision.directives.phase);
        Self { version, name, phase, direction, script, done: None }
    }
}

/// Tells what scripts would do, from the files alone.
#[derive(Debug)]
pub(super) struct Outline<'h> {
    pub(super) engine: Engine,
    pub(super) version: ServerVersion,
    pub(super) history: &'h History,
    pub(super) applied: &'h [i64],
}

impl Outline<'_> {
    /// The report without sizes, and the tables whose sizes matter.
    pub(super) fn report(
        &self,
        direction: &'static str,
        todos: &[Todo<'_>],
        held_back: Vec<VersionName>,
    ) -> (PlanReport, Vec<String>) {
        let mut schema = Schema::default();
        for revision in
            self.history.revisions().iter().filter(|r| self.applied.contains(&r.version))
        {
            for statement in crate::statement::statements(self.engine, &revision.up.text) {
                schema.apply(&ddl::read(self.engine, statement.sql));
            }
        }
        let mut fresh = BTreeSet::new();
        let revisions: Vec<PlannedRevision> =
            todos.iter().map(|todo| self.revision(todo, &mut schema, &mut fresh)).collect();
        let statements = revisions.iter().flat_map(|revision| &revision.statements);
        let impacts = statements.flat_map(|statement| &statement.impacts);
        let tables: BTreeSet<String> = impacts.map(|impact| impact.table.clone()).collect();
        let report = PlanReport {
            engine: self.engine.name(),
            server_version: self.version.to_string(),
            direction,
            revisions,
            held_back,
            tables: Vec::new(),
        };
        (report, tables.into_iter().collect())
    }

    fn revision(
        &self,
        todo: &Todo<'_>,
        schema: &mut Schema,
        fresh: &mut BTreeSet<String>,
    ) -> PlannedRevision {
        let (layout, mut statements) = match layout(self.engine, &todo.script) {
            Layout::Whole(statements) if todo.done.is_none() => {
                ("one-transaction", plain(statements))
            }
            Layout::Whole(_) | Layout::Steps(_) => ("step-by-step", self.steps(todo)),
        };
        let done = statements.iter().filter(|(_, is_done)| *is_done).count();
        let statements = statements.drain(..).map(|(statement, is_done)| {
            let what = ddl::read(self.engine, statement.sql);
            let place = Place { engine: self.engine, version: self.version, schema, fresh };
            let impacts = if is_done { Vec::new() } else { impact::of(place, &what) };
            schema.apply(&what);
            forget(fresh, &what);
            impact::note_fresh(fresh, &what);
            let strongest = impacts.iter().max_by_key(|impact| (impact.blocks, impact.rewrites));
            PlannedStatement {
                line: statement.line,
                sql: statement.sql.to_owned(),
                summary: statement.summary(),
                done: is_done,
                lock: strongest.map(|impact| impact.lock),
                impacts,
            }
        });
        PlannedRevision {
            version: todo.version.to_string(),
            name: todo.name.clone().into_owned(),
            phase: todo.phase.name(),
            direction: todo.direction.name(),
            file: todo.script.file.clone(),
            layout,
            done,
            statements: statements.collect(),
        }
    }

    fn steps<'s>(&self, todo: &'s Todo<'_>) -> Vec<(Statement<'s>, bool)> {
        let mut number = 0;
        let mut all = Vec::new();
        let done: Vec<&str> = todo.done.iter().flatten().map(String::as_str).collect();
        for step in begun(self.engine, &todo.script, &done) {
            let is_session = step.kind == StepKind::Session;
            // Settings of the session are made again.
            let is_done = !is_session && number < done.len();
            number += usize::from(!is_session);
            all.extend(step.statements.into_iter().map(|statement| (statement, is_done)));
        }
        all
    }
}

fn plain(statements: Vec<Statement<'_>>) -> Vec<(Statement<'_>, bool)> {
    statements.into_iter().map(|statement| (statement, false)).collect()
}

/// A table that is dropped and made again is a new one.
fn forget(fresh: &mut BTreeSet<String>, what: &What) {
    if let What::Drop(drop) = what {
        for key in drop.names.iter().map(Name::key) {
            fresh.remove(key);
        }
    }
}

use super::finding::Place;
use crate::ddl::{self, Action, Name, What};
use crate::history::{Phase, Script};
use crate::impact::{self, Impact};
use crate::statement::{Layout, Statement, layout, statements};
use crate::{Engine, Revision, ServerVersion};

/// A file, read.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) engine: Engine,
    pub(super) version: ServerVersion,
    pub(super) revision: &'a Revision,
    pub(super) script: &'a Script,
    pub(super) is_down: bool,
    pub(super) reads: Vec<Read<'a>>,
    /// Whether the runner makes one transaction of it.
    pub(super) is_whole: bool,
}

/// A statement, read.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) statement: Statement<'a>,
    pub(super) what: What,
    pub(super) place: Place,
    /// Whether a transaction of the file's own is open.
    pub(super) is_in_block: bool,
}

/// A statement in its place.
#[derive(Debug)]
pub(super) struct At<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) read: &'a Read<'a>,
    pub(super) index: usize,
    pub(super) place: impact::Place<'a>,
    pub(super) impacts: &'a [Impact],
}

impl<'a> File<'a> {
    pub(super) fn read(
        engine: Engine,
        version: ServerVersion,
        revision: &'a Revision,
        script: &'a Script,
        is_down: bool,
    ) -> Self {
        let mut is_open = false;
        let mut reads = Vec::new();
        for statement in statements(engine, &script.text) {
            let what = ddl::read(engine, statement.sql);
            let place = place(&script.text, &statement);
            reads.push(Read { what, place, is_in_block: is_open, statement });
            let class = reads.last().map(|read| &read.statement.class);
            is_open = match class {
                Some(crate::statement::Class::Begin) => true,
                Some(crate::statement::Class::Commit | crate::statement::Class::Rollback) => false,
                _ => is_open,
            };
        }
        let is_whole = matches!(layout(engine, script), Layout::Whole(_));
        Self { engine, version, revision, script, is_down, reads, is_whole }
    }

    /// After the rollout nothing of the old release runs any more.
    pub(super) fn is_contract(&self) -> bool {
        self.revision.directives.phase == Phase::Contract
    }

    /// Whether a statement of the file would be part of a transaction that others wait for.
    pub(super) fn is_transaction(&self, read: &Read<'_>) -> bool {
        read.is_in_block || (self.engine.has_transactional_ddl() && !self.script.no_transaction)
    }
}

impl At<'_> {
    /// Whether somebody may use the table: it is not made by this very file.
    pub(super) fn is_used(&self, table: &Name) -> bool {
        !self.place.is_fresh(table)
    }

    /// Whether a table of this name is made behind this statement.
    pub(super) fn is_made_behind(&self, table: &Name) -> bool {
        let makes =
            |read: &Read<'_>| matches!(&read.what, What::CreateTable(made) if made.name == *table);
        self.behind().iter().any(makes)
    }

    /// Whether a table got this name before this statement, as it stepped aside for another one that was made
    /// under its own.
    pub(super) fn stepped_aside(&self, aside: &Name) -> bool {
        let before = self.before();
        before.iter().enumerate().any(|(place, read)| {
            let What::AlterTable(alter) = &read.what else { return false };
            let steps = |action: &Action| matches!(action, Action::RenameTo(to) if to == aside);
            let makes = |read: &Read<'_>| matches!(&read.what, What::CreateTable(made) if made.name == alter.table);
            alter.actions.iter().any(steps) && before.iter().skip(place).any(makes)
        })
    }

    /// The statements before this one in the file.
    pub(super) fn before(&self) -> &[Read<'_>] {
        self.file.reads.get(..self.index).unwrap_or_default()
    }

    /// The statements behind this one in the file.
    pub(super) fn behind(&self) -> &[Read<'_>] {
        self.file.reads.get(self.index + 1..).unwrap_or_default()
    }
}

fn place(text: &str, statement: &Statement<'_>) -> Place {
    // The statement is a part of the text, so its address tells where.
    let offset = (statement.sql.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.get(..offset).unwrap_or_default();
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    let more = statement.sql.bytes().filter(|byte| *byte == b'\n').count();
    Place { line: statement.line, column, end_line: statement.line + more }
}

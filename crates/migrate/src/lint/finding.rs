use std::fmt::Display;

use serde::Serialize;

use super::file::{At, File};
use super::rule::{Rule, Severity};
use crate::Engine;

/// Where in a file something was found; lines and columns are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The engine by whose rules.
    pub engine: &'static str,
    /// The file's name, without its folder.
    pub file: String,
    /// Where in the file.
    #[serde(flatten)]
    pub place: Place,
    /// What breaks.
    pub message: String,
    /// What to write instead.
    pub instead: &'static str,
    /// Where the rule is described.
    pub doc: String,
}

/// Collects the findings of one file.
#[derive(Debug)]
pub(super) struct Out<'a> {
    engine: Engine,
    file: &'a str,
    findings: Vec<Finding>,
    of_down: Vec<Finding>,
}

impl<'a> Out<'a> {
    pub(super) fn new(engine: Engine, file: &'a File<'_>) -> Self {
        let (findings, of_down) = (Vec::new(), Vec::new());
        Self { engine, file: &file.script.file, findings, of_down }
    }

    /// Tells of a statement.
    pub(super) fn tell(&mut self, rule: &'static Rule, at: &At<'_>, subject: impl Display) {
        self.place(rule, at.read.place, subject);
    }

    /// Whether one of these rules was told of a statement as an error.
    pub(super) fn has_told_of_loss(&self, at: &At<'_>, rules: &[&Rule]) -> bool {
        let is_one = |found: &Finding| rules.iter().any(|rule| rule.code == found.code);
        let mut of_statement = self.findings.iter().filter(|one| one.place == at.read.place);
        of_statement.any(|one| one.severity == Severity::Error && is_one(one))
    }

    /// Tells of a place in the file.
    pub(super) fn place(&mut self, rule: &'static Rule, place: Place, subject: impl Display) {
        let finding = finding(rule, self.engine, self.file, place, subject);
        self.findings.extend(finding);
    }

    pub(super) fn line(&mut self, rule: &'static Rule, line: usize, subject: impl Display) {
        self.place(rule, Place { line, column: 1, end_line: line }, subject);
    }

    /// Tells of the down file that belongs to this up file.
    pub(super) fn down(&mut self, rule: &'static Rule, file: &str, subject: impl Display) {
        let place = Place { line: 1, column: 1, end_line: 1 };
        self.of_down.extend(finding(rule, self.engine, file, place, subject));
    }

    pub(super) fn take_down(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.of_down)
    }

    pub(super) fn extend(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// A finding, unless the rule does not hold on this engine.
pub(super) fn finding(
    rule: &'static Rule,
    engine: Engine,
    file: &str,
    place: Place,
    subject: impl Display,
) -> Option<Finding> {
    rule.engines.contains(&engine).then(|| Finding {
        code: rule.code,
        name: rule.name,
        severity: rule.severity,
        engine: engine.name(),
        file: file.to_owned(),
        place,
        message: format!("{subject}: {}", rule.breaks),
        instead: rule.instead,
        doc: rule.anchor(),
    })
}

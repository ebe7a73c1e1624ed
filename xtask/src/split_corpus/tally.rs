use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::report;

/// What was compared, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) files: usize,
    /// Statements that both split alike.
    pub(crate) alike: usize,
    /// Statements split differently for a known reason.
    pub(crate) known: BTreeMap<&'static str, usize>,
    pub(crate) differences: Vec<Difference>,
    left_out: BTreeMap<&'static str, usize>,
}

/// Statements, one or several in a row, that the two split differently.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) place: String,
    pub(crate) ours: Vec<String>,
    pub(crate) theirs: Vec<String>,
}

impl Difference {
    /// How many statements it is about.
    pub(crate) fn size(&self) -> usize {
        self.ours.len().max(self.theirs.len())
    }
}

impl Tally {
    /// Counts what cannot be compared.
    pub(crate) fn leave_out(&mut self, what: &'static str, count: usize) {
        *self.left_out.entry(what).or_default() += count;
    }

    /// The figures, and the first differences.
    pub(crate) fn print(&self, engine: Engine, corpus: &str, shown: usize) {
        let different: usize = self.differences.iter().map(Difference::size).sum();
        let known: usize = self.known.values().sum();
        report::line(format!(
            "{engine} ({corpus}): {} files, {} statements: {} alike, {different} different, \
             {known} different for known reasons",
            self.files,
            self.alike + different + known,
            self.alike,
        ));
        for (reason, count) in &self.known {
            report::line(format!("    known: {count}: {reason}"));
        }
        for (what, count) in &self.left_out {
            report::line(format!("    left out: {count} {what}"));
        }
        for difference in self.differences.iter().take(shown) {
            report::line(format!("{}:", difference.place));
            show("ours", &difference.ours);
            show("theirs", &difference.theirs);
        }
    }
}

fn show(whose: &str, statements: &[String]) {
    for statement in statements.iter().take(3) {
        let start: String = statement.chars().take(400).collect();
        report::line(format!("  {whose}: {start:?}"));
    }
    if let Some(more) = statements.len().checked_sub(3).filter(|more| *more > 0) {
        report::line(format!("  {whose}: and {more} more"));
    }
}

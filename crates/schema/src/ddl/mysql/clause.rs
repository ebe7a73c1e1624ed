use super::mode::Mode;
use super::text::name;
use crate::ddl::Statement;
use crate::model::{Dialect, Kind, Name};

/// One clause of ALTER TABLE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) sql: String,
    /// What it does, for a summary.
    pub(super) change: &'static str,
    /// The column, key or constraint that it changes; none for the table itself.
    pub(super) part: Option<String>,
}

impl Clause {
    pub(super) fn of(part: &str, change: &'static str, sql: String) -> Self {
        Self { sql, change, part: Some(part.to_owned()) }
    }

    pub(super) const fn of_table(change: &'static str, sql: String) -> Self {
        Self { sql, change, part: None }
    }
}

/// What one ALTER TABLE does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alteration {
    pub(super) dialect: Dialect,
    pub(super) clauses: Vec<Clause>,
    /// What is lost of the data.
    pub(super) loses: Vec<String>,
    /// What the rows must meet, or else it fails.
    pub(super) demands: Vec<String>,
    /// What somebody has to look at.
    pub(super) checks: Vec<String>,
    /// Whether the table keeps the history of its rows, and `MariaDB` asks what to do with it.
    pub(super) keeps_history: bool,
    /// The mode that it needs.
    pub(super) mode: Mode,
}

impl Alteration {
    pub(super) fn of(dialect: Dialect, mode: Mode, clauses: Vec<Clause>) -> Self {
        let (loses, demands, checks) = (Vec::new(), Vec::new(), Vec::new());
        Self { dialect, clauses, loses, demands, checks, keeps_history: false, mode }
    }

    /// Takes some of the clauses out.
    pub(super) fn take(&mut self, is_taken: impl FnMut(&Clause) -> bool) -> Vec<Clause> {
        let mut is_taken = is_taken;
        let all = std::mem::take(&mut self.clauses).into_iter();
        let (taken, left) = all.partition(|clause| is_taken(clause));
        self.clauses = left;
        taken
    }

    /// The statement; none without clauses.
    pub(super) fn statement(self, table: &Name) -> Option<Statement> {
        let (first, others) = self.clauses.split_first()?;
        let (change, part) = if others.is_empty() {
            (first.change, first.part.clone())
        } else {
            ("alter table", None)
        };
        let object = part.map_or_else(|| table.clone(), |part| of_table(table, &part));
        let sql: Vec<&str> = self.clauses.iter().map(|clause| clause.sql.as_str()).collect();
        let separator = if others.is_empty() { " " } else { "\n    " };
        let line = |demand: &String| format!("-- fails while {}\n", demand.replace('\n', " "));
        let demands: Vec<String> = self.demands.iter().map(line).collect();
        let demands = demands.concat();
        let checks: Vec<String> =
            self.checks.iter().map(|check| format!("-- check: {check}\n")).collect();
        let checks = checks.concat();
        let table = name(&table.local);
        let sql = format!("ALTER TABLE {table}{separator}{}", sql.join(",\n    "));
        let sql = checks + &demands + &self.mode.around(self.dialect, self.keeps_history, sql);
        let loses = (!self.loses.is_empty()).then(|| self.loses.join("; "));
        Some(Statement { sql, change, kind: Kind::Table, object, loses })
    }
}

/// The name of a part of a table with the table's.
fn of_table(table: &Name, part: &str) -> Name {
    table.sibling(format!("{}.{part}", table.local))
}

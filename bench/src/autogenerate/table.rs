use std::fmt;
use std::time::Duration;

use artisan_testkit::Engine;

use super::schema::Tables;

/// What one schema has shown, a value for each round.
#[derive(Debug)]
pub(super) struct Measured {
    tables: usize,
    differing: usize,
    /// Our comparison.
    pub(super) compared: Vec<Duration>,
    /// Our whole program: comparison, statements, proof.
    pub(super) proven: Vec<Duration>,
    /// Alembic's comparison.
    pub(super) alembic: Vec<Duration>,
}

impl Measured {
    pub(super) fn new(tables: &Tables) -> Self {
        let (compared, proven, alembic) = Default::default();
        let (tables, differing) = (tables.count, tables.differing());
        Self { tables, differing, compared, proven, alembic }
    }
}

/// The results on one engine.
pub(super) struct Table<'a> {
    pub(super) engine: Engine,
    pub(super) rounds: usize,
    pub(super) rows: &'a [Measured],
}

/// The number of tables for which the marks are said.
const MARKED: usize = 500;

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "\n{}: milliseconds, median of {}; whole: the program with replay and proof",
            self.engine.name(),
            self.rounds
        )?;
        let head = ["tables", "differing", "compare", "whole", "Alembic", "compare/A", "whole/A"];
        for word in head {
            write!(formatter, "{word:>12}")?;
        }
        writeln!(formatter)?;
        for row in self.rows {
            let (ours, whole) = (median(&row.compared), median(&row.proven));
            let alembic = median(&row.alembic);
            write!(formatter, "{:>12}{:>12}", row.tables, row.differing)?;
            for time in [ours, whole, alembic] {
                let text = time.map(|time| format!("{:.1}", time.as_secs_f64() * 1000.0));
                cell(formatter, text.as_deref())?;
            }
            for (own, mark) in [(ours, 0.1), (whole, 2.0)] {
                let ratio = own.zip(alembic).map(|(own, other)| own.div_duration_f64(other));
                cell(formatter, ratio.map(|ratio| told(ratio, mark, row.tables)).as_deref())?;
            }
            writeln!(formatter)?;
        }
        writeln!(formatter, "marks at {MARKED} tables: compare 0.1, whole 2.0")
    }
}

fn told(ratio: f64, mark: f64, tables: usize) -> String {
    let missed = tables == MARKED && ratio > mark;
    format!("{ratio:.2}{}", if missed { " MISSED" } else { "" })
}

fn cell(formatter: &mut fmt::Formatter<'_>, text: Option<&str>) -> fmt::Result {
    write!(formatter, "{:>12}", text.unwrap_or("–"))
}

fn median(times: &[Duration]) -> Option<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

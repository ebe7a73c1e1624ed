use std::fmt;

use artisan_testkit::Engine;

use crate::database::Database;
use crate::load::CONCURRENCY;
use crate::noop::Noop;
use crate::run::{BARE_LIST, BARE_PAGE, BARE_SQL, BARE_USER, Effort, GRPC, HTTP, LIST};
use crate::stack::LISTS_ONE_IN;
use crate::subject::Subject;

/// The results on one engine, beside the first marks.
pub(crate) struct Table<'a> {
    pub(crate) engine: Engine,
    pub(crate) database: &'a Database,
    pub(crate) effort: Effort,
    pub(crate) subjects: &'a [Subject],
    pub(crate) same_sql: bool,
    pub(crate) noop: Noop,
    /// KiB that each program holds before its first call.
    pub(crate) idle: &'a [(&'static str, u64)],
}

/// A ratio that is told, what it is taken against, and what it should not exceed.
///
/// The service looks at the caller's session in the same statement, or in one before it: the mark is taken
/// against that, and the ratio to the part for the user or the page alone is told beside it.
const RATIOS: [(&str, &str, Option<f64>); 5] = [
    (GRPC, BARE_SQL, Some(1.33)),
    (GRPC, BARE_USER, None),
    (HTTP, GRPC, Some(1.5)),
    (LIST, BARE_LIST, Some(1.4)),
    (LIST, BARE_PAGE, None),
];
const NOOP_MARK: f64 = 50.0;
const IDLE_MARK: f64 = 30.0;

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Effort { calls, rounds, .. } = self.effort;
        writeln!(
            formatter,
            "\n{} {}: {calls} calls, {} of lists, {CONCURRENCY} at a time, median of {rounds}",
            self.engine.name(),
            self.database.version,
            calls / LISTS_ONE_IN,
        )?;
        writeln!(formatter, "{:<30}{:>16}{:>11}", "", "CPU s per 1000", "calls/s")?;
        for subject in self.subjects {
            self.row(formatter, subject)?;
        }
        if self.database.is_out_of_sight() {
            writeln!(formatter, "the server's processes are not seen here: its CPU is missing")?;
        }
        if !self.same_sql {
            writeln!(formatter, "a statement of the service is NOT the one that bare sqlx runs")?;
        }
        self.others(formatter)
    }
}

impl Table<'_> {
    fn row(&self, formatter: &mut fmt::Formatter<'_>, subject: &Subject) -> fmt::Result {
        let Some(sample) = subject.median() else { return Ok(()) };
        let rate = 1000.0 / sample.wall;
        write!(formatter, "{:<30}{:>16.4}{rate:>11.0}", subject.name, sample.cpu)?;
        for (name, against, mark) in RATIOS {
            if name == subject.name
                && let Some(base) = self.cpu_of(against)
            {
                let ratio = sample.cpu / base;
                write!(formatter, "   {ratio:.2} x {against}")?;
                if let Some(mark) = mark.filter(|_| self.is_marked(against)) {
                    write!(formatter, " (mark {mark}: {})", judge(ratio, mark))?;
                }
            }
        }
        writeln!(formatter)
    }

    /// An embedded database takes so little that the ratio to it is one of the transport: the mark
    /// for the service is a server's.
    fn is_marked(&self, against: &str) -> bool {
        ![BARE_SQL, BARE_LIST].contains(&against) || self.engine != Engine::Sqlite
    }

    fn others(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wall = self.noop.wall.as_secs_f64() * 1000.0;
        let judged = judge(wall, NOOP_MARK);
        let name = "migrate upgrade head, no-op";
        writeln!(formatter, "{name:<30}{wall:>13.1} ms   (mark {NOOP_MARK} ms: {judged})")?;
        let peak = ("migrate, at most", self.noop.peak);
        for (name, kibibytes) in self.idle.iter().copied().chain([peak]) {
            let memory = mebibytes(kibibytes);
            let judged = judge(memory, IDLE_MARK);
            let label = format!("memory idle, {name}");
            writeln!(
                formatter,
                "{label:<30}{memory:>12.1} MiB   (mark {IDLE_MARK} MiB: {judged})"
            )?;
        }
        Ok(())
    }

    fn cpu_of(&self, name: &str) -> Option<f64> {
        let subject = self.subjects.iter().find(|subject| subject.name == name)?;
        subject.median().map(|sample| sample.cpu).filter(|cpu| *cpu > 0.0)
    }
}

/// Speed is told, never failed on: a busy machine is no defect of the code.
pub(crate) fn judge(value: f64, mark: f64) -> &'static str {
    if value <= mark { "met" } else { "MISSED" }
}

#[expect(clippy::cast_precision_loss, reason = "memory in KiB is far below 2^52")]
pub(crate) fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_met_up_to_its_value() {
        assert_eq!(judge(1.6, 1.6), "met");
        assert_eq!(judge(1.61, 1.6), "MISSED");
    }

    #[test]
    fn memory_is_told_in_mebibytes() {
        assert!((mebibytes(1536) - 1.5).abs() < 1e-9);
    }
}

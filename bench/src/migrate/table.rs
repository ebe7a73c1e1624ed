use std::fmt;
use std::time::Duration;

use artisan_testkit::Engine;

use super::Options;
use super::contestant::{ALEMBIC, CLIENT, CLIENT_ALONE, Contestant, OURS, SQLX_CLI, Work};

/// What a contestant has shown, a value for each round.
#[derive(Debug)]
pub(super) struct Measured {
    name: &'static str,
    times: [Vec<Duration>; 4],
    peak: u64,
}

impl Measured {
    pub(super) fn new(contestant: &Contestant) -> Self {
        Self { name: contestant.name, times: Default::default(), peak: 0 }
    }

    pub(super) fn add(&mut self, work: Work, time: Duration, peak: u64) {
        let at = Work::ALL.iter().position(|each| *each == work).unwrap_or_default();
        if let Some(times) = self.times.get_mut(at) {
            times.push(time);
        }
        self.peak = self.peak.max(peak);
    }

    fn median(&self, work: Work) -> Option<Duration> {
        let at = Work::ALL.iter().position(|each| *each == work)?;
        let mut times = self.times.get(at)?.clone();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    }
}

/// The results on one engine, beside the marks.
pub(super) struct Table<'a> {
    pub(super) engine: Engine,
    pub(super) options: &'a Options,
    pub(super) measured: &'a [Measured],
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { revisions, rounds, .. } = self.options;
        writeln!(
            formatter,
            "\n{}: {revisions} revisions, median of {rounds}, milliseconds of the whole process",
            self.engine.name()
        )?;
        let head = ["apply", "no-op", "current", "revert", "peak MiB"];
        writeln!(
            formatter,
            "{:<28}{:>9}{:>9}{:>9}{:>9}{:>10}",
            "", head[0], head[1], head[2], head[3], head[4]
        )?;
        for measured in self.measured {
            write!(formatter, "{:<28}", measured.name)?;
            for work in Work::ALL {
                match measured.median(work) {
                    Some(time) => write!(formatter, "{:>9.1}", time.as_secs_f64() * 1000.0)?,
                    None => write!(formatter, "{:>9}", "–")?,
                }
            }
            writeln!(formatter, "{:>10.1}", mebibytes(measured.peak))?;
        }
        self.marks(formatter)
    }
}

impl Table<'_> {
    fn marks(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let empty = match self.engine {
            Engine::Postgres => Some(0.8),
            Engine::Sqlite => Some(0.1),
            Engine::MariaDb | Engine::MySql => None,
        };
        let mut ratios = vec![
            ("apply", Work::Apply, CLIENT, 1.15),
            ("apply", Work::Apply, SQLX_CLI, 1.0),
            ("apply", Work::Apply, "sqlx, the library", 1.0),
            ("revert", Work::Revert, CLIENT, 1.15),
            ("revert", Work::Revert, SQLX_CLI, 1.0),
            ("revert", Work::Revert, "sqlx, the library", 1.0),
            ("no-op", Work::Noop, SQLX_CLI, 1.0),
            ("no-op", Work::Noop, ALEMBIC, 0.05),
        ];
        ratios.extend(empty.map(|mark| ("apply", Work::Apply, CLIENT_ALONE, mark)));
        for (label, work, against, mark) in ratios {
            let (Some(own), Some(base)) = (self.of(OURS, work), self.of(against, work)) else {
                continue;
            };
            let ratio = own.as_secs_f64() / base.as_secs_f64();
            let judged = if ratio <= mark { "met" } else { "MISSED" };
            writeln!(formatter, "{label:>8}: {ratio:.2} x {against} (mark {mark}: {judged})")?;
        }
        Ok(())
    }

    fn of(&self, name: &str, work: Work) -> Option<Duration> {
        self.measured.iter().find(|measured| measured.name == name)?.median(work)
    }
}

#[expect(clippy::cast_precision_loss, reason = "memory in KiB is far below 2^52")]
fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

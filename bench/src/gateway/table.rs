use std::fmt;
use std::time::Duration;

use super::{
    Contestant, GATEWAY, GRPC_GATEWAY, HANDLER, IN_PROCESS, PROXY, SILENT, median, percentile,
};
use crate::load::CONCURRENCY;
use crate::table::judge;

/// What a ratio should be.
#[derive(Clone, Copy, Debug)]
enum Mark {
    AtMost(f64),
    AtLeast(f64),
}

/// A contestant, what it is held against, and the mark of the ratio of their CPU times.
const RATIOS: [(&str, &str, Mark); 4] = [
    (GATEWAY, PROXY, Mark::AtMost(1.3)),
    (SILENT, PROXY, Mark::AtMost(1.3)),
    (GRPC_GATEWAY, GATEWAY, Mark::AtLeast(2.0)),
    (IN_PROCESS, HANDLER, Mark::AtMost(1.2)),
];
/// The mark of the 99th percentile of the times to answer at half load, in medians.
const TAIL_MARK: f64 = 3.0;

/// What was measured, for people.
pub(super) struct Table<'a> {
    pub(super) contestants: &'a [Contestant],
    /// The rate of the calls, and the time that each took, sorted.
    pub(super) delays: &'a [(&'static str, f64, Vec<Duration>)],
    pub(super) calls: u64,
    pub(super) rounds: usize,
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, rounds, .. } = self;
        writeln!(
            f,
            "\nGetUser from memory: {calls} calls, {CONCURRENCY} at a time, median of {rounds}"
        )?;
        writeln!(f, "{:<38}{:>16}{:>11}", "", "CPU s per 1000", "calls/s")?;
        for contestant in self.contestants {
            let (cpu, rate) = (median(&contestant.cpu), median(&contestant.rate));
            write!(f, "{:<38}{cpu:>16.4}{rate:>11.0}", contestant.name)?;
            for (name, against, mark) in RATIOS {
                let base = self.cpu_of(against).filter(|_| name == contestant.name);
                if let Some(base) = base {
                    let ratio = cpu / base;
                    write!(f, "   {ratio:.2} x {against} ({})", mark.judged(ratio))?;
                }
            }
            writeln!(f)?;
        }
        if self.cpu_of(GRPC_GATEWAY).is_none() {
            writeln!(
                f,
                "{GRPC_GATEWAY:<38}LEFT OUT: it was not built, and its mark is not judged"
            )?;
        }
        for (name, rate, times) in self.delays {
            let (half, tail) = (percentile(times, 50), percentile(times, 99));
            let ratio = tail.as_secs_f64() / half.as_secs_f64().max(f64::EPSILON);
            write!(f, "{name} at {rate:.0} calls/s: p50 {half:?}, p99 {tail:?}: {ratio:.1} x")?;
            if [GATEWAY, IN_PROCESS].contains(name) {
                write!(f, " ({})", Mark::AtMost(TAIL_MARK).judged(ratio))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl Table<'_> {
    fn cpu_of(&self, name: &str) -> Option<f64> {
        let contestant = self.contestants.iter().find(|contestant| contestant.name == name)?;
        Some(median(&contestant.cpu))
    }
}

impl Mark {
    /// The mark, and whether the ratio meets it.
    fn judged(self, ratio: f64) -> String {
        match self {
            Self::AtMost(mark) => format!("mark {mark}: {}", judge(ratio, mark)),
            Self::AtLeast(mark) => format!("mark at least {mark}: {}", judge(mark, ratio)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_met_from_below_or_from_above() {
        assert_eq!(Mark::AtMost(1.3).judged(1.3), "mark 1.3: met");
        assert_eq!(Mark::AtMost(1.3).judged(1.31), "mark 1.3: MISSED");
        assert_eq!(Mark::AtLeast(2.0).judged(2.0), "mark at least 2: met");
        assert_eq!(Mark::AtLeast(2.0).judged(1.99), "mark at least 2: MISSED");
    }

    #[test]
    fn what_was_left_out_is_told_and_not_judged() {
        let table = Table { contestants: &[], delays: &[], calls: 0, rounds: 0 }.to_string();
        assert!(table.contains("grpc-gateway (Go)"), "{table}");
        assert!(table.contains("LEFT OUT"), "{table}");
        assert!(!table.contains(": met"), "{table}");
    }
}

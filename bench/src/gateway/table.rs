use std::fmt;
use std::time::Duration;

use super::{Contestant, GATEWAY, HANDLER, IN_PROCESS, PROXY, median, percentile};
use crate::load::CONCURRENCY;
use crate::table::judge;

/// A contestant, what it is held against, and the mark of the ratio of their CPU times.
const RATIOS: [(&str, &str, f64); 2] = [(GATEWAY, PROXY, 1.3), (IN_PROCESS, HANDLER, 1.2)];
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
                let base = self.contestants.iter().find(|other| other.name == against);
                if let Some(base) = base.filter(|_| name == contestant.name) {
                    let ratio = cpu / median(&base.cpu);
                    write!(f, "   {ratio:.2} x {against} (mark {mark}: {})", judge(ratio, mark))?;
                }
            }
            writeln!(f)?;
        }
        for (name, rate, times) in self.delays {
            let (half, tail) = (percentile(times, 50), percentile(times, 99));
            let ratio = tail.as_secs_f64() / half.as_secs_f64().max(f64::EPSILON);
            let judged = judge(ratio, TAIL_MARK);
            writeln!(
                f,
                "{name} at {rate:.0} calls/s: p50 {half:?}, p99 {tail:?}: {ratio:.1} x (mark {TAIL_MARK}: {judged})"
            )?;
        }
        Ok(())
    }
}

use std::fmt;
use std::time::Duration;

use artisan_testkit::Engine;

use super::clients::SignIns;
use super::{CLIENTS, CONNECTIONS, Effort};
use crate::gateway::percentile;
use crate::table::{judge, mebibytes};

/// How many times as late the slowest hundredth of the reads may be.
const LATE_MARK: f64 = 2.0;
/// In MiB.
const MEMORY_MARK: f64 = 60.0;

/// The results on one engine; all times are sorted.
pub(super) struct Table<'a> {
    pub(super) engine: Engine,
    pub(super) version: &'a str,
    pub(super) effort: Effort,
    /// What reads took while nobody signed in.
    pub(super) alone: &'a [Duration],
    /// What they took while many did.
    pub(super) beside: &'a [Duration],
    pub(super) sign_ins: &'a SignIns,
    /// The most that the service has held, in KiB.
    pub(super) peak: u64,
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Effort { rounds, seconds, rate } = self.effort;
        writeln!(
            formatter,
            "\n{} {}: GetUser {rate} times a second over {CONNECTIONS} connections, {rounds} x {seconds} s \
             alone and {rounds} x {seconds} s beside {CLIENTS} sign-ins at a time",
            self.engine.name(),
            self.version
        )?;
        writeln!(formatter, "{:<30}{:>11}{:>11}", "", "p50, ms", "p99, ms")?;
        row(formatter, "GetUser alone", self.alone)?;
        writeln!(formatter)?;
        row(formatter, "GetUser beside sign-ins", self.beside)?;
        let ratio = self.lateness();
        let judged = judge(ratio, LATE_MARK);
        writeln!(formatter, "   p99 {ratio:.2} x alone (mark {LATE_MARK}: {judged})")?;
        row(formatter, "sign-ins", &self.sign_ins.times)?;
        let refused = self.sign_ins.refused;
        writeln!(formatter, "   {:.1} a second, {refused} refused", self.sign_ins_a_second())?;
        let memory = mebibytes(self.peak);
        let judged = judge(memory, MEMORY_MARK);
        let name = "memory of user-service, at most";
        writeln!(formatter, "{name} {memory:>9.1} MiB   (mark {MEMORY_MARK} MiB: {judged})")
    }
}

impl Table<'_> {
    /// The 99th percentile beside sign-ins, in those alone.
    fn lateness(&self) -> f64 {
        percentile(self.beside, 99).as_secs_f64() / percentile(self.alone, 99).as_secs_f64()
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of calls are far below 2^52")]
    fn sign_ins_a_second(&self) -> f64 {
        self.sign_ins.times.len() as f64 / self.sign_ins.elapsed.as_secs_f64()
    }
}

fn row(formatter: &mut fmt::Formatter<'_>, name: &str, times: &[Duration]) -> fmt::Result {
    let ms = |hundredths| percentile(times, hundredths).as_secs_f64() * 1000.0;
    write!(formatter, "{name:<30}{:>11.2}{:>11.2}", ms(50), ms(99))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(beside: u64, peak: u64) -> String {
        let elapsed = Duration::from_secs(20);
        let times = vec![Duration::from_millis(600); 100];
        let sign_ins = SignIns { times, refused: 7, elapsed };
        let table = Table {
            engine: Engine::Sqlite,
            version: "in the process",
            effort: Effort { rounds: 2, seconds: 10, rate: 500 },
            alone: &[Duration::from_millis(2)],
            beside: &[Duration::from_millis(beside)],
            sign_ins: &sign_ins,
            peak,
        };
        table.to_string()
    }

    #[test]
    fn marks_are_met_up_to_their_values() {
        let met = told(4, 60 << 10);
        assert!(met.contains("p99 2.00 x alone (mark 2: met)"), "{met}");
        assert!(met.contains("60.0 MiB   (mark 60 MiB: met)"), "{met}");
        let missed = told(5, 61 << 10);
        assert!(missed.contains("p99 2.50 x alone (mark 2: MISSED)"), "{missed}");
        assert!(missed.contains("61.0 MiB   (mark 60 MiB: MISSED)"), "{missed}");
    }

    #[test]
    fn sign_ins_are_told_by_the_second() {
        let told = told(4, 0);
        assert!(told.contains("600.00     600.00   5.0 a second, 7 refused"), "{told}");
    }
}

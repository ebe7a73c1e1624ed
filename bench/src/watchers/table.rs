use std::fmt;
use std::time::Duration;

use artisan_testkit::Engine;

use crate::table::{judge, mebibytes};

/// In MiB.
const MARK: f64 = 200.0;

/// The results on one engine.
pub(super) struct Table<'a> {
    pub(super) engine: Engine,
    pub(super) version: &'a str,
    pub(super) watchers: u64,
    pub(super) connections: u64,
    /// What the service held before them, in KiB.
    pub(super) before: u64,
    /// What it held with them, in KiB.
    pub(super) with: u64,
    /// The most that it has held, in KiB: while they began, or while they were told of the write.
    pub(super) peak: u64,
    /// CPU seconds of service and database in a second in which nothing happens.
    pub(super) cpu: f64,
    /// The time until all of them had seen a write.
    pub(super) delivery: Duration,
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { watchers, connections, before, with, peak, cpu, .. } = *self;
        let (engine, version) = (self.engine.name(), self.version);
        writeln!(
            formatter,
            "\n{engine} {version}: {watchers} idle watchers over {connections} connections"
        )?;
        let name = "memory of user-service before";
        writeln!(formatter, "{name:<32}{:>10.1} MiB", mebibytes(before))?;
        let (memory, each) = (mebibytes(with), with.saturating_sub(before) / watchers.max(1));
        let name = "memory of user-service with them";
        writeln!(
            formatter,
            "{name:<32}{memory:>10.1} MiB   {each} KiB each (mark {MARK} MiB: {})",
            judge(memory, MARK)
        )?;
        writeln!(formatter, "{:<32}{:>10.1} MiB", "the most that it has held", mebibytes(peak))?;
        let name = "service and database, idle";
        writeln!(formatter, "{name:<32}{cpu:>10.3} CPU s a second")?;
        let seconds = self.delivery.as_secs_f64();
        let name = "a write, until all had seen it";
        writeln!(formatter, "{name:<32}{seconds:>10.2} s   all {watchers} have")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(with: u64) -> String {
        let table = Table {
            engine: Engine::Sqlite,
            version: "in the process",
            watchers: 1000,
            connections: 2,
            before: 20 << 10,
            with,
            peak: 300 << 10,
            cpu: 0.25,
            delivery: Duration::from_millis(450),
        };
        table.to_string()
    }

    #[test]
    fn mark_is_met_up_to_its_value() {
        let met = told(200 << 10);
        assert!(met.contains("200.0 MiB   184 KiB each (mark 200 MiB: met)"), "{met}");
        let missed = told(201 << 10);
        assert!(missed.contains("201.0 MiB   185 KiB each (mark 200 MiB: MISSED)"), "{missed}");
    }
}

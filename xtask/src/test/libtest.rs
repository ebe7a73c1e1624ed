//! Reading what Rust's test harness prints.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::failure::Failure;
use crate::service::Service;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    fn add(&mut self, failed: bool) {
        self.passed += u64::from(!failed);
        self.failed += u64::from(failed);
    }
}

/// All results of one run.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// From the harness's own summaries.
    pub(super) total: Count,
    /// Tests that the harness did not run because they are marked so.
    pub(super) ignored: u64,
    /// The full names of the tests that failed.
    pub(super) failures: Vec<String>,
    /// The tests that the harness told of because they take long, until they end.
    lasting: BTreeSet<String>,
    services: [Count; Service::ALL.len()],
    /// The tests that belong to any of them, each once.
    placed: Count,
}

impl Outcome {
    /// Takes in one line of output.
    pub(super) fn read_line(&mut self, line: &str) {
        if line.starts_with("running ") {
            // Another program: those of one that died do not last.
            self.lasting.clear();
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.read_result(result);
        } else if let Some(test) = line.strip_prefix("test ") {
            self.read_test(test);
        }
    }

    /// The tests of one service; a test may be one of an engine and of NATS.
    pub(super) fn of(&self, service: Service) -> Count {
        let pair = Service::ALL.iter().zip(self.services).find(|(each, _)| **each == service);
        pair.map(|(_, count)| count).unwrap_or_default()
    }

    /// The tests that need no service.
    pub(super) fn of_none(&self) -> Count {
        Count {
            passed: self.total.passed.saturating_sub(self.placed.passed),
            failed: self.total.failed.saturating_sub(self.placed.failed),
        }
    }

    /// Why a run was ended that said nothing any more.
    pub(super) fn silent_for(&self, time: Duration) -> Failure {
        let minutes = time.as_secs() / 60;
        let lasting: Vec<&str> = self.lasting.iter().map(String::as_str).collect();
        Failure::new(format!(
            "the tests said nothing for {minutes} minutes and were ended; still running: {}\n\
             `--silence MINUTES` waits longer",
            if lasting.is_empty() { "unknown".to_owned() } else { lasting.join(", ") }
        ))
    }

    fn read_test(&mut self, test: &str) {
        if let Some((name, _)) = test.split_once(" has been running for over ") {
            self.lasting.insert(name.to_owned());
        }
        let Some((name, result)) = test.rsplit_once(" ... ") else { return };
        let name = name.strip_suffix(" - should panic").unwrap_or(name);
        self.lasting.remove(name);
        let failed = result.starts_with("FAILED");
        if !failed && result != "ok" {
            return;
        }
        if failed {
            self.failures.push(name.to_owned());
        }
        let mut is_placed = false;
        for (service, count) in Service::ALL.iter().zip(&mut self.services) {
            if service.has_test(name) {
                count.add(failed);
                is_placed = true;
            }
        }
        if is_placed {
            self.placed.add(failed);
        }
    }

    /// `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`
    fn read_result(&mut self, result: &str) {
        let counts = result.split_once(". ").map_or(result, |(_, counts)| counts);
        for part in counts.split("; ") {
            let Some((number, what)) = part.split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => self.total.passed += number,
                "failed" => self.total.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    const OUTPUT: &str = "
running 7 tests
test mysql::duplicate_email_is_already_exists ... ok
test conformance::mysql::pages_are_stable ... FAILED
test postgres::duplicate_email_is_already_exists ... ok
test tests::panics - should panic ... ok
test tests::needs_hours ... ignored, needs hours
test dialect::mysql::tests::quotes ... ok
test nats::mysql::events_arrive ... ok

failures:
    conformance::mysql::pages_are_stable

test result: FAILED. 5 passed; 1 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s

running 1 test
test crates/x/src/lib.rs - parse (line 3) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.30s
";

    fn outcome() -> Outcome {
        let mut outcome = Outcome::default();
        for line in OUTPUT.lines() {
            outcome.read_line(line);
        }
        outcome
    }

    #[test]
    fn totals_are_the_harnesss_own() {
        assert_eq!(outcome().total, Count { passed: 6, failed: 1 });
        assert_eq!(outcome().ignored, 1);
    }

    #[test]
    fn a_test_belongs_to_the_services_whose_modules_it_stands_in() {
        let outcome = outcome();
        assert_eq!(outcome.of(Service::Engine(Engine::MySql)), Count { passed: 2, failed: 1 });
        assert_eq!(outcome.of(Service::Engine(Engine::Postgres)), Count { passed: 1, failed: 0 });
        assert_eq!(outcome.of(Service::Engine(Engine::Sqlite)), Count::default());
        assert_eq!(outcome.of(Service::Nats), Count { passed: 1, failed: 0 });
        assert_eq!(outcome.of_none(), Count { passed: 3, failed: 0 });
    }

    #[test]
    fn a_test_lasts_until_it_ends() {
        let mut outcome = Outcome::default();
        outcome.read_line("test a::hangs has been running for over 60 seconds");
        outcome.read_line("test a::slow has been running for over 60 seconds");
        outcome.read_line("test a::slow ... ok");
        let said = outcome.silent_for(Duration::from_mins(15)).to_string();
        assert!(said.contains("for 15 minutes") && said.contains("running: a::hangs\n"), "{said}");
    }

    #[test]
    fn failures_are_named() {
        assert_eq!(outcome().failures, ["conformance::mysql::pages_are_stable"]);
    }
}

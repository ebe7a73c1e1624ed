use std::fmt;

use super::libtest::{Count, Outcome};
use crate::servers::Server;
use crate::service::Service;

/// Where a service of this run is.
#[derive(Debug)]
pub(super) enum Place {
    /// Compiled in, in this version.
    Bundled(String),
    /// A server that answered.
    Running(Server),
    /// The caller said `--without`.
    LeftOut,
    /// No server, and why.
    Missing(String),
}

impl Place {
    pub(super) const fn is_ready(&self) -> bool {
        matches!(self, Self::Bundled(_) | Self::Running(_))
    }

    pub(super) const fn server(&self) -> Option<&Server> {
        match self {
            Self::Running(server) => Some(server),
            Self::Bundled(_) | Self::LeftOut | Self::Missing(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled(version) => write!(formatter, "{version} (bundled)"),
            Self::Running(server) => write!(formatter, "{} ({})", server.version, server.origin),
            Self::LeftOut => write!(formatter, "LEFT OUT, as --without said"),
            Self::Missing(reason) => write!(formatter, "DID NOT RUN: {reason}"),
        }
    }
}

/// What the run says at its end.
#[derive(Debug)]
pub(super) struct Summary<'a> {
    pub(super) places: &'a [(Service, Place)],
    pub(super) outcome: &'a Outcome,
    /// Whether nothing but `--without` narrowed the run: then every service must have had tests.
    pub(super) complete: bool,
}

impl Summary<'_> {
    /// The first reason why the run did not pass, if it did not.
    pub(super) fn why_not(&self) -> Option<String> {
        let failed = self.outcome.total.failed;
        if failed > 0 {
            return Some(format!("{failed} of the tests failed"));
        }
        let absent: Vec<String> = self
            .places
            .iter()
            .filter(|(service, place)| match place {
                Place::Missing(_) => true,
                Place::LeftOut => false,
                Place::Bundled(_) | Place::Running(_) => {
                    self.complete && self.outcome.of(*service).passed == 0
                }
            })
            .map(|(service, _)| service.to_string())
            .collect();
        (!absent.is_empty()).then(|| format!("no tests ran on {}", absent.join(", ")))
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter)?;
        for name in &self.outcome.failures {
            writeln!(formatter, "FAILED {name}")?;
        }
        for (service, place) in self.places {
            let count = place.is_ready().then(|| self.outcome.of(*service));
            row(formatter, &service.to_string(), count)?;
            writeln!(formatter, "{place}")?;
        }
        row(formatter, "no service", Some(self.outcome.of_none()))?;
        writeln!(formatter, "units, documentation, structure")?;
        if self.outcome.ignored > 0 {
            writeln!(formatter, "{} ignored", self.outcome.ignored)?;
        }
        let Count { passed, failed } = self.outcome.total;
        write!(formatter, "{passed} passed, {failed} failed")
    }
}

fn row(formatter: &mut fmt::Formatter<'_>, title: &str, count: Option<Count>) -> fmt::Result {
    match count {
        Some(Count { passed, failed }) => {
            write!(formatter, "{title:<11}{passed:>5} passed {failed:>4} failed  ")
        }
        None => write!(formatter, "{title:<11}{:>5} passed {:>4} failed  ", "-", "-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    fn outcome(lines: &[&str]) -> Outcome {
        let mut outcome = Outcome::default();
        for line in lines {
            outcome.read_line(line);
        }
        outcome
    }

    fn bundled() -> Place {
        Place::Bundled("3.50.2".to_owned())
    }

    #[test]
    fn a_missing_engine_fails_the_run_and_is_named() {
        let outcome = outcome(&["test result: ok. 7 passed; 0 failed;"]);
        let places = [(Service::Engine(Engine::MySql), Place::Missing("no server".to_owned()))];
        let summary = Summary { places: &places, outcome: &outcome, complete: false };
        assert_eq!(summary.why_not().unwrap(), "no tests ran on MySQL");
        assert!(summary.to_string().contains("DID NOT RUN: no server"));
        assert!(summary.to_string().ends_with("\n7 passed, 0 failed"));
    }

    #[test]
    fn an_engine_left_out_on_purpose_is_named_and_passes() {
        let outcome = outcome(&["test result: ok. 7 passed; 0 failed;"]);
        let places = [(Service::Engine(Engine::MySql), Place::LeftOut)];
        let summary = Summary { places: &places, outcome: &outcome, complete: true };
        assert_eq!(summary.why_not(), None);
        assert!(summary.to_string().contains("LEFT OUT"));
    }

    #[test]
    fn a_complete_run_without_a_test_on_an_engine_does_not_pass() {
        let outcome = outcome(&["test result: ok. 7 passed; 0 failed;"]);
        let places = [(Service::Engine(Engine::Sqlite), bundled())];
        let complete = Summary { places: &places, outcome: &outcome, complete: true };
        assert_eq!(complete.why_not().unwrap(), "no tests ran on SQLite");
        let narrowed = Summary { complete: false, ..complete };
        assert_eq!(narrowed.why_not(), None);
    }

    #[test]
    fn failed_tests_are_listed() {
        let outcome = outcome(&[
            "test sqlite::x ... FAILED",
            "test result: FAILED. 0 passed; 1 failed; 0 ignored;",
        ]);
        let places = [(Service::Engine(Engine::Sqlite), bundled())];
        let summary = Summary { places: &places, outcome: &outcome, complete: true };
        assert_eq!(summary.why_not().unwrap(), "1 of the tests failed");
        assert!(summary.to_string().contains("FAILED sqlite::x\n"));
        assert!(summary.to_string().ends_with("\n0 passed, 1 failed"));
    }
}

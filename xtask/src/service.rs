use std::fmt;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::engine::Engine;

/// What tests need beside the compiler, each with tests in a module of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Engine(Engine),
    Nats,
    /// The runner of protobuf's conformance suite.
    Conformance,
}

impl Service {
    /// Every service, in the order of the summary.
    pub(crate) const ALL: [Self; 6] = [
        Self::Engine(Engine::Sqlite),
        Self::Engine(Engine::MariaDb),
        Self::Engine(Engine::MySql),
        Self::Engine(Engine::Postgres),
        Self::Nats,
        Self::Conformance,
    ];

    /// The name of its tests' modules, which `--without` takes too.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Engine(engine) => engine.name(),
            Self::Nats => "nats",
            Self::Conformance => "conformance",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Engine(engine) => engine.title(),
            Self::Nats => "NATS",
            Self::Conformance => "conformance",
        }
    }

    /// The variable through which the tests learn of it.
    pub(crate) const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Engine(engine) => engine.variable(),
            Self::Nats => Some("TEST_NATS_SERVER"),
            Self::Conformance => Some("TEST_CONFORMANCE_RUNNER"),
        }
    }

    /// Whether a test of that full name is one of its tests. The test kit's macro puts a test directly into
    /// a module named after the engine (a `mysql::tests::parses` needs no server); what needs another service
    /// stands in a file or module of its name, on every engine.
    pub(crate) fn has_test(self, name: &str) -> bool {
        let module = match self {
            Self::Engine(_) => name.rsplit("::").nth(1),
            Self::Nats | Self::Conformance => name.split_once("::").map(|(first, _)| first),
        };
        module == Some(self.name())
    }
}

impl ValueEnum for Service {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Padded where a column of them stands.
        formatter.pad(self.title())
    }
}

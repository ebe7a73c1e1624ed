use std::fmt;

use serde::Serialize;

use crate::Engine;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hurts a busy or a large database, or somebody later.
    Warning,
    /// Fails, loses data or breaks the running release.
    Error,
}

impl Severity {
    /// The word in documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One thing that is looked for.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable: `PG101`.
    pub code: &'static str,
    /// The same in words: `index-not-concurrent`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it holds.
    #[serde(serialize_with = "names")]
    pub engines: &'static [Engine],
    /// What breaks.
    pub breaks: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// Where the server or library says so.
    pub source: &'static str,
}

impl Rule {
    /// The heading in `docs/lint.md`.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("docs/lint.md#{}", self.code.to_lowercase())
    }
}

fn names<S: serde::Serializer>(engines: &&'static [Engine], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(engines.iter().map(|engine| engine.name()))
}

pub(super) const EVERY: &[Engine] =
    &[Engine::Sqlite, Engine::MySql, Engine::MariaDb, Engine::Postgres];
pub(super) const POSTGRES: &[Engine] = &[Engine::Postgres];
pub(super) const MYSQL: &[Engine] = &[Engine::MySql, Engine::MariaDb];
pub(super) const SQLITE: &[Engine] = &[Engine::Sqlite];

/// Declares rules: code, name, severity, engines, what breaks, what to write instead, source.
macro_rules! rules {
    ($($code:ident, $name:literal, $severity:ident, $engines:ident,
       $breaks:literal, $instead:literal, $source:literal;)+) => {
        $(pub(in crate::lint) static $code: $crate::lint::rule::Rule = $crate::lint::rule::Rule {
            code: stringify!($code),
            name: $name,
            severity: $crate::lint::rule::Severity::$severity,
            engines: $crate::lint::rule::$engines,
            breaks: $breaks,
            instead: $instead,
            source: $source,
        };)+
        pub(super) static ALL: &[&$crate::lint::rule::Rule] = &[$(&$code),+];
    };
}

pub(super) use rules;

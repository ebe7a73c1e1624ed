//! What a comparison of `migrate` with another program asks for: the engines one after the other, a
//! server for each, and the program built.

use clap::Args;

use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use crate::servers::{Origin, Server, provide};
use crate::service::Service;

/// Which engines to compare on.
#[derive(Args, Debug)]
// Another recipe has options of its own beside these.
#[group(id = "engines")]
pub(crate) struct Options {
    /// Leave an engine out, on purpose; what is no engine is not needed here
    #[arg(long, value_name = "SERVICE")]
    without: Vec<Service>,
}

impl Options {
    /// Compares on one engine after the other; the server stays as long as that takes, and SQLite has
    /// none.
    pub(crate) fn on_each(
        &self,
        compare: impl Fn(Engine, Option<&Server>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for engine in Engine::ALL {
            if self.without.contains(&Service::Engine(engine)) {
                report::line(format!("{engine}: LEFT OUT, as --without said"));
                continue;
            }
            report::step(engine);
            let missing = |reason| Failure::new(format!("{engine} DID NOT RUN: {reason}"));
            let is_server = engine != Engine::Sqlite;
            let server =
                is_server.then(|| provide(engine, &Origin::ALL).map_err(missing)).transpose()?;
            compare(engine, server.as_ref())?;
        }
        Ok(())
    }
}

//! A server for each engine: the one that the caller names, else one that stands on this machine,
//! else a container, else one unpacked from the distribution's packages.
//!
//! Whatever is started here listens on the loopback interface, keeps its data in a folder of its
//! own, and is gone when the recipe ends.

use clap::ValueEnum;

use crate::cleanup::Guard;
use crate::engine::Engine;

mod account;
mod apt;
mod apt_sources;
mod conformance;
mod containers;
mod galera;
mod greeting;
mod group;
mod launch;
mod machine;
mod memory;
mod mysql;
mod nats;
mod packages;
mod pgbouncer;
mod postgres;
mod replicated;
mod supervised;
mod url;

pub(crate) use apt::{Apt, Suite};
pub(crate) use conformance::conformance;
pub(crate) use galera::Cluster;
pub(crate) use group::start as several_primaries;
pub(crate) use launch::free_port;
pub(crate) use memory::{in_memory, prefix};
pub(crate) use nats::nats;
pub(crate) use packages::mysql_client;
pub(crate) use pgbouncer::{PoolMode, start as pooler};
pub(crate) use replicated::Replicated;
pub(crate) use url::ServerUrl;

/// Where a server may be taken from when no variable names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Origin {
    /// Programs found on this machine, started for this run.
    Machine,
    /// Containers of docker or podman.
    Containers,
    /// The distribution's packages, unpacked into the cache folder.
    Packages,
}

impl Origin {
    /// Every origin, cheapest first.
    pub(crate) const ALL: [Self; 3] = [Self::Machine, Self::Containers, Self::Packages];

    fn start(self, engine: Engine, care: Care) -> Result<Server, String> {
        match self {
            Self::Machine => machine::start(engine, care),
            Self::Containers => containers::start(engine),
            Self::Packages => packages::start(engine, care),
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Machine => "on this machine",
            Self::Containers => "as a container",
            Self::Packages => "from packages",
        }
    }
}

/// How much a started server cares for what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    /// Nothing is written through, and it need not lie on a disk: tests throw all of it away.
    Throwaway,
    /// Nothing is written through, and there is as much room as the disk has.
    Unsynced,
    /// Commits reach the disk, as they do where it matters; containers always care.
    Durable,
}

/// A server that answers, until this value is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// An administrator's URL, as the tests take it; of what the tests start, the path of the program.
    pub(crate) url: String,
    /// Where it came from, for the summary.
    pub(crate) origin: String,
    /// What it says of its version.
    pub(crate) version: String,
    /// In the order in which they are to be removed.
    _guards: Vec<Guard>,
}

/// Finds or starts a server; the error tells what was tried and how to get one.
pub(crate) fn provide(engine: Engine, origins: &[Origin]) -> Result<Server, String> {
    provide_with(engine, origins, Care::Throwaway)
}

/// The same, and how much a server that is started here is to care.
pub(crate) fn provide_with(
    engine: Engine,
    origins: &[Origin],
    care: Care,
) -> Result<Server, String> {
    given(engine).unwrap_or_else(|| start(engine, origins, care))
}

/// Starts a server here, whatever the engine's variable names.
pub(crate) fn start(engine: Engine, origins: &[Origin], care: Care) -> Result<Server, String> {
    let mut tried = Vec::new();
    for origin in origins {
        match origin.start(engine, care) {
            Ok(server) => return Ok(server),
            Err(reason) => tried.push(format!("{}: {reason}", origin.title())),
        }
    }
    Err(format!("{}; {}", tried.join("; "), how_to_get(engine)))
}

/// The server that the engine's variable names; a wrong one is an error, never passed over.
fn given(engine: Engine) -> Option<Result<Server, String>> {
    let variable = engine.variable()?;
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
    let version = ServerUrl::parse(engine, &url).and_then(|url| greeting::version(engine, &url));
    Some(match version {
        Ok(version) => {
            Ok(Server { url, origin: variable.to_owned(), version, _guards: Vec::new() })
        }
        Err(reason) => Err(format!("the server that {variable} names: {reason}")),
    })
}

fn how_to_get(engine: Engine) -> String {
    let package = match engine {
        Engine::Sqlite => return "nothing is needed".to_owned(),
        Engine::MariaDb => "mariadb-server",
        Engine::MySql => "MySQL 9 (https://dev.mysql.com/downloads/)",
        Engine::Postgres => "postgresql",
    };
    let variable = engine.variable().unwrap_or_default();
    let name = engine.name();
    format!(
        "install {package}, or docker or podman, or set {variable}, or leave it out with \
         `--without {name}`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_any_origin_the_way_to_a_server_is_told() {
        // SQLite has no variable, so that the caller's environment does not matter here.
        assert!(provide(Engine::Sqlite, &[]).is_err());
        let help = how_to_get(Engine::MySql);
        assert!(help.contains("TEST_MYSQL_URL") && help.contains("--without mysql"), "{help}");
    }
}

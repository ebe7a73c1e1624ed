//! `cargo xtask rollout`: the chart's pods as processes, with the commands and the environment that helm renders,
//! while somebody calls: an install, a rolling update to the next schema, and the way back. Not one request may fail.
//!
//! Each pod has an address of its own on the loopback interface. The headless Service is a file of hosts that only the
//! gateways see; the gateway's Service is a list that the callers take an address from for each connection.

mod load;
mod pod;
mod release;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::command::run as run_command;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::round_trips::Database;
use crate::servers::{Origin, provide};
use crate::workspace::{cargo, root, target};
use load::Load;
use release::Release;

const ENGINES: [Engine; 2] = [Engine::Postgres, Engine::MariaDb];
/// The schema of the next release: what an expand revision does.
const NEXT: (&str, &str) =
    ("29991231235959_add_nickname", "ALTER TABLE users ADD COLUMN nickname varchar(40);\n");

/// What to run.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Take the programs that were built before
    #[arg(long)]
    no_build: bool,
    /// Only this engine
    #[arg(long)]
    engine: Option<Engine>,
}

/// Rolls out and back on each engine.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    pod::may_run()?;
    if !options.no_build {
        let packages =
            ["artisan", "artisan-user-service", "artisan-gateway", "artisan-migration-runner"];
        let packages = packages.iter().flat_map(|package| ["--package", package]);
        run_command(cargo().arg("build").args(packages))?;
    }
    let programs = target()?.join("debug");
    let wanted = |engine: &&Engine| options.engine.is_none_or(|only| only == **engine);
    for engine in ENGINES.iter().filter(wanted) {
        report::step(engine);
        let server = provide(*engine, &Origin::ALL);
        let server =
            server.map_err(|reason| Failure::new(format!("{engine} does not run: {reason}")))?;
        let folder = tempfile::tempdir().doing("making a folder")?;
        let database = Database::create(*engine, Some(&server), folder.path(), "rollout")?;
        let schemas = Schemas::write(*engine, folder.path())?;
        let sent = there_and_back(&programs, folder.path(), &database.url, &schemas)?;
        report::line(format!("{engine}: {sent}"));
    }
    Ok(())
}

/// Folders of migrations: this release's, and the next one's.
struct Schemas {
    this: PathBuf,
    next: PathBuf,
}

impl Schemas {
    fn write(engine: Engine, folder: &Path) -> Result<Self, Failure> {
        let this = root().join("migrations").join(engine.folder());
        let next = folder.join("next");
        std::fs::create_dir_all(&next).doing("making a folder of migrations")?;
        for entry in std::fs::read_dir(&this).doing("listing the migrations")? {
            let path = entry.doing("listing the migrations")?.path();
            let name = path.file_name().unwrap_or_default();
            std::fs::copy(&path, next.join(name)).doing("copying a migration")?;
        }
        let file = next.join(format!("{}.up.sql", NEXT.0));
        std::fs::write(file, NEXT.1).doing("writing a migration")?;
        Ok(Self { this, next })
    }
}

fn there_and_back(
    programs: &Path,
    folder: &Path,
    url: &str,
    schemas: &Schemas,
) -> Result<String, Failure> {
    let mut release = Release::new(programs, folder, url)?;
    report::note("install");
    release.deploy(&schemas.this)?;
    let load = Load::begin(release.gateways())?;
    report::note("the next release: migrated, then rolled out");
    release.deploy(&schemas.next)?;
    load.passed_since_then()?;
    report::note("back to the release before, on the newer schema");
    release.deploy(&schemas.this)?;
    load.passed_since_then()?;
    let sent = load.end()?;
    release.end()?;
    Ok(sent)
}

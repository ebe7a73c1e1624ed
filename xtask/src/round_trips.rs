//! Public schemas of fifty tables and more make the round trip: what `migrate schema` writes of them is made
//! again by `migrate revision --autogenerate`, from nothing and with its proof, and no difference is left.

use std::cell::{Cell, RefCell};
use std::path::Path;

use clap::Args;

use crate::agreement;
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::Server;
use crate::workspace::build_migrate;
pub(crate) use database::Database;
use packages::Packages;
use schemas::{PublicSchema, Source};
use trip::Trip;

mod database;
mod packages;
mod projects;
mod schemas;
mod trip;

/// What is worth to be called a real schema.
const FEWEST_TABLES: usize = 50;

/// Which schemas are to travel.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    engines: agreement::Options,
    /// Only the schemas that are called so; all of them otherwise
    names: Vec<String>,
}

/// Takes every schema on one engine after the other; all have to pass.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let migrate = build_migrate()?;
    let packages = Packages::unpacked(schemas::packages())?;
    let (failed, tried) = (RefCell::new(Vec::new()), Cell::new(0_usize));
    let is_wanted = |schema: &&PublicSchema| {
        options.names.is_empty() || options.names.iter().any(|name| schema.name == name)
    };
    options.engines.on_each(|engine, server| {
        let journey = Journey { engine, server, migrate: &migrate, packages: &packages };
        for schema in schemas::of(engine).filter(is_wanted) {
            tried.set(tried.get() + 1);
            let (version, result) = match journey.round_trip(schema) {
                Ok((version, tables)) => (version, format!("{tables} tables, no difference")),
                Err(failure) => {
                    report::note(&failure);
                    failed.borrow_mut().push(format!("{engine}: {}", schema.name));
                    ("?".to_owned(), "FAILED".to_owned())
                }
            };
            let name = engine.title();
            report::line(format!("{name:<10}  {:<18}  {version:<26}  {result}", schema.name));
        }
        Ok(())
    })?;
    if tried.get() == 0 {
        return Err(Failure::new("no schema of these engines is called so"));
    }
    let failed = failed.into_inner();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("no round trip:\n{}", failed.join("\n"))))
}

struct Journey<'a> {
    engine: Engine,
    server: Option<&'a Server>,
    migrate: &'a Path,
    packages: &'a Packages,
}

impl Journey<'_> {
    /// The schema's version, and how many tables made the trip.
    fn round_trip(&self, schema: &PublicSchema) -> Result<(String, usize), Failure> {
        let folder = tempfile::tempdir().doing("making a folder for the trip")?;
        let database = |name| Database::create(self.engine, self.server, folder.path(), name);
        let (public, made) = (database("public")?, database("made")?);
        let version = match &schema.source {
            Source::Package { package, file } => {
                let package = self.packages.get(package)?;
                public.load(&package.file(file, folder.path())?)?;
                package.version.clone()
            }
            Source::Project(project) => {
                project.make_tables(&public.url)?;
                project.version()
            }
        };
        let trip = Trip { engine: self.engine, migrate: self.migrate, folder: folder.path() };
        let tables = trip.take(&public.url, &made.url)?;
        if tables < FEWEST_TABLES {
            let few = format!("{} has only {tables} tables", schema.name);
            return Err(Failure::new(few));
        }
        Ok((version, tables))
    }
}

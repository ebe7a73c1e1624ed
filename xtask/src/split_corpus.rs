//! The splitter of `artisan-migrate` against each engine's own client, on the files with which the
//! engine's makers test their own server.

use std::path::Path;

use clap::Args;

use crate::engine::Engine;
use crate::failure::Failure;
use crate::report;
use sources::Corpus;
use tally::Tally;

mod align;
mod blank;
mod known;
mod mysql_server;
mod mysqltest;
mod ours;
mod postgres_server;
mod psql;
mod recorder;
mod references;
mod sources;
mod tally;
mod tcl;

/// Which engines to compare on.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Only these engines; all of them otherwise
    #[arg(long, value_name = "ENGINE")]
    engine: Vec<Engine>,
    /// Leave an engine out, on purpose
    #[arg(long, value_name = "ENGINE")]
    without: Vec<Engine>,
    /// How many of each engine's differences to show
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    show: usize,
}

/// A text that is split as a whole: a file, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Within the corpus.
    pub(crate) file: String,
    /// The line of the file on which the text begins, counted from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// Compares on one engine after the other; an engine without its corpus has failed.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let splitter = ours::build()?;
    let is_wanted = |engine| options.engine.is_empty() || options.engine.contains(&engine);
    let mut failed = Vec::new();
    for engine in Engine::ALL.into_iter().filter(|engine| is_wanted(*engine)) {
        if options.without.contains(&engine) {
            report::line(format!("{engine}: LEFT OUT, as --without said"));
            continue;
        }
        report::step(engine);
        match compare_on(engine, &splitter, options.show) {
            Ok(tally) if tally.differences.is_empty() && tally.alike > 0 => {}
            Ok(tally) => failed.push(format!("{engine}: {} differences", tally.differences.len())),
            Err(failure) => failed.push(format!("{engine} DID NOT RUN: {failure}")),
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(failed.join("\n")))
}

fn compare_on(engine: Engine, splitter: &Path, shown: usize) -> Result<Tally, Failure> {
    let corpus = Corpus::open(engine)?;
    let mut tally = Tally::default();
    let units = corpus.units(&mut tally)?;
    let ours = ours::split(splitter, engine, &units)?;
    let theirs = references::split(engine, &units)?;
    for ((unit, ours), theirs) in units.iter().zip(&ours).zip(&theirs) {
        align::compare(engine, unit, ours, theirs, &mut tally);
    }
    tally.print(engine, &corpus.name, shown);
    Ok(tally)
}

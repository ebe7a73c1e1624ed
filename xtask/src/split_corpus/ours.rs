//! What the splitter makes of the texts: an example program of its crate, so that the recipes do not
//! have to be linked with all that the crate needs.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Unit;
use crate::command::{capture, run};
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::workspace::{cargo, target};

/// A statement and its line, counted from 1 within its text.
pub(crate) type Statement = (usize, String);

/// Builds the program.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    let package = ["--package", "artisan-migrate", "--example", "split"];
    run(cargo().arg("build").args(package))?;
    Ok(target()?.join("debug/examples/split"))
}

/// The statements of each text.
pub(crate) fn split(
    program: &Path,
    engine: Engine,
    units: &[Unit],
) -> Result<Vec<Vec<Statement>>, Failure> {
    let file = texts(units)?;
    let printed = capture(Command::new(program).arg(engine.name()).arg(file.path()))?;
    serde_json::from_str(&printed).doing("reading what the splitter printed")
}

/// The texts as a JSON array in a file, for programs that read it.
pub(crate) fn texts(units: &[Unit]) -> Result<tempfile::NamedTempFile, Failure> {
    let texts: Vec<&str> = units.iter().map(|unit| unit.text.as_str()).collect();
    let text = serde_json::to_vec(&texts).doing("writing the texts")?;
    let mut file = tempfile::NamedTempFile::new().doing("making a file")?;
    file.write_all(&text).doing("writing the texts")?;
    Ok(file)
}

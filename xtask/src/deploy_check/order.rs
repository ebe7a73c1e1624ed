//! The order of install, upgrade and rollback, and what bad days look like, proven: helm itself, against a small API
//! server, with the commands of the chart run for real (`tests/helm_order.py`, `tests/bad_days.py`).

use std::path::PathBuf;
use std::process::Command;

use super::programs::helm;
use super::render::chart_folder;
use crate::command::{capture, find_program, run};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::workspace::{cargo, root, target};

pub(super) fn check() -> Result<(), Failure> {
    passes("helm_order.py")
}

pub(super) fn bad_days() -> Result<(), Failure> {
    passes("bad_days.py")
}

fn passes(program: &str) -> Result<(), Failure> {
    let python = find_program("python3", &[]).ok_or_else(|| Failure::new("no python3 in PATH"))?;
    let mut command = Command::new(python);
    command.arg("-B").arg(root().join("xtask/tests").join(program)).arg(helm()?.get_program());
    let said = capture(command.arg(migrate()?).arg(chart_folder()))?;
    said.lines().for_each(report::note);
    Ok(())
}

/// The runner, built.
pub(super) fn migrate() -> Result<PathBuf, Failure> {
    run(cargo().args(["build", "--quiet", "--package", "artisan-migration-runner"]))?;
    let path = target()?.join("debug/migrate");
    path.canonicalize().doing(format!("{} was to be built", path.display()))
}

//! The order of install, upgrade and rollback, and what bad days look like, proven: helm itself, against a small API
//! server, with the commands of the chart run for real (`tests/helm_order.py`, `tests/bad_days.py`).

use std::process::Command;

use super::programs::helm;
use super::render::chart_folder;
use crate::command::{capture, find_program};
use crate::failure::Failure;
use crate::report;
use crate::workspace::{build_migrate, root};

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
    let said = capture(command.arg(build_migrate()?).arg(chart_folder()))?;
    said.lines().for_each(report::note);
    Ok(())
}

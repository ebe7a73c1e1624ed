//! `cargo xtask deploy-check`: what is deployed, judged without a cluster.
//!
//! The chart and the kustomization are rendered by the programs that operators use, and the same rules
//! are put to the objects of both.

mod action;
mod chart;
mod dockerfile;
mod gitops;
mod job_name;
mod linters;
mod objects;
mod order;
mod programs;
mod refused;
mod render;
mod rules;
mod schemas;
mod versions;
mod waiting;
mod workflows;

use crate::failure::Failure;
use crate::report;
pub(crate) use objects::{Object, at, items, parse};
pub(crate) use render::template;

type Check = (&'static str, fn() -> Result<(), Failure>);

const CHECKS: [Check; 21] = [
    ("objects of the chart", || rules::check(&render::chart()?)),
    ("objects of the kustomization", || rules::check(&render::kustomization()?)),
    ("name of the migrate job", job_name::check),
    ("await.sh of the kustomization", waiting::check),
    ("values that the chart refuses", refused::check),
    ("tests of the chart", chart::tests),
    ("README of the chart", chart::readme),
    ("alerts", chart::alerts),
    ("dashboard", chart::dashboard),
    ("Argo CD and Flux", gitops::check),
    ("versions that are named", versions::check),
    ("the action migrate", action::check),
    ("order of install, upgrade and rollback", order::check),
    ("bad days", order::bad_days),
    ("compose file, action and dependabot, by their schemas", linters::schemas),
    ("Dockerfile", dockerfile::check),
    ("Dockerfile, by hadolint", linters::dockerfile),
    ("workflows", workflows::check),
    ("workflows, by actionlint and zizmor", linters::workflows),
    ("scripts, by shellcheck", linters::shell),
    ("YAML, by yamllint", linters::yaml),
];

/// Runs every check of `deploy/`, the Dockerfile and `.github/`, whatever the earlier ones said.
pub(crate) fn run() -> Result<(), Failure> {
    let mut bad = Vec::new();
    for (name, check) in CHECKS {
        report::step(name);
        if let Err(failure) = check() {
            report::failure(failure);
            bad.push(name);
        }
    }
    if bad.is_empty() {
        report::line("deploy-check passed");
        return Ok(());
    }
    Err(Failure::new(format!("deploy-check did not pass: {}", bad.join(", "))))
}

/// Passes if there are no problems; else each is a line of the failure.
fn verdict(problems: &[String]) -> Result<(), Failure> {
    if problems.is_empty() { Ok(()) } else { Err(Failure::new(problems.join("\n       "))) }
}

//! A Job cannot be changed: other content needs another name, and the same content the same one.

use crate::deploy_check::objects::{Object, parse};
use crate::deploy_check::render::{build, copy, kustomize_folder, template};
use crate::deploy_check::verdict;
use crate::failure::{Doing as _, Failure};

const LEAST: [&str; 2] = ["tokens.existingSecret=tokens", "database.url=postgres://db/a"];

/// Settings that change the job's pod, or what it works on.
const CHANGES: [&str; 6] = [
    "migrations.image.tag=9.9.9",
    "migrations.image.digest=sha256:1111111111111111111111111111111111111111111111111111111111111111",
    "migrations.lockTimeout=6m",
    "migrations.args={upgrade,head,--phase,all}",
    "database.url=postgres://elsewhere/a",
    "database.migration.existingSecret=migrating",
];

/// Settings that have nothing to do with the job.
const OTHERS: [&str; 2] = ["gateway.replicas=7", "userService.image.tag=9.9.9"];

pub(super) fn check() -> Result<(), Failure> {
    let name = |more: &[&str]| chart_name(&[&LEAST, more].concat());
    let first = name(&[])?;
    let mut problems = Vec::new();
    for change in CHANGES {
        if name(&[change])? == first {
            problems.push(format!("the chart's job keeps its name with {change}"));
        }
    }
    for other in OTHERS {
        if name(&[other])? != first {
            problems.push(format!("the chart's job is renamed by {other}"));
        }
    }
    if name(&[])? != first {
        problems.push("the chart's job has another name each time".to_owned());
    }
    problems.extend(kustomization()?);
    verdict(&problems)
}

fn chart_name(settings: &[&str]) -> Result<String, Failure> {
    job_name(&template(settings, None)?)
}

/// An overlay with another tag names the job otherwise.
fn kustomization() -> Result<Option<String>, Failure> {
    let folder = tempfile::tempdir().doing("making a temporary folder")?;
    let copied = folder.path().join("kustomize");
    copy(&kustomize_folder(), &copied)?;
    let overlay = copied.join("overlays/production");
    let before = job_name(&build(&overlay)?)?;
    let file = overlay.join("kustomization.yaml");
    let text = std::fs::read_to_string(&file).doing("reading the overlay")?;
    let changed = text.replace("newTag: ", "newTag: 9.9.9-");
    std::fs::write(&file, changed).doing("changing the overlay's copy")?;
    let after = job_name(&build(&overlay)?)?;
    let base = job_name(&build(&copied.join("base"))?)?;
    let differ = before != after && before != base;
    Ok((!differ).then(|| format!("the kustomization's jobs: {base}, {before}, then {after}")))
}

fn job_name(text: &str) -> Result<String, Failure> {
    let objects = parse(text).doing("reading rendered objects")?;
    let job = objects.iter().find(|object| object.kind() == "Job").map(Object::name);
    job.map(str::to_owned).ok_or_else(|| Failure::new("there is no job"))
}

//! The examples for Argo CD and Flux: what they point to exists, and the chart takes their values.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::objects::{Object, at, items, parse};
use super::programs::kustomize;
use super::render::{build, copy, kustomize_folder, template};
use super::{rules, verdict};
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::workspace::root;

const FILES: [&str; 3] = [
    "deploy/argocd/application.yaml",
    "deploy/flux/helmrelease.yaml",
    "deploy/flux/kustomizations.yaml",
];

const TEST: &str = "deploy/gitops-test.sh";

/// The chart's strategy that fits the deployer: kind, where its values are, strategy.
const VALUES: [(&str, &str, &str); 2] = [
    ("Application", "/spec/source/helm/valuesObject", "argocd"),
    ("HelmRelease", "/spec/values", "job"),
];

/// Where the kinds name folders of this repository.
const FOLDERS: [(&str, &str, &str); 3] = [
    ("Application", "/spec/source/path", "Chart.yaml"),
    ("HelmRelease", "/spec/chart/spec/chart", "Chart.yaml"),
    ("Kustomization", "/spec/path", "kustomization.yaml"),
];

pub(super) fn check() -> Result<(), Failure> {
    let mut problems = Vec::new();
    for file in FILES {
        let text = std::fs::read_to_string(root().join(file)).doing(format!("reading {file}"))?;
        problems.extend(problems_of(file, &text)?);
    }
    for deployer in ["argocd", "flux"] {
        problems.extend(problems_of(TEST, &on_a_cluster(deployer)?)?);
    }
    problems.extend(other_image()?);
    verdict(&problems)
}

/// Contract revisions under Flux are those of the release. Flux puts the images of its object in the place of those in the folder.
fn other_image() -> Result<Option<String>, Failure> {
    let file = "deploy/flux/kustomizations.yaml";
    let text = std::fs::read_to_string(root().join(file)).doing(format!("reading {file}"))?;
    let objects = parse(&text).doing(format!("reading {file}"))?;
    let contract = objects.iter().find(|object| object.text("/spec/path").ends_with("/contract"));
    let contract = contract.ok_or_else(|| Failure::new("Flux runs no contract revisions"))?;
    let copied = tempfile::tempdir().doing("making a folder")?;
    let folder = copied.path().join("contract");
    copy(&root().join(contract.text("/spec/path")), &folder)?;
    let path = folder.join("kustomization.yaml");
    let text = std::fs::read_to_string(&path).doing("reading the kustomization")?;
    let own = text.lines().find(|line| line.trim_start().starts_with("- { name: migrate,"));
    let images = items(contract.at("/spec"), "/images");
    let images = images.iter().map(|image| format!("  - {image}")).collect::<Vec<_>>().join("\n");
    let text = text.replace(own.unwrap_or_default(), &images);
    std::fs::write(&path, text).doing("writing the kustomization's copy")?;
    let overlay = kustomize_folder().join("overlays/production");
    let (contract, release) = (migrate_image(&folder)?, migrate_image(&overlay)?);
    let differ = contract != release;
    Ok(differ.then(|| format!("{file}: contract revisions of {contract}, a release of {release}")))
}

fn migrate_image(folder: &Path) -> Result<String, Failure> {
    let objects = parse(&build(folder)?).doing("reading rendered objects")?;
    let job = objects.iter().find(|object| object.kind() == "Job");
    let job = job.ok_or_else(|| Failure::new("there is no job"))?;
    Ok(job.text("/spec/template/spec/containers/0/image").to_owned())
}

fn problems_of(from: &str, text: &str) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for object in &parse(text).doing(format!("reading {from}"))? {
        let found = folder_problem(object).into_iter().chain(value_problems(object)?);
        problems.extend(found.map(|problem| format!("{from}: {problem}")));
    }
    Ok(problems)
}

/// What the test on a real cluster gives to the deployer.
fn on_a_cluster(deployer: &str) -> Result<String, Failure> {
    let builder = kustomize()?;
    let words = std::iter::once(builder.get_program()).chain(builder.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let mut command = Command::new("bash");
    command.arg(root().join(TEST)).args([deployer, "--print"]);
    capture(command.env("KUSTOMIZE", words.join(" ")))
}

fn folder_problem(object: &Object) -> Option<String> {
    let (_, pointer, file) = FOLDERS.iter().find(|(kind, ..)| *kind == object.kind())?;
    let folder = object.text(pointer);
    let exists = !folder.is_empty() && root().join(folder).join(file).is_file();
    (!exists).then(|| format!("{} points to {folder}, which has no {file}", object.title()))
}

/// The chart, rendered with the example's values, keeps all rules.
fn value_problems(object: &Object) -> Result<Vec<String>, Failure> {
    let Some((_, pointer, strategy)) = VALUES.iter().find(|(kind, ..)| *kind == object.kind())
    else {
        return Ok(Vec::new());
    };
    let values = object.at(pointer);
    let text = render(values)?;
    let rendered = parse(&text).doing("reading the rendered objects")?;
    let mut problems = rules::broken(&rendered);
    if at(values, "/migrations/strategy") != strategy {
        problems.push(format!("{} does not use the strategy {strategy}", object.title()));
    }
    Ok(problems)
}

fn render(values: &Value) -> Result<String, Failure> {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().doing("making a file")?;
    file.write_all(values.to_string().as_bytes()).doing("writing the example's values")?;
    template(&[], Some(file.path()))
}

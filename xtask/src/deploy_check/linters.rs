//! Linters of others, over the files that build and deploy.

use std::ffi::OsString;
use std::process::Command;

use super::programs::{actionlint, python, shellcheck};
use crate::command::capture;
use crate::failure::{Doing as _, Failure};
use crate::report;
use crate::workspace::root;

/// YAML that is no template, by `.yamllint.yaml`.
pub(super) fn yaml() -> Result<(), Failure> {
    let mut yamllint = python("yamllint")?;
    capture(in_root(&mut yamllint).arg("--strict").args(files(&["*.yaml", "*.yml"])?)).map(drop)
}

/// The scripts of `.ci` and of what is deployed.
pub(super) fn shell() -> Result<(), Failure> {
    let mut command = Command::new(shellcheck()?);
    command.args(["--shell=bash", "--external-sources"]);
    capture(in_root(&mut command).args(files(&["*.sh", ".ci/*"])?)).map(drop)
}

pub(super) fn dockerfile() -> Result<(), Failure> {
    capture(in_root(&mut python("hadolint")?).arg("Dockerfile")).map(drop)
}

/// What GitHub would refuse, what its scripts do wrong, and what an attacker could use.
pub(super) fn workflows() -> Result<(), Failure> {
    let mut command = actionlint()?;
    capture(in_root(&mut command).arg("-shellcheck").arg(shellcheck()?))?;
    capture(in_root(&mut python("zizmor")?).args(["--offline", "--quiet", "."])).map(drop)
}

/// The compose file, the action and what dependabot does, by their makers' schemas.
pub(super) fn schemas() -> Result<(), Failure> {
    let files = [
        ("vendor.compose-spec", "deploy/compose.yaml"),
        ("vendor.github-actions", ".github/actions/migrate/action.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
    ];
    for (schema, file) in files {
        let mut command = python("check-jsonschema")?;
        capture(in_root(&mut command).args(["--builtin-schema", schema, file]))?;
    }
    Ok(())
}

fn in_root(command: &mut Command) -> &mut Command {
    command.current_dir(root())
}

/// The files of this checkout that are kept, or will be, and have such names.
fn files(patterns: &[&str]) -> Result<Vec<OsString>, Failure> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "--"]).args(patterns);
    let listed = capture(in_root(&mut git)).doing("listing files")?;
    let is_one = |line: &&str| !line.contains("/templates/") && root().join(line).is_file();
    let files: Vec<OsString> = listed.lines().filter(is_one).map(OsString::from).collect();
    if files.is_empty() {
        return Err(Failure::new(format!("there are no files {}", patterns.join(", "))));
    }
    report::note(format!("{} files", files.len()));
    Ok(files)
}

//! `await.sh` of the kustomization waits for the Job that it should, played with a stand-in for kubectl.

use std::process::Command;

use super::render::kustomize_folder;
use crate::command::capture;
use crate::failure::{Doing as _, Failure};

/// A release that is applied again after its contract Job failed, which is the younger one.
const KUBECTL: &str = r#"#!/usr/bin/env bash
case "$*" in
  *"get jobs"*) printf 'job.batch/migrate-0.1.0\njob.batch/contract-0.1.0\n' ;;
  *"get job.batch/contract-"*) echo "FailureTarget Failed" ;;
  *"get job.batch/migrate-"*) echo "SuccessCriteriaMet Complete" ;;
  *rollout*) echo "successfully rolled out" ;;
esac
"#;

pub(super) fn check() -> Result<(), Failure> {
    let folder = tempfile::tempdir().doing("making a folder")?;
    let kubectl = folder.path().join("kubectl");
    std::fs::write(&kubectl, KUBECTL).doing("writing a stand-in for kubectl")?;
    capture(Command::new("chmod").arg("+x").arg(&kubectl))?;
    let search = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("bash");
    command.arg(kustomize_folder().join("await.sh")).args(["accounts", "10"]);
    capture(command.env("PATH", format!("{}:{search}", folder.path().display()))).map(drop)
}

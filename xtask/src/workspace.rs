//! Where things are: this checkout, the cache folder, cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Doing as _, Failure};

/// The checkout's folder.
pub(crate) fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().unwrap_or(Path::new(".")).to_owned()
}

/// `$XDG_CACHE_HOME/artisan-platform`, for what is worth keeping between runs and checkouts.
pub(crate) fn cache() -> Result<PathBuf, Failure> {
    let base = var("XDG_CACHE_HOME")
        .or_else(|| var("HOME").map(|home| home.join(".cache")))
        .ok_or_else(|| Failure::new("neither XDG_CACHE_HOME nor HOME is set"))?;
    let folder = base.join("artisan-platform");
    std::fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    Ok(folder)
}

/// The cargo that runs this recipe, in the checkout's folder.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root());
    // What cargo tells the program that it runs of its own package: build scripts that look at it would run
    // again, and all that stands on them be built again, with each change between `cargo xtask` and `cargo`.
    for (name, _) in std::env::vars_os() {
        let is_ours = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if is_ours {
            command.env_remove(name);
        }
    }
    command
}

/// What `cargo metadata` says about this workspace.
pub(crate) fn metadata() -> Result<serde_json::Value, Failure> {
    let text = crate::command::capture(cargo().args(["metadata", "--format-version", "1"]))?;
    serde_json::from_str(&text).doing("reading what cargo metadata printed")
}

/// The folder that cargo builds into.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let metadata = metadata()?;
    let folder = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    folder.map(PathBuf::from).ok_or_else(|| Failure::new("cargo metadata names no target folder"))
}

/// Builds `migrate`; its path.
pub(crate) fn build_migrate() -> Result<PathBuf, Failure> {
    // Together with what `cargo run` builds, so that the same features are asked for.
    let packages = ["--package", "artisan", "--package", "artisan-migration-runner"];
    crate::command::run(cargo().args(["build", "--quiet"]).args(packages))?;
    let path = target()?.join("debug/migrate");
    path.canonicalize().doing(format!("{} was to be built", path.display()))
}

fn var(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

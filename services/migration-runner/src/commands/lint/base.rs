use std::fs;
use std::path::Path;
use std::process::Command;

use artisan_runtime::env::ConfigError;

use super::folders::Folder;
use crate::failure::Failure;

/// The versions that the base has: a folder, or this folder at a git revision.
pub(super) fn versions(base: &str, folder: &Folder) -> Result<Vec<i64>, Failure> {
    let dir = Path::new(base);
    let names = if dir.is_dir() { in_folder(dir, folder)? } else { in_git(base, folder)? };
    let mut versions: Vec<i64> = names.iter().filter_map(|name| version(name)).collect();
    versions.sort_unstable();
    versions.dedup();
    Ok(versions)
}

fn version(name: &str) -> Option<i64> {
    let is_sql = Path::new(name).extension().is_some_and(|extension| extension == "sql");
    let (number, _) = name.split_once('_').filter(|_| is_sql)?;
    number.parse().ok()
}

fn in_folder(dir: &Path, folder: &Folder) -> Result<Vec<String>, Failure> {
    let names = folder.engines.iter().map(|engine| dir.join(engine.folder()));
    let own = names.into_iter().find(|path| path.is_dir());
    let entries = fs::read_dir(own.as_deref().unwrap_or(dir))
        .map_err(|error| ConfigError::new("--base", format!("cannot be read: {error}")))?;
    Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// `git ls-tree` lists the folder in which it is run.
fn in_git(base: &str, folder: &Folder) -> Result<Vec<String>, Failure> {
    let Some(path) = &folder.path else {
        let message = "needs a folder: the migrations that are built in have no history in git";
        return Err(ConfigError::new("--base", message).into());
    };
    if base.starts_with('-') {
        return Err(ConfigError::new("--base", "is no git revision and no folder").into());
    }
    let output = Command::new("git")
        .arg("-C")
        .arg(path)
        .args(["ls-tree", "--name-only", "-z", base])
        .output()
        .map_err(|error| ConfigError::new("--base", format!("git could not be run: {error}")))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let message = format!("`{base}` is no folder, and git says: {}", words.trim());
        return Err(ConfigError::new("--base", message).into());
    }
    let names = String::from_utf8_lossy(&output.stdout);
    Ok(names.split('\0').map(str::to_owned).collect())
}

use std::cell::Cell;
use std::path::Path;

use artisan_migrate::{Error, History, Target, TargetRange};
use artisan_runtime::env::ConfigError;

use super::folders::Folder;
use crate::failure::Failure;

/// What the command line asks for, and whether any folder had it.
pub(super) struct Selection<'a> {
    items: Vec<(&'a str, Cell<bool>)>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(items: &'a [String]) -> Self {
        Self { items: items.iter().map(|item| (item.as_str(), Cell::new(false))).collect() }
    }

    /// The versions that are asked for; `None` is all.
    pub(super) fn versions(
        &self,
        folder: &Folder,
        history: &History,
    ) -> Result<Option<Vec<i64>>, Failure> {
        if self.items.is_empty() {
            return Ok(None);
        }
        let mut versions = Vec::new();
        for (text, is_found) in &self.items {
            let found = versions_of(text, folder, history)?;
            is_found.set(is_found.get() || !found.is_empty());
            versions.extend(found);
        }
        Ok(Some(versions))
    }

    /// Refuses what no folder has: a check of nothing must not pass for a clean one.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.items.iter().find(|(_, is_found)| !is_found.get()) {
            None => Ok(()),
            Some((text, _)) => {
                let message = "is neither a revision, a range nor a file of the folder";
                Err(ConfigError::new(*text, message).into())
            }
        }
    }
}

fn versions_of(text: &str, folder: &Folder, history: &History) -> Result<Vec<i64>, Failure> {
    let is_file = text.contains(['/', '\\']) || text.to_lowercase().ends_with(".sql");
    if is_file {
        return Ok(of_file(Path::new(text), folder, history));
    }
    if let Some(range) = text.contains(':').then(|| text.parse::<TargetRange>()) {
        let range = range.map_err(|message| ConfigError::new(text, message))?;
        let end = |target: &Target| -> Result<Option<i64>, Failure> {
            match target {
                Target::Base | Target::Heads => Ok(None),
                target => Ok(Some(history.resolve(target)?.version)),
            }
        };
        let (from, to) = (end(&range.from)?, end(&range.to)?);
        let within = |version: &i64| {
            from.is_none_or(|from| from <= *version) && to.is_none_or(|to| *version <= to)
        };
        return Ok(history.revisions().iter().map(|r| r.version).filter(within).collect());
    }
    let target: Target = text.parse().map_err(|message: String| ConfigError::new(text, message))?;
    match history.resolve(&target) {
        Ok(revision) => Ok(vec![revision.version]),
        Err(error @ Error::Usage { .. }) if error.reason() == "UNKNOWN_REVISION" => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The revision of a file; one in another engine's folder is not meant.
fn of_file(path: &Path, folder: &Folder, history: &History) -> Vec<i64> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own = folder.path.as_ref().and_then(|own| own.canonicalize().ok());
    let asked = path.parent().and_then(|parent| parent.canonicalize().ok());
    let is_elsewhere = path.parent().is_some_and(|parent| !parent.as_os_str().is_empty())
        && own.is_some()
        && asked.is_some()
        && own != asked;
    let is_it = |revision: &&artisan_migrate::Revision| {
        revision.up.file == name || revision.down.as_ref().is_some_and(|down| down.file == name)
    };
    let found = history.revisions().iter().filter(is_it).filter(|_| !is_elsewhere);
    found.map(|revision| revision.version).collect()
}

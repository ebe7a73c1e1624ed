use std::fs;
use std::path::PathBuf;

use super::{list, version};
use crate::folder::unwritable;
use crate::{Error, Folder, History, Revision, target};
use time::OffsetDateTime;

/// A revision that has got another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebased {
    /// The version it had.
    pub from: i64,
    /// The version it has.
    pub to: i64,
    /// Its name.
    pub name: String,
    /// The files as they are called now.
    pub files: Vec<PathBuf>,
}

/// Gives a revision that nothing builds upon a version higher than all others, and the head of the
/// rest as its parent.
///
/// For one that was merged after a newer one was applied, and for one of two heads. It must not be
/// applied anywhere: whoever has applied it has it under its old version.
pub fn rebase(
    folder: &Folder,
    history: &History,
    text: &str,
    now: Option<OffsetDateTime>,
) -> Result<Rebased, Error> {
    let revision = target::find(history, text)?;
    let children = history.descendants(revision.version);
    let named: Vec<i64> = children
        .iter()
        .filter(|child| child.directives.revises.contains(&revision.version))
        .map(|child| child.version)
        .collect();
    if !named.is_empty() {
        let message = format!(
            "{} name {} in `-- revises:`: rebase them first, the newest before the others",
            list(&named),
            revision.version
        );
        return Err(Error::usage("HAS_CHILDREN", message));
    }
    let to = version::next(history, now);
    let others: Vec<&Revision> =
        history.revisions().iter().filter(|r| r.version != revision.version).collect();
    let parent = (!revision.directives.revises.is_empty()).then(|| heads_without(&others));
    let mut files = Vec::new();
    for script in std::iter::once(&revision.up).chain(&revision.down) {
        let rest = script.file.split_once('_').map_or("", |(_, rest)| rest);
        let name = format!("{to}_{rest}");
        for path in folder.find(&script.file) {
            let moved = path.with_file_name(&name);
            let is_up = script.file == revision.up.file;
            match parent.as_ref().filter(|_| is_up) {
                Some(parents) => rewrite(&path, &moved, parents)?,
                None => fs::rename(&path, &moved).map_err(|error| unwritable(&path, &error))?,
            }
            files.push(moved);
        }
    }
    Ok(Rebased { from: revision.version, to, name: revision.name.clone(), files })
}

/// The revisions that none of the others builds upon.
fn heads_without(revisions: &[&Revision]) -> Vec<i64> {
    let is_parent = |version: i64| revisions.iter().any(|r| r.parents.contains(&version));
    revisions.iter().map(|r| r.version).filter(|version| !is_parent(*version)).collect()
}

/// Writes the file under its new name with other parents, then removes the old one.
fn rewrite(path: &PathBuf, moved: &PathBuf, parents: &[i64]) -> Result<(), Error> {
    let text = fs::read_to_string(path).map_err(|error| unwritable(path, &error))?;
    let changed: String = text
        .split_inclusive('\n')
        .map(|line| {
            let body = line.trim_end_matches(['\n', '\r']);
            let end = line.get(body.len()..).unwrap_or_default();
            let comment = body.trim().strip_prefix("--").map(str::trim_start);
            match comment.filter(|comment| comment.starts_with("revises")) {
                Some(_) => format!("-- revises: {}{end}", list(parents)),
                None => line.to_owned(),
            }
        })
        .collect();
    fs::write(moved, changed).map_err(|error| unwritable(moved, &error))?;
    fs::remove_file(path).map_err(|error| unwritable(path, &error))
}

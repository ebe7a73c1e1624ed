use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use time::OffsetDateTime;

use super::{list, version};
use crate::folder::unwritable;
use crate::history::parse_file_name;
use crate::{Error, Folder, History, Revision, Source, target};

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

/// The files of one revision that keep a folder from being a history: their version is taken, or not
/// higher than that of a parent.
#[derive(Clone, Debug)]
pub struct Stray {
    version: i64,
    name: String,
    files: Vec<String>,
    rest: History,
}

impl Stray {
    /// Sets aside the files of a version or, where several have it, of a version and a name as in
    /// `7_add_users`.
    ///
    /// Fails where no file or several are meant, and where the others are no history either.
    pub fn find(mut source: Source, text: &str) -> Result<Self, Error> {
        let wanted: Option<i64> = text.parse().ok();
        let mut found: Vec<(String, i64, String, String)> = Vec::new();
        source.files.retain(|file| {
            let Some(name) = parse_file_name(&file.name) else { return true };
            let stem = file.name.split_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
            let is_meant = stem == text || wanted == Some(name.version);
            if is_meant {
                found.push((stem.to_owned(), name.version, name.name, file.name.clone()));
            }
            !is_meant
        });
        let Some((first, version, name, _)) = found.first().cloned() else {
            let message = format!("no file is called `{text}`");
            return Err(Error::usage("UNKNOWN_REVISION", message));
        };
        if let Some((other, ..)) = found.iter().find(|(stem, ..)| *stem != first) {
            let message = format!("`{text}` may mean {first} or {other}: write one of them");
            return Err(Error::usage("AMBIGUOUS_REVISION", message));
        }
        let files = found.into_iter().map(|(.., file)| file).collect();
        Ok(Self { version, name, files, rest: History::build(source)? })
    }

    /// The version that it must not keep.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The history of all other files.
    #[must_use]
    pub fn rest(&self) -> &History {
        &self.rest
    }

    /// Gives it a version higher than all others; its directives stay as they are.
    pub fn rebase(self, folder: &Folder, now: Option<OffsetDateTime>) -> Result<Rebased, Error> {
        let to = version::next(&self.rest, now).max(self.version.saturating_add(1));
        let mut files = Vec::new();
        for file in &self.files {
            for path in folder.find(file) {
                files.push(renamed(&path, file, to)?);
            }
        }
        Ok(Rebased { from: self.version, to, name: self.name, files })
    }
}

/// Gives a file another version.
fn renamed(path: &PathBuf, file: &str, to: i64) -> Result<PathBuf, Error> {
    let moved = path.with_file_name(versioned(file, to));
    fs::rename(path, &moved).map_err(|error| unwritable(path, &error))?;
    Ok(moved)
}

fn versioned(file: &str, to: i64) -> String {
    format!("{to}_{}", file.split_once('_').map_or("", |(_, rest)| rest))
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
        for path in folder.find(&script.file) {
            let is_up = script.file == revision.up.file;
            files.push(match parent.as_ref().filter(|_| is_up) {
                Some(parents) => {
                    let moved = path.with_file_name(versioned(&script.file, to));
                    rewrite(&path, &moved, parents)?;
                    moved
                }
                None => renamed(&path, &script.file, to)?,
            });
        }
    }
    Ok(Rebased { from: revision.version, to, name: revision.name.clone(), files })
}

/// The revisions that none of the others builds upon.
fn heads_without(revisions: &[&Revision]) -> Vec<i64> {
    let parents: BTreeSet<i64> = revisions.iter().flat_map(|r| &r.parents).copied().collect();
    revisions.iter().map(|r| r.version).filter(|version| !parents.contains(version)).collect()
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

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::super::{list, resolved, version};
use super::{Change, Rebase, Renumbered, Style};
use crate::history::{Along, parse_file_name};
use crate::{Error, History, Revision, Source, target};

/// The revisions that are to get other versions, and what the first of them is to build upon.
pub(super) struct Chosen {
    /// Version and name, oldest first, and whether its file names its parents.
    moved: Vec<(i64, String, bool)>,
    /// The new parents of the first one; `None` leaves what its file says.
    parents: Option<Vec<i64>>,
    /// Whether files without a line that names their parents get one.
    adds: bool,
    stem: Option<String>,
    /// All revisions, or for a stray all others.
    history: History,
}

impl Chosen {
    /// The revision that a target means, and all that name it.
    pub(super) fn of_history(
        history: History,
        mut source: Source,
        text: &str,
        onto: Option<&str>,
    ) -> Result<Self, Error> {
        let revision = target::find(&history, text)?.clone();
        let moved = naming(&history, revision.version);
        source.files.retain(|file| {
            parse_file_name(&file.name).is_none_or(|name| !moved.contains(&name.version))
        });
        let rest = History::build(source)?;
        let parents = match onto {
            Some(onto) => Some(upon(&rest, onto)?),
            None => parents(&rest, &revision)?,
        };
        let newest = rest.revisions().last().map(|revision| revision.version);
        let is_plain = parents.as_ref().is_none_or(|parents| parents.iter().copied().eq(newest));
        let adds = !is_plain || history.revisions().iter().any(says_parents);
        let moved = history.chosen(&moved).into_iter();
        let moved = moved.map(|r| (r.version, r.name.clone(), says_parents(r))).collect();
        Ok(Self { moved, parents, adds, stem: None, history })
    }

    /// The files of a version or, where several have it, of a version and a name; they keep what
    /// they say of their parents unless others are asked for.
    pub(super) fn stray(mut source: Source, text: &str, onto: Option<&str>) -> Result<Self, Error> {
        let wanted: Option<i64> = text.parse().ok();
        let mut found: Vec<(String, i64, String)> = Vec::new();
        source.files.retain(|file| {
            let Some(name) = parse_file_name(&file.name) else { return true };
            let stem = stem(&file.name);
            let is_meant = stem == text || wanted == Some(name.version);
            if is_meant {
                found.push((stem.to_owned(), name.version, name.name));
            }
            !is_meant
        });
        let Some((first, version, name)) = found.first().cloned() else {
            let message = format!("no file is called `{text}`");
            return Err(Error::usage("UNKNOWN_REVISION", message));
        };
        if let Some((other, ..)) = found.iter().find(|(stem, ..)| *stem != first) {
            let message = format!("`{text}` may mean {first} or {other}: write one of them");
            return Err(Error::usage("AMBIGUOUS_REVISION", message));
        }
        let history = History::build(source)?;
        let parents = onto.map(|onto| upon(&history, onto)).transpose()?;
        let (moved, adds) = (vec![(version, name, true)], parents.is_some());
        Ok(Self { moved, parents, adds, stem: Some(first), history })
    }

    /// Gives them their versions, in the order that they had.
    pub(super) fn plan(self, style: &Style, now: Option<OffsetDateTime>) -> Rebase {
        let newest = self.moved.last().map_or(0, |(version, ..)| *version);
        let first = version::next(&self.history, style, now).max(newest.saturating_add(1));
        let mut moved = Vec::new();
        for ((from, name, _), to) in self.moved.iter().zip(first..) {
            moved.push(Renumbered { from: *from, to, name: name.clone() });
        }
        let versions: BTreeMap<i64, i64> = moved.iter().map(|m| (m.from, m.to)).collect();
        let mut before = None;
        let mut changes = Vec::new();
        for (place, ((.., says_parents), revision)) in self.moved.iter().zip(&moved).enumerate() {
            // Who did not say what it builds upon goes on building upon the one before it.
            let followed = before.filter(|_| !says_parents).map(|before| vec![before]);
            let revises = if place == 0 { self.parents.clone() } else { followed };
            changes.push(Change { revises, adds: self.adds, versions: versions.clone() });
            before = Some(revision.to);
        }
        Rebase { moved, changes, stem: self.stem, history: self.history }
    }
}

/// A file's name without its suffixes.
pub(super) fn stem(file: &str) -> &str {
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

/// The revision, those whose files name it, those that name them, and so on.
fn naming(history: &History, version: i64) -> BTreeSet<i64> {
    let mut moved = BTreeSet::from([version]);
    // Who names another one is newer, so one walk finds all.
    for revision in history.revisions().iter().filter(|r| r.version > version) {
        let named = revision.directives.revises.iter().chain(&revision.directives.depends_on);
        if named.into_iter().any(|version| moved.contains(version)) {
            moved.insert(revision.version);
        }
    }
    moved
}

fn says_parents(revision: &Revision) -> bool {
    !revision.directives.revises.is_empty() || revision.directives.begins_anew
}

/// The revisions that `--onto` means.
fn upon(rest: &History, onto: &str) -> Result<Vec<i64>, Error> {
    let found = resolved(rest, &[onto.to_owned()])?;
    Ok(found.iter().map(|revision| revision.version).collect())
}

/// What the revision is to build upon if nobody says it: the one head of the others or, where there
/// are several, the one of its own branch. A merge and a beginning stay what they are.
fn parents(rest: &History, revision: &Revision) -> Result<Option<Vec<i64>>, Error> {
    if revision.directives.begins_anew || revision.parents.len() > 1 {
        return Ok(None);
    }
    let heads: Vec<i64> = rest.lineage_heads().iter().map(|head| head.version).collect();
    if heads.len() < 2 {
        return Ok(Some(heads));
    }
    let is_own = |head: &i64| {
        let lineage = rest.ancestors([*head], Along::Lineage);
        revision.parents.iter().any(|parent| lineage.contains(parent))
    };
    let own: Vec<i64> = heads.iter().copied().filter(is_own).collect();
    match own.as_slice() {
        [_] => Ok(Some(own)),
        _ => Err(unclear(revision, &heads)),
    }
}

fn unclear(revision: &Revision, heads: &[i64]) -> Error {
    let message = format!(
        "{} could build upon any of the heads {}: name one of them by --onto",
        revision.version,
        list(heads)
    );
    Error::usage("MULTIPLE_HEADS", message)
}

use std::collections::{BTreeMap, VecDeque};

use super::graph::Graph;
use super::{Along, Revision};
use crate::error::{Link, Problem};

/// Refuses parents and dependencies that do not exist or are not older.
///
/// Every cycle has a revision that names one which is not older, so none is left.
pub(super) fn links(revisions: &[Revision]) -> Result<(), Problem> {
    for (place, revision) in revisions.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| revisions.get(before));
        let onto = before.map(|before| before.version);
        let parents = revision.parents.iter().map(|parent| (*parent, Link::Revises));
        let depends = revision.directives.depends_on.iter().map(|other| (*other, Link::DependsOn));
        for (parent, link) in parents.chain(depends) {
            let (file, version) = (revision.up.file.clone(), revision.version);
            if parent >= version && find(revisions, parent).is_some() {
                if let Some(cycle) = cycle(revisions, revision) {
                    return Err(cycle);
                }
                return Err(Problem::ParentNotOlder { file, version, parent, link, onto });
            }
            if find(revisions, parent).is_none() {
                return Err(Problem::UnknownParent { file, parent, link, onto });
            }
        }
    }
    Ok(())
}

/// The shortest circle of files that name each other, from this one back to it.
fn cycle(revisions: &[Revision], first: &Revision) -> Option<Problem> {
    let mut came_from: BTreeMap<i64, (i64, Link)> = BTreeMap::new();
    let mut open = VecDeque::from([first]);
    while let Some(revision) = open.pop_front() {
        for (other, link) in named(revision) {
            if came_from.contains_key(&other) || other == revision.version {
                continue;
            }
            came_from.insert(other, (revision.version, link));
            open.extend(find(revisions, other).filter(|_| other != first.version));
        }
    }
    let (mut at, mut files) = (first.version, Vec::new());
    let mut oldest = first.version;
    while let Some((from, link)) = came_from.remove(&at) {
        files.push((find(revisions, from)?.up.file.clone(), link));
        (at, oldest) = (from, oldest.min(from));
    }
    files.reverse();
    let older = revisions.iter().map(|revision| revision.version).filter(|other| *other < oldest);
    let is_circle = at == first.version && files.len() > 1;
    is_circle.then(|| Problem::Cycle { files, onto: older.max() })
}

/// What the file itself names, and how.
fn named(revision: &Revision) -> impl Iterator<Item = (i64, Link)> {
    let revises = revision.directives.revises.iter().map(|other| (*other, Link::Revises));
    revises.chain(revision.directives.depends_on.iter().map(|other| (*other, Link::DependsOn)))
}

/// Refuses a label that two revisions bear.
pub(super) fn labels(revisions: &[Revision]) -> Result<BTreeMap<String, i64>, Problem> {
    let mut borne: BTreeMap<String, &Revision> = BTreeMap::new();
    for revision in revisions {
        let Some(label) = revision.directives.branch.clone() else { continue };
        if let Some(first) = borne.insert(label.clone(), revision) {
            let (first, second) = (first.up.file.clone(), revision.up.file.clone());
            return Err(Problem::DuplicateLabel { label, first, second });
        }
    }
    Ok(borne.into_iter().map(|(label, revision)| (label, revision.version)).collect())
}

/// Refuses a merge that names one revision twice, or one that another of its parents builds upon.
pub(super) fn merges(revisions: &[Revision], graph: &Graph) -> Result<(), Problem> {
    for (place, revision) in revisions.iter().enumerate().filter(|(_, r)| r.parents.len() > 1) {
        let redundant = |parent, part_of| {
            let file = revision.up.file.clone();
            Err(Problem::RedundantParent { file, parent, part_of })
        };
        let parents = graph.below(place, Along::Lineage);
        if parents.len() < revision.parents.len() {
            let mut all = revision.parents.clone();
            all.sort_unstable();
            let twice = all.windows(2).find_map(|pair| match pair {
                [one, other] if one == other => Some(*one),
                _ => None,
            });
            let twice = twice.unwrap_or(revision.version);
            return redundant(twice, twice);
        }
        if let Some((older, newer)) = graph.one_below_another(parents) {
            let version = |at: usize| revisions.get(at).map_or(0, |r| r.version);
            return redundant(version(older), version(newer));
        }
    }
    Ok(())
}

fn find(revisions: &[Revision], version: i64) -> Option<&Revision> {
    let at = revisions.binary_search_by_key(&version, |revision| revision.version).ok()?;
    revisions.get(at)
}

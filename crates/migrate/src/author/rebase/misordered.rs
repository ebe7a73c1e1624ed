use std::collections::BTreeSet;

use super::chosen::{Chosen, newest, says_parents, settled, upon};
use crate::history::{build, parse_file_name, stem};
use crate::{Error, Revision, Source};

impl Chosen {
    /// The revision whose file `text` means, and all that name it, of files that name newer ones, or
    /// ones that no file has: put in an order in which nobody names a newer one.
    pub(super) fn misordered(
        mut source: Source,
        text: &str,
        onto: Option<&str>,
    ) -> Result<Self, Error> {
        let revisions = build::revisions(source.clone())?;
        let newest = newest(&source);
        let chosen = named(&revisions, text)?;
        let is_there = |version: &i64| revisions.iter().any(|r| r.version == *version);
        let unknown = chosen.directives.revises.iter().find(|version| !is_there(version));
        if let Some(unknown) = unknown.filter(|_| onto.is_none()) {
            return Err(parentless(chosen, *unknown));
        }
        let depends = chosen.directives.depends_on.iter().copied();
        let dropped = depends.filter(|version| *version == chosen.version || !is_there(version));
        let dropped: Vec<i64> = dropped.collect();
        let order = ordered(&revisions, chosen, onto.is_some())?;
        let is_moved = |version: i64| order.iter().any(|moved| moved.version == version);
        source
            .files
            .retain(|file| parse_file_name(&file.name).is_none_or(|name| !is_moved(name.version)));
        let history = settled(source)?;
        let parents = onto.map(|onto| upon(&history, onto)).transpose()?;
        let moved = order.iter().map(|r| (r.version, r.name.clone(), says_parents(r))).collect();
        let (stray, adds) = (None, true);
        Ok(Self { moved, parents, dropped, adds, stray, is_partial: true, history, newest })
    }
}

fn named<'r>(revisions: &'r [Revision], text: &str) -> Result<&'r Revision, Error> {
    let is_meant = |revision: &&Revision| {
        let stem_of_file = stem(&revision.up.file);
        stem_of_file == stem(text) || text.parse() == Ok(revision.version) || revision.name == text
    };
    let mut found = revisions.iter().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(revision), None) => Ok(revision),
        (None, _) => {
            let message = format!("no file is called `{text}`");
            Err(Error::usage("UNKNOWN_REVISION", message))
        }
        (Some(first), Some(other)) => {
            let (first, other) = (stem(&first.up.file), stem(&other.up.file));
            let message = format!("`{text}` may mean {first} or {other}: write one of them");
            Err(Error::usage("AMBIGUOUS_REVISION", message))
        }
    }
}

/// The versions that a revision names itself.
fn names(revision: &Revision) -> impl Iterator<Item = i64> {
    revision.directives.revises.iter().chain(&revision.directives.depends_on).copied()
}

/// The revision and all that name it, each behind those of them that it names.
///
/// Where it `is_moved` onto others, what it builds upon now does not count.
fn ordered<'r>(
    revisions: &'r [Revision],
    chosen: &'r Revision,
    is_moved: bool,
) -> Result<Vec<&'r Revision>, Error> {
    let mut wanted = BTreeSet::from([chosen.version]);
    let mut known = 0;
    while known < wanted.len() {
        known = wanted.len();
        let naming = revisions.iter().filter(|r| names(r).any(|version| wanted.contains(&version)));
        let naming: Vec<i64> = naming.map(|revision| revision.version).collect();
        wanted.extend(naming);
    }
    let mut depends = chosen.directives.depends_on.iter().filter(|v| **v != chosen.version);
    let keeps = |version: &i64| wanted.contains(version);
    if depends.any(keeps) || (!is_moved && chosen.directives.revises.iter().any(keeps)) {
        return Err(unmendable(chosen, is_moved));
    }
    let mut order = vec![chosen];
    wanted.remove(&chosen.version);
    while !wanted.is_empty() {
        let is_next = |r: &&Revision| {
            wanted.contains(&r.version) && !names(r).any(|version| wanted.contains(&version))
        };
        let Some(next) = revisions.iter().find(is_next) else {
            return Err(unmendable(chosen, true));
        };
        wanted.remove(&next.version);
        order.push(next);
    }
    Ok(order)
}

fn parentless(chosen: &Revision, unknown: i64) -> Error {
    let message = format!(
        "{} builds upon revision {unknown}, which no file has: say by --onto what it is to build upon \
         instead",
        chosen.up.file
    );
    Error::usage("UNKNOWN_PARENT", message)
}

fn unmendable(chosen: &Revision, is_moved: bool) -> Error {
    let file = &chosen.up.file;
    let message = if is_moved {
        format!(
            "{file} is part of a cycle that is closed without its `-- revises:` as well: take a name out of \
             a `-- depends-on:`, or rebase another one of them"
        )
    } else {
        format!("{file} is part of a cycle: say by --onto what it is to build upon instead")
    };
    Error::usage("CYCLE", message)
}

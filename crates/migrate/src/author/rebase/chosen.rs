use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::super::{list, resolved, version};
use super::{Change, Rebase, Renumbered, Style};
use crate::history::{Along, Kind, checksum, parse_file_name, stem};
use crate::source::SourceFile;
use crate::{Error, History, Problem, Revision, Source};

/// The revisions that are to get other versions, and what the first of them is to build upon.
pub(super) struct Chosen {
    /// Version and name, oldest first, and whether its file names its parents.
    pub(super) moved: Vec<(i64, String, bool)>,
    /// The new parents of the first one; `None` leaves what its file says.
    pub(super) parents: Option<Vec<i64>>,
    /// What the first one depends on by its file, and cannot: itself, or what no file has.
    pub(super) dropped: Vec<i64>,
    /// Whether files without a line that names their parents get one.
    pub(super) adds: bool,
    pub(super) stray: Option<Stray>,
    /// Whether the files are no history yet.
    pub(super) is_partial: bool,
    /// All revisions or, where they are no history yet, all others.
    pub(super) history: History,
    /// The highest version that any file has.
    pub(super) newest: i64,
}

/// Files of a version that others have as well.
#[derive(Clone, Debug)]
pub(super) struct Stray {
    /// The name that tells them from the others.
    stem: String,
    /// Where the others have the same: whether it is the simple file, or the pair of up and down.
    simple: Option<bool>,
    /// The up file's checksum, where it alone tells which of them is applied.
    pub(super) checksum: Option<Vec<u8>>,
}

impl Stray {
    /// Those that `text` means: a file's name, whole or without its suffix.
    fn named(text: &str) -> Self {
        let simple = parse_file_name(text).map(|name| name.kind == Kind::Simple);
        Self { stem: stem(text).to_owned(), simple, checksum: None }
    }

    pub(super) fn has(&self, file: &str) -> bool {
        let fits = |simple| {
            parse_file_name(file).is_some_and(|name| (name.kind == Kind::Simple) == simple)
        };
        stem(file) == self.stem && self.simple.is_none_or(fits)
    }
}

impl Chosen {
    /// The revisions that targets mean, and all that name them.
    pub(super) fn of_history(
        history: History,
        mut source: Source,
        texts: &[&str],
        onto: Option<&str>,
    ) -> Result<Self, Error> {
        let named: Vec<String> = texts.iter().copied().map(str::to_owned).collect();
        let wanted = resolved(&history, &named)?;
        let Some(revision) = wanted.iter().min_by_key(|revision| revision.version) else {
            return Err(Error::usage("NO_REVISION", "name a revision to rebase"));
        };
        let revision = Revision::clone(revision);
        let newest = newest(&source);
        let moved = naming(&history, wanted.iter().map(|revision| revision.version).collect());
        source.files.retain(|file| {
            parse_file_name(&file.name).is_none_or(|name| !moved.contains(&name.version))
        });
        let rest = History::build(source)?;
        let parents = match onto {
            Some(onto) => {
                let parents = upon(&rest, onto);
                Some(parents.map_err(|error| moving(&history, &moved, onto).unwrap_or(error))?)
            }
            None => parents(&rest, &revision)?,
        };
        let last = rest.revisions().last().map(|revision| revision.version);
        let is_plain = parents.as_ref().is_none_or(|parents| parents.iter().copied().eq(last));
        let adds = !is_plain || history.revisions().iter().any(says_parents);
        let moved = history.chosen(&moved).into_iter();
        let moved = moved.map(|r| (r.version, r.name.clone(), says_parents(r))).collect();
        let (stray, dropped) = (None, Vec::new());
        Ok(Self { moved, parents, dropped, adds, stray, is_partial: false, history, newest })
    }

    /// The files of a version or, where several have it, of a version and a name; they keep what
    /// they say of their parents unless others are asked for.
    pub(super) fn stray(mut source: Source, text: &str, onto: Option<&str>) -> Result<Self, Error> {
        let wanted: Option<i64> = text.parse().ok();
        let newest = newest(&source);
        let mut meant = Stray::named(text);
        let is_meant = |file: &SourceFile| {
            let name = parse_file_name(&file.name);
            meant.has(&file.name) || name.is_some_and(|name| wanted == Some(name.version))
        };
        let (found, others): (Vec<_>, Vec<_>) = source.files.into_iter().partition(is_meant);
        source.files = others;
        let Some(name) = found.first().and_then(|file| parse_file_name(&file.name)) else {
            let message = format!("no file is called `{text}`");
            return Err(Error::usage("UNKNOWN_REVISION", message));
        };
        refuse_several(&found, text)?;
        if let Some(file) = found.first() {
            stem(&file.name).clone_into(&mut meant.stem);
        }
        if meant.simple.is_some() {
            let up = found.iter().find(|file| !file.name.ends_with(".down.sql"));
            meant.checksum = up.map(|up| checksum(&up.text, &source.ignored_chars));
        }
        let history = settled(source)?;
        let parents = onto.map(|onto| upon(&history, onto)).transpose()?;
        let (moved, adds) = (vec![(name.version, name.name, true)], parents.is_some());
        let (stray, dropped) = (Some(meant), Vec::new());
        Ok(Self { moved, parents, dropped, adds, stray, is_partial: true, history, newest })
    }

    /// Gives them their versions, in the order that they had.
    pub(super) fn plan(self, style: &Style, now: Option<OffsetDateTime>) -> Result<Rebase, Error> {
        let first = version::next(&self.history, style, now)?;
        let (mut moved, mut before) = (Vec::new(), self.newest);
        for (from, name, _) in &self.moved {
            let to = version::behind(before)?.max(first);
            before = to;
            moved.push(Renumbered { from: *from, to, name: name.clone() });
        }
        let versions: BTreeMap<i64, i64> = moved.iter().map(|m| (m.from, m.to)).collect();
        let mut before = None;
        let mut changes = Vec::new();
        for (place, ((.., says_parents), revision)) in self.moved.iter().zip(&moved).enumerate() {
            // Who did not say what it builds upon goes on building upon the one before it.
            let followed = before.filter(|_| !says_parents).map(|before| vec![before]);
            let revises = if place == 0 { self.parents.clone() } else { followed };
            let dropped = if place == 0 { self.dropped.clone() } else { Vec::new() };
            changes.push(Change { revises, dropped, adds: self.adds, versions: versions.clone() });
            before = Some(revision.to);
        }
        Ok(Rebase {
            moved,
            changes,
            stray: self.stray,
            is_partial: self.is_partial,
            history: self.history,
        })
    }
}

/// The highest version that any file has.
pub(super) fn newest(source: &Source) -> i64 {
    let names = source.files.iter().filter_map(|file| parse_file_name(&file.name));
    names.map(|name| name.version).max().unwrap_or_default()
}

/// Refuses a text that means the files of several revisions.
fn refuse_several(found: &[SourceFile], text: &str) -> Result<(), Error> {
    let kind = |file: &SourceFile| parse_file_name(&file.name).map(|name| name.kind);
    let (mut ups, mut names) =
        (found.iter().filter(|file| kind(file) != Some(Kind::Down)), found.iter());
    let (first, other) = match (ups.next(), ups.next()) {
        (Some(first), Some(other)) => (first, other),
        (first, _) => {
            let Some(first) = first.or(found.first()) else { return Ok(()) };
            match names.find(|file| stem(&file.name) != stem(&first.name)) {
                None => return Ok(()),
                Some(other) => (first, other),
            }
        }
    };
    let [first, other] = if stem(&first.name) == stem(&other.name) {
        [first.name.as_str(), other.name.as_str()]
    } else {
        [stem(&first.name), stem(&other.name)]
    };
    let message = format!("`{text}` may mean {first} or {other}: write one of them");
    Err(Error::usage("AMBIGUOUS_REVISION", message))
}

/// The others as a history, without those that are to be rebased after this one, and those that need them.
pub(super) fn settled(mut source: Source) -> Result<History, Error> {
    loop {
        let problem = match History::build(source.clone()) {
            Err(Error::History(problem)) => *problem,
            built => return built,
        };
        let files = match problem {
            Problem::DuplicateVersion { second, .. } => {
                source.files.retain(|other| other.name != second);
                continue;
            }
            Problem::ParentNotOlder { file, .. } | Problem::UnknownParent { file, .. } => {
                vec![file]
            }
            Problem::Cycle { files, .. } => files.into_iter().map(|(file, _)| file).collect(),
            other => return Err(other.into()),
        };
        let is_out = |other: &SourceFile| files.iter().any(|file| stem(file) == stem(&other.name));
        source.files.retain(|other| !is_out(other));
    }
}

/// The revisions, those whose files name them, those that name those, and so on.
fn naming(history: &History, mut moved: BTreeSet<i64>) -> BTreeSet<i64> {
    // Who names another one is newer, so one walk finds all.
    for revision in history.revisions() {
        let named = revision.directives.revises.iter().chain(&revision.directives.depends_on);
        if named.into_iter().any(|version| moved.contains(version)) {
            moved.insert(revision.version);
        }
    }
    moved
}

pub(super) fn says_parents(revision: &Revision) -> bool {
    !revision.directives.revises.is_empty() || revision.directives.begins_anew
}

/// What to say of an `--onto` that means what moves along.
fn moving(history: &History, moved: &BTreeSet<i64>, onto: &str) -> Option<Error> {
    let found = resolved(history, &[onto.to_owned()]).ok()?;
    let moving = found.iter().find(|revision| moved.contains(&revision.version))?;
    let message = format!("{} moves along: name a revision by --onto that stays", moving.version);
    Some(Error::usage("MOVING_PARENT", message))
}

/// The revisions that `--onto` means.
pub(super) fn upon(rest: &History, onto: &str) -> Result<Vec<i64>, Error> {
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

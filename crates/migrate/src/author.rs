//! Making the files of new revisions.

mod merge;
mod rebase;
mod slug;
mod squash;
mod style;
mod text;
mod version;

use std::path::PathBuf;

use time::OffsetDateTime;

use crate::history::check_label;
use crate::{Error, Folder, History, Phase, Revision, Target};
use slug::slug;
use text::Texts;

pub use merge::merge_parents;
pub use rebase::{Rebase, Rebased, Renumbered};
pub use squash::{Squash, SquashReport};
pub use style::{Style, Template, Versioning};

/// How often another version is tried when somebody else was faster.
const ATTEMPTS: u32 = 1000;

/// What a new revision is to be.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What it does; becomes its name.
    pub message: String,
    /// The revisions that it builds upon, as targets; the one head if there are none.
    pub heads: Vec<String>,
    /// Whether it may build upon what others build upon already.
    pub splice: bool,
    /// The label of the branch that it begins.
    pub branch: Option<String>,
    /// What has to be applied before without being its lineage, as targets.
    pub depends_on: Vec<String>,
    /// Its version, if not the next one.
    pub version: Option<i64>,
    /// Whether it has no way back.
    pub simple: bool,
    /// Whether it runs outside a transaction.
    pub no_transaction: bool,
    /// When in a rollout it may run.
    pub phase: Phase,
    /// The time that its version tells.
    pub now: Option<OffsetDateTime>,
    /// How versions, names and texts are made.
    pub style: Style,
    /// The statements of its files, where they are known already.
    pub body: Option<Body>,
}

/// The statements of a new revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Those of the up file.
    pub up: String,
    /// Those of the down file.
    pub down: String,
}

/// The files of a new revision, not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The versions that it builds upon.
    pub revises: Vec<i64>,
    /// Names and texts.
    pub files: Vec<(String, String)>,
}

/// A revision whose files were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What was written.
    pub drafted: Drafted,
    /// Where.
    pub paths: Vec<PathBuf>,
}

/// Decides version, parents and texts of a new revision.
///
/// Fails where the message makes no name, where there are several heads and none is chosen, where a
/// chosen one is no head and `splice` does not allow it, and where a template cannot be used.
pub fn draft(history: &History, draft: &Draft) -> Result<Drafted, Error> {
    let name = slug(&draft.message, draft.style.longest_slug)?;
    if let Some(label) = &draft.branch {
        check_label(label).map_err(|message| Error::usage("BAD_LABEL", message))?;
        if let Some(bearer) = history.find_label(label) {
            let message = format!("{} bears the label {label} already", bearer.up.file);
            return Err(Error::usage("LABEL_TAKEN", message));
        }
    }
    let parents = parents(history, draft)?;
    let version = match draft.version {
        Some(version) => version::given(history, version, &parents)?,
        None => version::next(history, &draft.style, draft.now)?,
    };
    drafted(history, draft, version, name, parents)
}

/// Writes a new revision; where somebody takes its version meanwhile, the next one is taken.
pub fn write(folder: &Folder, history: &History, draft: &Draft) -> Result<Written, Error> {
    let mut next = self::draft(history, draft)?;
    let _lock = folder.lock();
    for _ in 0..ATTEMPTS {
        if version::is_free(folder, next.version)
            && let Some(paths) = folder.create_all(&next.files)?
        {
            // Where the folder cannot be locked, another process may have taken the version under
            // another name at this very moment: of two, the one that sorts later gives way.
            if version::is_first(folder, next.version, &next.name) {
                return Ok(Written { drafted: next, paths });
            }
            for path in paths {
                std::fs::remove_file(&path)
                    .map_err(|error| crate::folder::unwritable(&path, &error))?;
            }
        }
        if draft.version.is_some() {
            let (version, name) = (next.version, next.name);
            let message = format!("{version} is taken: {version}_{name} cannot be written");
            return Err(Error::usage("VERSION_TAKEN", message));
        }
        let (version, name, parents) = (version::behind(next.version)?, next.name, next.revises);
        next = drafted(history, draft, version, name, parents)?;
    }
    Err(Error::usage(
        "VERSION_TAKEN",
        "no free version was found: is something else writing there?",
    ))
}

fn parents(history: &History, draft: &Draft) -> Result<Vec<i64>, Error> {
    if draft.heads.is_empty() {
        return Ok(history.head()?.map(|head| head.version).into_iter().collect());
    }
    let mut parents = Vec::new();
    for revision in resolved(history, &draft.heads)? {
        if !draft.splice && !history.children(revision.version).is_empty() {
            let message = format!(
                "{} is no head, others build upon it: write --splice to begin a branch there",
                revision.version
            );
            return Err(Error::usage("NOT_A_HEAD", message));
        }
        parents.push(revision.version);
    }
    Ok(parents)
}

/// The revisions that targets mean; `base` is none.
fn resolved<'h>(history: &'h History, texts: &[String]) -> Result<Vec<&'h Revision>, Error> {
    let mut revisions = Vec::new();
    for text in texts {
        let target: Target =
            text.parse().map_err(|message: String| Error::usage("BAD_TARGET", message))?;
        revisions.extend(match target {
            // What another one depends on is a head of its branch all the same.
            Target::Heads => history.lineage_heads(),
            target => history.resolve_all(&target)?,
        });
    }
    Ok(revisions)
}

fn drafted(
    history: &History,
    draft: &Draft,
    version: i64,
    name: String,
    parents: Vec<i64>,
) -> Result<Drafted, Error> {
    let shown = version::shown(history, version);
    let Texts { up, down } = Texts::new(history, draft, &shown, &name, &parents)?;
    let files = if draft.simple {
        vec![(format!("{shown}_{name}.sql"), up)]
    } else {
        vec![(format!("{shown}_{name}.up.sql"), up), (format!("{shown}_{name}.down.sql"), down)]
    };
    Ok(Drafted { version, name, revises: parents, files })
}

fn list(versions: &[i64]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;

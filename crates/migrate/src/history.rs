pub(crate) mod build;
mod directives;
mod file_name;
mod graph;
mod revision;

pub use directives::{Directives, Phase};
pub use revision::{Revision, Script};

use crate::{Error, Problem, Source, Target, target};

/// A validated set of revisions, in the order of their versions, which is an order of the graph.
///
/// Without `-- revises:` directives the history is linear: each revision builds upon the one before.
#[derive(Clone, Debug, Default)]
pub struct History {
    revisions: Vec<Revision>,
}

impl History {
    /// Validates names, directives and the graph.
    ///
    /// Fails with [`Error::History`] on duplicate versions, unknown parents and unreadable directives.
    /// Several heads are no failure here: only those who need one head look for it.
    pub fn build(source: Source) -> Result<Self, Error> {
        let revisions = build::revisions(source)?;
        graph::check(&revisions)?;
        graph::check_labels(&revisions)?;
        Ok(Self { revisions })
    }

    /// The revisions that are accepted, as a history of their own.
    pub(crate) fn only(&self, accepts: impl Fn(i64) -> bool) -> Self {
        let accepted = self.revisions.iter().filter(|revision| accepts(revision.version));
        Self { revisions: accepted.cloned().collect() }
    }

    /// All revisions, oldest first.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The revision of this version.
    #[must_use]
    pub fn find(&self, version: i64) -> Option<&Revision> {
        let at = self.revisions.binary_search_by_key(&version, |revision| revision.version).ok()?;
        self.revisions.get(at)
    }

    /// The revisions that no other one builds upon, oldest first.
    #[must_use]
    pub fn heads(&self) -> Vec<&Revision> {
        graph::heads(&self.revisions, |_| true)
    }

    /// The revisions accepted by `is_applied` that no other accepted one builds upon.
    pub(crate) fn applied_heads(&self, is_applied: impl Fn(i64) -> bool) -> Vec<&Revision> {
        graph::heads(&self.revisions, is_applied)
    }

    /// The revisions that name this one as a parent, oldest first.
    #[must_use]
    pub fn children(&self, version: i64) -> Vec<&Revision> {
        graph::children(&self.revisions, version)
    }

    /// The revisions of the branch that bears the label, oldest first.
    pub fn branch(&self, label: &str) -> Result<Vec<&Revision>, Error> {
        let bears = |revision: &&Revision| revision.directives.branch.as_deref() == Some(label);
        let bearer = self.revisions.iter().find(bears).ok_or_else(|| {
            let message =
                format!("no revision bears the label `{label}`: `migrate branches` lists them");
            Error::usage("UNKNOWN_BRANCH", message)
        })?;
        Ok(graph::branch(&self.revisions, bearer))
    }

    /// The one head; `None` where there are no revisions at all.
    pub fn head(&self) -> Result<Option<&Revision>, Problem> {
        let heads = self.heads();
        match heads.as_slice() {
            [] => Ok(None),
            [head] => Ok(Some(head)),
            several => {
                Err(Problem::SeveralHeads { heads: several.iter().map(|r| r.version).collect() })
            }
        }
    }

    /// The one revision that a target names: the head, a version, the beginning of one, or a name.
    pub fn resolve(&self, target: &Target) -> Result<&Revision, Error> {
        let none = |what: &str| Error::usage("UNKNOWN_REVISION", format!("there is no {what}"));
        match target {
            Target::Head | Target::Heads => self.head()?.ok_or_else(|| none("revision")),
            Target::Revision(text) => target::find(self, text),
            Target::Offset(text, steps) => {
                let from = target::find(self, text)?;
                target::walk(self, from, *steps)?.ok_or_else(|| none("revision before the first"))
            }
            Target::Branch(label, target) => self.in_branch(label, target),
            Target::Base | Target::Relative(_) => Err(none("revision of that description")),
        }
    }

    fn in_branch(&self, label: &str, target: &Target) -> Result<&Revision, Error> {
        let members = self.branch(label)?;
        let is_member = |revision: &Revision| members.iter().any(|m| m.version == revision.version);
        let heads: Vec<&Revision> = self.heads().into_iter().filter(|r| is_member(r)).collect();
        match (target, heads.as_slice()) {
            (Target::Head | Target::Heads, [head]) => Ok(head),
            (Target::Head | Target::Heads, several) => {
                let heads = several.iter().map(|revision| revision.version).collect();
                Err(Problem::SeveralHeads { heads }.into())
            }
            _ => match self.resolve(target)? {
                revision if is_member(revision) => Ok(revision),
                revision => {
                    let message =
                        format!("revision {} is no part of branch {label}", revision.version);
                    Err(Error::usage("NOT_IN_BRANCH", message))
                }
            },
        }
    }

    /// The given revision and everything it builds upon, oldest first.
    pub(crate) fn ancestry(&self, version: i64) -> Vec<&Revision> {
        graph::ancestry(&self.revisions, version)
    }

    /// Everything that builds upon the given revision, itself left out, oldest first.
    pub(crate) fn descendants(&self, version: i64) -> Vec<&Revision> {
        graph::descendants(&self.revisions, version)
    }
}

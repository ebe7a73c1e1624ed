mod branch;
pub(crate) mod build;
mod check;
mod directives;
mod file_name;
mod graph;
mod revision;
mod squashed;
mod unfit;
mod unread;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use branch::Branch;
pub use directives::{Directives, Phase};
pub(crate) use directives::{is_no_transaction, label as check_label, parse as parse_directives};
pub(crate) use file_name::{Kind, parse as parse_file_name, stem};
pub(crate) use graph::Along;
pub(crate) use revision::checksum;
pub use revision::{Revision, Script};
pub use squashed::Squashed;
pub(crate) use squashed::{digest, rename};
pub(crate) use unread::{NO_TRANSACTION, Unread, distance, is_near_no_transaction};

use crate::target::Finder;
use crate::{Error, Problem, Source, Target};
use graph::Graph;

/// A validated set of revisions, in the order of their versions, which is an order of the graph.
///
/// Without `-- revises:` directives the history is linear: each revision builds upon the one before.
#[derive(Clone, Debug, Default)]
pub struct History {
    revisions: Vec<Revision>,
    graph: Graph,
    /// The revision that bears each label.
    labels: BTreeMap<String, i64>,
}

impl History {
    /// Validates names, directives and the graph.
    ///
    /// Fails with [`Error::History`] on duplicate versions and labels, unknown parents, parents that
    /// are not older, merges that name one without need, and unreadable directives.
    /// Several heads are no failure here: only those who need one head look for it.
    pub fn build(source: Source) -> Result<Self, Error> {
        let mut revisions = build::revisions(source)?;
        squashed::resolve(&mut revisions)?;
        check::links(&revisions)?;
        let labels = check::labels(&revisions)?;
        let graph = Graph::new(&revisions);
        check::merges(&revisions, &graph)?;
        Ok(Self { revisions, graph, labels })
    }

    /// The revisions that are accepted, as a history of their own.
    pub(crate) fn only(&self, accepts: impl Fn(i64) -> bool) -> Self {
        let accepted = self.revisions.iter().filter(|revision| accepts(revision.version));
        let revisions: Vec<Revision> = accepted.cloned().collect();
        let graph = Graph::new(&revisions);
        let labels = self.labels.iter().filter(|(_, version)| accepts(**version));
        let labels = labels.map(|(label, version)| (label.clone(), *version)).collect();
        Self { revisions, graph, labels }
    }

    /// The same, to be run again as it was run before, whatever its files seem to say.
    pub(crate) fn without_misspelt(mut self) -> Self {
        for revision in &mut self.revisions {
            for script in [Some(&mut revision.up), revision.down.as_mut()].into_iter().flatten() {
                script.unread.retain(|unread| unread.code == NO_TRANSACTION);
            }
        }
        self
    }

    /// All revisions, oldest first.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The revision of this version.
    #[must_use]
    pub fn find(&self, version: i64) -> Option<&Revision> {
        self.place(version).and_then(|place| self.revisions.get(place))
    }

    /// The revisions that stand for others, which they have squashed; oldest first.
    pub(crate) fn baselines(&self) -> impl Iterator<Item = &Revision> {
        self.revisions.iter().filter(|revision| !revision.directives.squashes.is_empty())
    }

    /// The baseline that has squashed the revision of this version.
    pub(crate) fn find_baseline(&self, version: i64) -> Option<&Revision> {
        self.baselines().find(|baseline| baseline.squashed().contains(&version))
    }

    /// What up files seem to tell the runner, which it does not read: file and line, and what to write.
    pub fn unread(&self) -> impl Iterator<Item = String> {
        let refused = self.revisions.iter().filter_map(Revision::refused);
        refused.map(|problem| problem.to_string())
    }

    /// The versions of all revisions, and of those that a baseline stands for.
    #[must_use]
    pub fn versions_known(&self) -> BTreeSet<i64> {
        let own = self.revisions.iter().map(|revision| revision.version);
        own.chain(self.baselines().flat_map(Revision::squashed)).collect()
    }

    /// Whether there is a revision of this version, or one that stands for it.
    pub(crate) fn knows(&self, version: i64) -> bool {
        self.find(version).is_some() || self.find_baseline(version).is_some()
    }

    /// The revision that bears the label.
    #[must_use]
    pub fn find_label(&self, label: &str) -> Option<&Revision> {
        self.labels.get(label).and_then(|version| self.find(*version))
    }

    /// The revisions that no other one builds upon or depends on, oldest first.
    #[must_use]
    pub fn heads(&self) -> Vec<&Revision> {
        self.where_place(|place| self.graph.above(place, Along::Needs).is_empty())
    }

    /// The revisions that no other one builds upon, those included that another one depends on.
    #[must_use]
    pub fn lineage_heads(&self) -> Vec<&Revision> {
        self.where_place(|place| self.graph.above(place, Along::Lineage).is_empty())
    }

    /// The revisions that build upon nothing, oldest first.
    #[must_use]
    pub fn bases(&self) -> Vec<&Revision> {
        self.where_place(|place| self.graph.below(place, Along::Lineage).is_empty())
    }

    /// The revisions accepted by `is_applied` that no other accepted one builds upon or depends on.
    pub(crate) fn applied_heads(&self, is_applied: impl Fn(i64) -> bool) -> Vec<&Revision> {
        let is_in =
            |place: &usize| self.revisions.get(*place).is_some_and(|r| is_applied(r.version));
        self.where_place(|place| {
            is_in(&place) && !self.graph.above(place, Along::Needs).iter().any(is_in)
        })
    }

    /// The revisions that name this one as a parent, oldest first.
    #[must_use]
    pub fn children(&self, version: i64) -> Vec<&Revision> {
        self.above(version, Along::Lineage)
    }

    /// The revisions that name this one, oldest first.
    pub(crate) fn above(&self, version: i64, along: Along) -> Vec<&Revision> {
        let Some(place) = self.place(version) else { return Vec::new() };
        self.at(self.graph.above(place, along))
    }

    /// The revisions that this one names, oldest first.
    pub(crate) fn below(&self, version: i64, along: Along) -> Vec<&Revision> {
        let Some(place) = self.place(version) else { return Vec::new() };
        self.at(self.graph.below(place, along))
    }

    /// The branch of the revision that a label, or another name, stands for.
    ///
    /// Fails with [`Error::Usage`] where there is none.
    pub(crate) fn branch<'h>(&'h self, label: &str) -> Result<Branch<'h>, Error> {
        Branch::find(self, label)
    }

    /// The one head; `None` where there are no revisions at all.
    pub fn head(&self) -> Result<Option<&Revision>, Problem> {
        let heads = self.heads();
        match heads.as_slice() {
            [] => Ok(None),
            [head] => Ok(Some(head)),
            several => {
                let heads = several.iter().map(|r| r.version).collect();
                Err(Problem::SeveralHeads { heads, branch: None })
            }
        }
    }

    /// The revisions that a target stands for as far as files tell: none for `base`, several for
    /// `heads`.
    ///
    /// Fails with [`Error::Usage`] on targets that only a database can tell, such as `current`.
    pub fn resolve_all(&self, target: &Target) -> Result<Vec<&Revision>, Error> {
        Finder::new(self, None).ends(target)
    }

    /// The one revision that a target stands for.
    pub fn resolve(&self, target: &Target) -> Result<&Revision, Error> {
        Finder::new(self, None).one(target)
    }

    /// The given revision and everything it builds upon or depends on, oldest first.
    pub(crate) fn ancestry(&self, version: i64) -> Vec<&Revision> {
        self.chosen(&self.ancestors([version], Along::Needs))
    }

    /// The versions of the given revisions and of everything below them.
    pub(crate) fn ancestors(
        &self,
        ends: impl IntoIterator<Item = i64>,
        along: Along,
    ) -> BTreeSet<i64> {
        let mut marked = self.marked(ends);
        self.graph.close_downward(&mut marked, along);
        self.versions(&marked)
    }

    /// The versions of the given revisions and of everything above them.
    pub(crate) fn successors(
        &self,
        roots: impl IntoIterator<Item = i64>,
        along: Along,
    ) -> BTreeSet<i64> {
        let mut marked = self.marked(roots);
        self.graph.close_upward(&mut marked, along);
        self.versions(&marked)
    }

    /// The revisions of these versions, oldest first.
    pub(crate) fn chosen(&self, versions: &BTreeSet<i64>) -> Vec<&Revision> {
        versions.iter().filter_map(|version| self.find(*version)).collect()
    }

    fn place(&self, version: i64) -> Option<usize> {
        self.revisions.binary_search_by_key(&version, |revision| revision.version).ok()
    }

    fn at(&self, places: &[usize]) -> Vec<&Revision> {
        places.iter().filter_map(|place| self.revisions.get(*place)).collect()
    }

    fn where_place(&self, accepts: impl Fn(usize) -> bool) -> Vec<&Revision> {
        let all = self.revisions.iter().enumerate();
        all.filter(|(place, _)| accepts(*place)).map(|(_, revision)| revision).collect()
    }

    fn marked(&self, versions: impl IntoIterator<Item = i64>) -> Vec<bool> {
        let mut marked = vec![false; self.revisions.len()];
        for version in versions {
            if let Some(mark) = self.place(version).and_then(|place| marked.get_mut(place)) {
                *mark = true;
            }
        }
        marked
    }

    fn versions(&self, marked: &[bool]) -> BTreeSet<i64> {
        let all = self.revisions.iter().zip(marked);
        all.filter(|(_, is_in)| **is_in).map(|(revision, _)| revision.version).collect()
    }
}

#[cfg(test)]
mod tests;

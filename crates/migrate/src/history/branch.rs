use std::collections::BTreeSet;

use super::{Along, History, Revision};
use crate::{Error, Problem, target};

/// A branch: the lineage of the revision that bears its label, as Alembic's `label@…` has it.
///
/// Any other name of a revision serves as a label as well.
#[derive(Debug)]
pub(crate) struct Branch<'h> {
    label: String,
    bearer: &'h Revision,
    history: &'h History,
    lineage: BTreeSet<i64>,
}

impl<'h> Branch<'h> {
    pub(super) fn find(history: &'h History, label: &str) -> Result<Self, Error> {
        let bearer = target::find(history, label).map_err(|error| match error.reason() {
            "UNKNOWN_REVISION" => {
                let message = format!(
                    "no revision bears the label `{label}` or is called so: `migrate branches` lists \
                     the labels"
                );
                Error::usage("UNKNOWN_BRANCH", message)
            }
            _ => error,
        })?;
        let mut lineage = history.ancestors([bearer.version], Along::Lineage);
        lineage.extend(history.successors([bearer.version], Along::Lineage));
        Ok(Self { label: label.to_owned(), bearer, history, lineage })
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// All ancestors and descendants of the bearer: where a target of the branch may lie.
    pub(crate) fn lineage(&self) -> &BTreeSet<i64> {
        &self.lineage
    }

    pub(crate) fn has(&self, revision: &Revision) -> bool {
        self.lineage.contains(&revision.version)
    }

    /// What belongs to the branch alone: the bearer, what builds upon it, and its ancestors back to
    /// where others fork off or join.
    pub(crate) fn members(&self) -> BTreeSet<i64> {
        let mut members = self.history.successors([self.bearer.version], Along::Lineage);
        let mut at = self.bearer;
        while let [parent] = self.history.below(at.version, Along::Lineage).as_slice()
            && self.history.above(parent.version, Along::Needs).len() == 1
            && parent.parents.len() < 2
        {
            members.insert(parent.version);
            at = parent;
        }
        members
    }

    /// The newest revisions of the branch, those left out that another of them needs.
    pub(crate) fn heads(&self) -> Vec<&'h Revision> {
        let later = self.history.successors([self.bearer.version], Along::Lineage);
        self.history.applied_heads(|version| later.contains(&version))
    }

    /// The one newest revision.
    pub(crate) fn head(&self) -> Result<&'h Revision, Error> {
        match self.heads().as_slice() {
            [head] => Ok(head),
            several => {
                let heads = several.iter().map(|revision| revision.version).collect();
                Err(Problem::SeveralHeads { heads, branch: Some(self.label.clone()) }.into())
            }
        }
    }
}

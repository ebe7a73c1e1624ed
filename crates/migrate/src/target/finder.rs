use std::collections::BTreeSet;

use super::{Target, TargetRange, ambiguous, find, find_in, listed, walk};
use crate::history::{Along, Branch};
use crate::ledger::Standing;
use crate::{Error, History, Problem, Revision};

/// What targets stand for in these files and, where it is known, in a database.
#[derive(Clone, Copy)]
pub(crate) struct Finder<'h, 's> {
    history: &'h History,
    standing: Option<&'s Standing>,
}

impl<'h, 's> Finder<'h, 's> {
    pub(crate) fn new(history: &'h History, standing: Option<&'s Standing>) -> Self {
        Self { history, standing }
    }

    /// The revisions that a target stands for: none for the base, several for several heads.
    pub(crate) fn ends(self, target: &Target) -> Result<Vec<&'h Revision>, Error> {
        Ok(match target {
            Target::Head => self.history.head()?.into_iter().collect(),
            Target::Heads => self.history.heads(),
            Target::Base => Vec::new(),
            Target::Current => self.current()?,
            Target::Relative(steps) => self.walk(self.one_current()?, *steps, None)?,
            Target::Revision(text) => vec![find(self.history, text)?],
            Target::Offset(from, steps) => self.walk(self.one_or_base(from)?, *steps, None)?,
            Target::Branch(label, target) => {
                self.in_branch(&self.history.branch(label)?, target)?
            }
        })
    }

    /// The one revision that a target stands for.
    pub(crate) fn one(self, target: &Target) -> Result<&'h Revision, Error> {
        self.one_or_base(target)?.ok_or_else(|| {
            let message = format!("`{target}` is no revision: there is none, or it is the base");
            Error::usage("UNKNOWN_REVISION", message)
        })
    }

    /// The revision from which steps in a branch begin: the newest applied one of its lineage.
    pub(crate) fn start_in(self, branch: &Branch<'h>) -> Result<Option<&'h Revision>, Error> {
        let heads: Vec<&Revision> =
            self.current()?.into_iter().filter(|head| branch.has(head)).collect();
        let start = if heads.is_empty() {
            let standing = self.standing()?;
            let is_in =
                |version: &i64| standing.has(*version) && branch.lineage().contains(version);
            let applied: BTreeSet<i64> = branch.lineage().iter().copied().filter(is_in).collect();
            let is_tip = |revision: &&Revision| {
                let children = self.history.above(revision.version, Along::Lineage);
                !children.iter().any(|child| applied.contains(&child.version))
            };
            self.history.chosen(&applied).into_iter().filter(is_tip).collect()
        } else {
            heads
        };
        one_of(&start, branch.label())
    }

    fn in_branch(self, branch: &Branch<'h>, target: &Target) -> Result<Vec<&'h Revision>, Error> {
        let within = Some(branch.lineage());
        Ok(match target {
            Target::Head => vec![branch.head()?],
            Target::Heads => branch.heads(),
            Target::Base => Vec::new(),
            Target::Current => self.start_in(branch)?.into_iter().collect(),
            Target::Relative(steps) => self.walk(self.start_in(branch)?, *steps, within)?,
            Target::Revision(text) => vec![member(branch, find_in(self.history, text, within)?)?],
            Target::Offset(from, steps) => {
                let from = self.in_branch(branch, from)?;
                self.walk(one_of(&from, branch.label())?, *steps, within)?
            }
            Target::Branch(..) => self.ends(target)?,
        })
    }

    fn walk(
        self,
        from: Option<&'h Revision>,
        steps: i64,
        within: Option<&BTreeSet<i64>>,
    ) -> Result<Vec<&'h Revision>, Error> {
        Ok(walk(self.history, from, steps, within)?.into_iter().collect())
    }

    /// The versions in a range, both ends included: what is above the older end and below the newer,
    /// as Alembic has it. Steps in a range go from its other end.
    pub(crate) fn range(self, range: &TargetRange) -> Result<BTreeSet<i64>, Error> {
        let (from, to) = match (&range.from, &range.to) {
            (Target::Relative(back), to) if *back < 0 => {
                let to = self.ends(to)?;
                (self.back(one_of(&to, "the range")?, *back)?, to)
            }
            (from, Target::Relative(onward)) if *onward > 0 => {
                let from = self.ends(from)?;
                let to = self.walk(one_of(&from, "the range")?, *onward, None)?;
                (from, to)
            }
            (Target::Relative(_), _) | (_, Target::Relative(_)) => {
                let message = "steps in a range go inward: -N:B or A:+N";
                return Err(Error::usage("BAD_RANGE", message));
            }
            (Target::Branch(label, from), to) if **from == Target::Base => {
                let branch = self.history.branch(label)?;
                let to = self.ends(to)?.into_iter().filter(|end| branch.has(end));
                (Vec::new(), to.collect())
            }
            (from, to) => (self.ends(from)?, self.ends(to)?),
        };
        let below = self.history.ancestors(to.iter().map(|r| r.version), Along::Needs);
        if let Some(stray) = from.iter().find(|from| !below.contains(&from.version)) {
            let message = format!(
                "{} is not below {}: a range goes from an older revision to one that builds upon it",
                stray.version,
                if to.is_empty() { "the base".to_owned() } else { listed(&to) }
            );
            return Err(Error::usage("NOT_AN_ANCESTOR", message));
        }
        if from.is_empty() {
            return Ok(below);
        }
        let above = self.history.successors(from.iter().map(|r| r.version), Along::Lineage);
        Ok(above.intersection(&below).copied().collect())
    }

    /// So many steps back, or to the base if there are fewer.
    fn back(self, from: Option<&'h Revision>, steps: i64) -> Result<Vec<&'h Revision>, Error> {
        match self.walk(from, steps, None) {
            Err(error) if error.reason() == "TOO_FAR" => Ok(Vec::new()),
            walked => walked,
        }
    }

    /// The newest applied revisions.
    pub(crate) fn current(self) -> Result<Vec<&'h Revision>, Error> {
        let standing = self.standing()?;
        Ok(self.history.applied_heads(|version| standing.has(version)))
    }

    fn one_current(self) -> Result<Option<&'h Revision>, Error> {
        match self.current()?.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            several => Err(ambiguous("from where the database stands", several)),
        }
    }

    fn one_or_base(self, target: &Target) -> Result<Option<&'h Revision>, Error> {
        match self.ends(target)?.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            several if *target == Target::Current => {
                Err(ambiguous("from where the database stands", several))
            }
            several => {
                let heads = several.iter().map(|revision| revision.version).collect();
                Err(Problem::SeveralHeads { heads, branch: None }.into())
            }
        }
    }

    fn standing(self) -> Result<&'s Standing, Error> {
        self.standing.ok_or_else(|| {
            let message = "only a database tells where it stands: name a revision, or set \
                           DATABASE_URL";
            Error::usage("NO_DATABASE", message)
        })
    }
}

/// The only one, if there is any.
fn one_of<'h>(ends: &[&'h Revision], place: &str) -> Result<Option<&'h Revision>, Error> {
    match ends {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => Err(ambiguous(&format!("in {place}"), several)),
    }
}

fn member<'h>(branch: &Branch<'_>, revision: &'h Revision) -> Result<&'h Revision, Error> {
    if branch.has(revision) {
        return Ok(revision);
    }
    let message = format!("revision {} is no part of branch {}", revision.version, branch.label());
    Err(Error::usage("NOT_IN_BRANCH", message))
}

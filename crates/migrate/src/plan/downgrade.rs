use std::collections::BTreeSet;

use super::{steps, wrong_way};
use crate::history::{Along, Branch};
use crate::ledger::Standing;
use crate::target::Finder;
use crate::{Error, History, Revision, Target};

/// The applied revisions that a downgrade undoes, newest first.
///
/// As Alembic has it: a target stays, its applied children go, with all that builds upon them or
/// depends on them; other branches stay as they are.
pub(crate) fn downgrade<'h>(
    history: &'h History,
    standing: &Standing,
    target: &Target,
) -> Result<Vec<&'h Revision>, Error> {
    let here = Here { history, standing };
    let all = || history.revisions().iter().filter(|r| here.is_applied(r.version));
    let roots = match target {
        Target::Base => all().map(|revision| revision.version).collect(),
        Target::Relative(steps) => {
            let steps = backward(*steps).ok_or_else(|| wrong_way("downgrade", "upgrade +N"))?;
            let tips = history.applied_heads(|version| here.is_applied(version));
            let place = "from where the database stands";
            let last = steps::back(history, tips, steps, place, |r| here.is_applied(r.version))?;
            BTreeSet::from([last])
        }
        Target::Head | Target::Heads => return Err(wrong_way("downgrade", "upgrade head")),
        Target::Branch(label, target) => here.roots_in(&history.branch(label)?, target)?,
        Target::Current => BTreeSet::new(),
        Target::Revision(_) | Target::Offset(..) => {
            match Finder::new(history, Some(standing)).ends(target)?.first() {
                Some(kept) => here.children(kept)?,
                None => all().map(|revision| revision.version).collect(),
            }
        }
    };
    Ok(here.undone(roots))
}

/// So many steps, if they go back.
fn backward(steps: i64) -> Option<u64> {
    (steps < 0).then(|| steps.unsigned_abs())
}

#[derive(Clone, Copy)]
struct Here<'h, 's> {
    history: &'h History,
    standing: &'s Standing,
}

impl<'h> Here<'h, '_> {
    /// Wholly or in part.
    fn is_applied(self, version: i64) -> bool {
        self.standing.find(version).is_some()
    }

    /// What goes with these, newest first.
    fn undone(self, roots: BTreeSet<i64>) -> Vec<&'h Revision> {
        let gone = self.history.successors(roots, Along::Needs).into_iter();
        let gone = gone.rev().filter(|version| self.is_applied(*version));
        gone.filter_map(|version| self.history.find(version)).collect()
    }

    /// The children of a revision that stays; what only depends on it stays as well.
    fn children(self, kept: &Revision) -> Result<BTreeSet<i64>, Error> {
        if !self.standing.has(kept.version) {
            let message = format!(
                "revision {} is not applied: `migrate current` tells what is",
                kept.version
            );
            return Err(Error::usage("NOT_APPLIED", message));
        }
        let children = self.history.children(kept.version).into_iter();
        Ok(children.map(|child| child.version).filter(|v| self.is_applied(*v)).collect())
    }

    fn roots_in(self, branch: &Branch<'h>, target: &Target) -> Result<BTreeSet<i64>, Error> {
        let label = branch.label();
        match target {
            Target::Base => Ok(self.members(branch)),
            Target::Current => Ok(BTreeSet::new()),
            Target::Relative(steps) => {
                let steps = backward(*steps)
                    .ok_or_else(|| wrong_way("downgrade", &format!("upgrade {label}@+N")))?;
                self.last_member(branch, steps).map(|last| BTreeSet::from([last]))
            }
            Target::Head | Target::Heads => {
                Err(wrong_way("downgrade", &format!("upgrade {label}@head")))
            }
            Target::Revision(_) | Target::Offset(..) | Target::Branch(..) => {
                let target = Target::Branch(label.to_owned(), Box::new(target.clone()));
                let kept = Finder::new(self.history, Some(self.standing)).ends(&target)?;
                let Some(kept) = kept.first() else { return Ok(self.members(branch)) };
                let mut children = self.children(kept)?;
                children.retain(|child| branch.lineage().contains(child));
                Ok(children)
            }
        }
    }

    /// What is applied of the branch itself.
    fn members(self, branch: &Branch<'h>) -> BTreeSet<i64> {
        branch.members().into_iter().filter(|version| self.is_applied(*version)).collect()
    }

    /// The last of so many steps back along the branch, which never lead out of it.
    fn last_member(self, branch: &Branch<'h>, steps: u64) -> Result<i64, Error> {
        let applied = self.members(branch);
        let mut tips: Vec<&Revision> = self.history.chosen(&applied);
        tips.retain(|revision| {
            let above = self.history.above(revision.version, Along::Needs);
            !above.iter().any(|above| applied.contains(&above.version))
        });
        let place = format!("in branch {}", branch.label());
        steps::back(self.history, tips, steps, &place, |parent| applied.contains(&parent.version))
    }
}

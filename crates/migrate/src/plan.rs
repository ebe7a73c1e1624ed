//! What a command would do, decided from the files and the ledger alone.

use std::collections::BTreeSet;

use crate::history::Phase;
use crate::ledger::Standing;
use crate::target;
use crate::{Error, History, Problem, Revision, Target};

/// Which phases of a rollout an upgrade takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phases {
    /// Everything on an empty database, else expand revisions up to the first contract revision.
    #[default]
    Auto,
    /// Expand revisions up to the first contract revision.
    Expand,
    /// Contract revisions up to the first expand revision.
    Contract,
    /// Everything.
    All,
}

/// What an upgrade will run, and what it leaves for another phase.
#[derive(Debug, Default)]
pub(crate) struct Plan<'h> {
    pub(crate) run: Vec<&'h Revision>,
    pub(crate) held_back: Vec<&'h Revision>,
}

/// Decides what an upgrade runs.
pub(crate) fn upgrade<'h>(
    history: &'h History,
    standing: &Standing,
    target: &Target,
    phases: Phases,
) -> Result<Plan<'h>, Error> {
    check_order(history, standing)?;
    let pending = pending_up_to(history, standing, target)?;
    let plan = match phases {
        Phases::All => Plan { run: pending, held_back: Vec::new() },
        Phases::Auto if standing.is_empty() => Plan { run: pending, held_back: Vec::new() },
        Phases::Auto | Phases::Expand => phase(pending, Phase::Expand)?,
        Phases::Contract => phase(pending, Phase::Contract)?,
    };
    if !plan.run.is_empty() {
        refuse_unknown(history, standing)?;
    }
    Ok(plan)
}

/// An applied revision whose parent is not applied: somebody merged an older file later.
pub(crate) fn check_order(history: &History, standing: &Standing) -> Result<(), Problem> {
    for revision in history.revisions().iter().filter(|r| standing.has(r.version)) {
        let before = revision.parents.iter().chain(&revision.directives.depends_on);
        if let Some(&version) = before.into_iter().find(|parent| !standing.has(**parent)) {
            return Err(Problem::MissingVersion { version, needed_by: revision.version });
        }
    }
    Ok(())
}

fn refuse_unknown(history: &History, standing: &Standing) -> Result<(), Problem> {
    match unknown(history, standing).first() {
        None => Ok(()),
        Some(&version) => Err(Problem::UnknownVersion { version }),
    }
}

/// Applied versions that the files do not know.
pub(crate) fn unknown(history: &History, standing: &Standing) -> Vec<i64> {
    let applied = standing.rows().filter(|row| row.success).map(|row| row.version);
    applied.filter(|version| history.find(*version).is_none()).collect()
}

/// Own revisions that are not applied, oldest first.
pub(crate) fn pending<'h>(history: &'h History, standing: &Standing) -> Vec<&'h Revision> {
    history.revisions().iter().filter(|revision| !standing.has(revision.version)).collect()
}

fn pending_up_to<'h>(
    history: &'h History,
    standing: &Standing,
    target: &Target,
) -> Result<Vec<&'h Revision>, Error> {
    let mut pending = pending(history, standing);
    match target {
        Target::Heads => {}
        Target::Head => {
            history.head()?;
        }
        Target::Base => return Err(wrong_way("upgrade", "downgrade base")),
        Target::Relative(steps) => {
            let steps =
                usize::try_from(*steps).map_err(|_| wrong_way("upgrade", "downgrade -N"))?;
            pending = first_steps(pending, steps, standing)?;
        }
        Target::Revision(text) => keep_ancestry(history, &mut pending, text)?,
        Target::Branch(label, steps) if matches!(**steps, Target::Relative(_)) => {
            let Target::Relative(steps) = **steps else { return Ok(pending) };
            let steps = usize::try_from(steps)
                .map_err(|_| wrong_way("upgrade", &format!("downgrade {label}@-N")))?;
            let members = versions(&history.branch(label)?);
            pending = first_members(history, pending, steps, &members)?;
        }
        Target::Branch(label, target) if **target == Target::Heads => {
            let members = versions(&history.branch(label)?);
            let heads = history.heads().into_iter().filter(|r| members.contains(&r.version));
            let wanted: Vec<&Revision> =
                heads.flat_map(|head| history.ancestry(head.version)).collect();
            retain(&mut pending, &wanted);
        }
        Target::Offset(..) | Target::Branch(..) => {
            let wanted = history.resolve(target)?.version;
            retain(&mut pending, &history.ancestry(wanted));
        }
    }
    Ok(pending)
}

fn keep_ancestry(history: &History, pending: &mut Vec<&Revision>, text: &str) -> Result<(), Error> {
    let wanted = target::find(history, text)?.version;
    retain(pending, &history.ancestry(wanted));
    Ok(())
}

fn retain(pending: &mut Vec<&Revision>, wanted: &[&Revision]) {
    let wanted = versions(wanted);
    pending.retain(|revision| wanted.contains(&revision.version));
}

fn versions(revisions: &[&Revision]) -> BTreeSet<i64> {
    revisions.iter().map(|revision| revision.version).collect()
}

/// The first pending revisions, provided that each is the only one that can come next.
fn first_steps<'h>(
    pending: Vec<&'h Revision>,
    steps: usize,
    standing: &Standing,
) -> Result<Vec<&'h Revision>, Error> {
    if pending.len() < steps {
        let message = format!("only {} revisions are pending", pending.len());
        return Err(Error::usage("TOO_FAR", message));
    }
    let mut rest = pending;
    let mut taken: Vec<&Revision> = Vec::with_capacity(steps);
    let mut done = BTreeSet::new();
    for _ in 0..steps {
        let is_done = |version: &i64| standing.has(*version) || done.contains(version);
        let is_next =
            |r: &&&Revision| r.parents.iter().chain(&r.directives.depends_on).all(is_done);
        // Two that could come next suffice to know that the step is ambiguous.
        let next: Vec<&Revision> = rest.iter().filter(is_next).take(2).copied().collect();
        let [next] = next.as_slice() else { return Err(target::ambiguous("onward", &next)) };
        done.insert(next.version);
        taken.push(next);
        rest.retain(|revision| revision.version != next.version);
    }
    Ok(taken)
}

/// The first pending members of a branch, with what they build upon.
fn first_members<'h>(
    history: &'h History,
    mut pending: Vec<&'h Revision>,
    steps: usize,
    members: &BTreeSet<i64>,
) -> Result<Vec<&'h Revision>, Error> {
    let ahead: Vec<&Revision> =
        pending.iter().filter(|revision| members.contains(&revision.version)).copied().collect();
    let Some(last) = steps.checked_sub(1).and_then(|at| ahead.get(at)) else {
        let message = format!("only {} revisions of the branch are pending", ahead.len());
        return Err(Error::usage("TOO_FAR", message));
    };
    retain(&mut pending, &history.ancestry(last.version));
    Ok(pending)
}

fn wrong_way(command: &str, instead: &str) -> Error {
    let message = format!("`{command}` goes the other way: write `migrate {instead}`");
    Error::usage("WRONG_DIRECTION", message)
}

/// The pending revisions of one phase up to the first of the other.
fn phase(pending: Vec<&Revision>, phase: Phase) -> Result<Plan<'_>, Problem> {
    let first = pending.iter().position(|revision| revision.directives.phase != phase);
    let Some(first) = first else { return Ok(Plan { run: pending, held_back: Vec::new() }) };
    let mut run = pending;
    let held_back = run.split_off(first);
    let behind = held_back.iter().find(|revision| revision.directives.phase == phase);
    if let (Some(front), Some(behind)) = (held_back.first(), behind) {
        let (front, behind) = (front.version, behind.version);
        return match phase {
            Phase::Expand => Err(Problem::ExpandBehindContract { expand: behind, contract: front }),
            Phase::Contract if run.is_empty() => {
                Err(Problem::ContractBehindExpand { contract: behind, expand: front })
            }
            Phase::Contract => Ok(Plan { run, held_back }),
        };
    }
    Ok(Plan { run, held_back })
}

/// The applied revisions that a downgrade undoes, newest first.
pub(crate) fn downgrade<'h>(
    history: &'h History,
    standing: &Standing,
    target: &Target,
) -> Result<Vec<&'h Revision>, Error> {
    let applied = |revision: &&Revision| standing.find(revision.version).is_some();
    let all = || history.revisions().iter().filter(applied);
    let mut undone: Vec<&Revision> = match target {
        Target::Base => all().collect(),
        Target::Relative(steps) => last_steps(history, all().collect(), *steps)?,
        Target::Head | Target::Heads => return Err(wrong_way("downgrade", "upgrade head")),
        Target::Revision(text) => behind(history, standing, target::find(history, text)?)?,
        Target::Offset(text, steps) => {
            match target::walk(history, target::find(history, text)?, *steps)? {
                Some(kept) => behind(history, standing, kept)?,
                None => all().collect(),
            }
        }
        Target::Branch(label, target) => of_branch(history, standing, label, target)?,
    };
    undone.reverse();
    Ok(undone)
}

/// What is applied of the revisions that build upon one that stays.
fn behind<'h>(
    history: &'h History,
    standing: &Standing,
    kept: &Revision,
) -> Result<Vec<&'h Revision>, Error> {
    if !standing.has(kept.version) {
        let message = format!("revision {} is not applied", kept.version);
        return Err(Error::usage("NOT_APPLIED", message));
    }
    let applied = |revision: &&Revision| standing.find(revision.version).is_some();
    Ok(history.descendants(kept.version).into_iter().filter(applied).collect())
}

/// The last applied revisions, provided that each is the only one that nothing builds upon.
fn last_steps<'h>(
    history: &'h History,
    mut applied: Vec<&'h Revision>,
    steps: i64,
) -> Result<Vec<&'h Revision>, Error> {
    let steps = steps.checked_neg().and_then(|steps| usize::try_from(steps).ok());
    let steps = steps.ok_or_else(|| wrong_way("downgrade", "upgrade +N"))?;
    if applied.len() < steps {
        let message = format!("only {} revisions are applied", applied.len());
        return Err(Error::usage("TOO_FAR", message));
    }
    let mut undone = Vec::new();
    for _ in 0..steps {
        let left = versions(&applied);
        let heads = history.applied_heads(|version| left.contains(&version));
        let [head] = heads.as_slice() else { return Err(target::ambiguous("back", &heads)) };
        undone.push(*head);
        applied.retain(|revision| revision.version != head.version);
    }
    undone.reverse();
    Ok(undone)
}

/// What a downgrade within one branch undoes, with what builds upon it.
fn of_branch<'h>(
    history: &'h History,
    standing: &Standing,
    label: &str,
    target: &Target,
) -> Result<Vec<&'h Revision>, Error> {
    let members: Vec<&Revision> = history.branch(label)?;
    let applied: Vec<&Revision> =
        members.into_iter().filter(|r| standing.find(r.version).is_some()).collect();
    let first = match target {
        Target::Base => applied.first().copied(),
        Target::Relative(steps) => {
            let steps = steps.checked_neg().and_then(|steps| usize::try_from(steps).ok());
            let steps =
                steps.ok_or_else(|| wrong_way("downgrade", &format!("upgrade {label}@+N")))?;
            let first = applied.len().checked_sub(steps).and_then(|at| applied.get(at)).copied();
            let message = format!("only {} revisions of branch {label} are applied", applied.len());
            Some(first.ok_or_else(|| Error::usage("TOO_FAR", message))?)
        }
        Target::Head | Target::Heads => {
            return Err(wrong_way("downgrade", &format!("upgrade {label}@head")));
        }
        Target::Revision(_) | Target::Offset(..) | Target::Branch(..) => {
            let kept = Target::Branch(label.to_owned(), Box::new(target.clone()));
            return behind(history, standing, history.resolve(&kept)?);
        }
    };
    let Some(first) = first else { return Ok(Vec::new()) };
    let mut undone = history.descendants(first.version);
    undone.insert(0, first);
    undone.retain(|revision| standing.find(revision.version).is_some());
    Ok(undone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    const CONTRACT: &str = "-- phase: contract\n";

    fn history(bodies: &[&'static str]) -> History {
        let names = ["1_a.sql", "2_b.sql", "3_c.sql", "4_d.sql"];
        History::build(Source::embedded(names.into_iter().zip(bodies.iter().copied()))).unwrap()
    }

    fn run(bodies: &[&'static str], phase: Phase) -> Result<(Vec<i64>, Vec<i64>), &'static str> {
        let history = history(bodies);
        let pending = history.revisions().iter().collect();
        let plan = super::phase(pending, phase).map_err(|problem| problem.reason())?;
        let versions = |list: Vec<&Revision>| list.iter().map(|r| r.version).collect();
        Ok((versions(plan.run), versions(plan.held_back)))
    }

    #[test]
    fn expand_stops_before_the_first_contract() {
        assert_eq!(run(&["", "", CONTRACT], Phase::Expand), Ok((vec![1, 2], vec![3])));
        assert_eq!(run(&["", CONTRACT, ""], Phase::Expand), Err("EXPAND_BEHIND_CONTRACT"));
    }

    #[test]
    fn contract_runs_before_what_stands_behind_it() {
        assert_eq!(run(&[CONTRACT, ""], Phase::Contract), Ok((vec![1], vec![2])));
        assert_eq!(run(&["", CONTRACT], Phase::Contract), Err("CONTRACT_BEHIND_EXPAND"));
        assert_eq!(run(&[""], Phase::Contract), Ok((vec![], vec![1])));
    }

    #[test]
    fn wrong_directions_are_refused() {
        let history = history(&["", ""]);
        let standing = Standing::default();
        let reason =
            |target| upgrade(&history, &standing, &target, Phases::All).unwrap_err().reason();
        assert_eq!(reason(Target::Base), "WRONG_DIRECTION");
        assert_eq!(reason(Target::Relative(-1)), "WRONG_DIRECTION");
        assert_eq!(reason(Target::Relative(3)), "TOO_FAR");
        let down = downgrade(&history, &standing, &Target::Heads).unwrap_err();
        assert_eq!(down.reason(), "WRONG_DIRECTION");
    }
}

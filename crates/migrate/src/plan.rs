//! What a command would do, decided from the files and the ledger alone.

#[cfg(test)]
mod cases;
mod downgrade;
#[cfg(test)]
mod many;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use crate::history::{Along, Phase};
use crate::ledger::Standing;
use crate::target::Finder;
use crate::{Error, History, Problem, Revision, Stamp, Target, WayOut};

pub(crate) use downgrade::downgrade;

/// Which phases of a rollout an upgrade takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phases {
    /// Everything on an empty database, else as `Expand`.
    #[default]
    Auto,
    /// Expand revisions that need no pending contract revision.
    Expand,
    /// Contract revisions that need no pending expand revision.
    Contract,
    /// Everything.
    All,
}

/// Which phases an upgrade takes, and where they do not matter yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) phases: Phases,
    /// The last version of a first installation that was broken off: up to there `Auto` takes all.
    pub(crate) installs: Option<i64>,
}

impl From<Phases> for Scope {
    fn from(phases: Phases) -> Self {
        Self { phases, installs: None }
    }
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
    scope: impl Into<Scope>,
) -> Result<Plan<'h>, Error> {
    let Scope { phases, installs } = scope.into();
    check_order(history, standing)?;
    refuse_unread(history, standing)?;
    let pending = pending_up_to(history, standing, target)?;
    let plan = match phases {
        Phases::All => Plan { run: pending, held_back: Vec::new() },
        Phases::Auto if standing.is_empty() => Plan { run: pending, held_back: Vec::new() },
        Phases::Auto => {
            let installs = installs.unwrap_or(i64::MIN);
            let behind = pending.partition_point(|revision| revision.version <= installs);
            let mut first = pending;
            let rest = first.split_off(behind);
            let Plan { run, held_back } = phase(rest, Phase::Expand)?;
            first.extend(run);
            Plan { run: first, held_back }
        }
        Phases::Expand => phase(pending, Phase::Expand)?,
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
            let said = &revision.directives;
            let is_named = said.revises.contains(&version) || said.depends_on.contains(&version);
            let needed_by = revision.version;
            let stamp = stamp_of_applied(history, standing);
            let (version, way_out) = if is_named {
                (version, WayOut::Stamp(stamp))
            } else {
                let late = stamp.added;
                let behind = behind(history, standing, &late);
                let moved: BTreeSet<i64> = late.iter().chain(&behind).copied().collect();
                let applied = history.applied_heads(|version| standing.has(version));
                let onto = applied.iter().map(|head| head.version).max();
                let onto = onto.filter(|_| heads_without(history, &moved) > 1);
                let first = late.first().copied().unwrap_or(version);
                (first, WayOut::Rebase { late, behind, onto })
            };
            return Err(Problem::MissingVersion { version, needed_by, way_out });
        }
    }
    Ok(())
}

/// How many heads the files have without these; whoever says no parent builds upon the one before it then.
fn heads_without(history: &History, moved: &BTreeSet<i64>) -> usize {
    let (mut heads, mut before) = (BTreeSet::new(), None);
    for revision in history.revisions().iter().filter(|r| !moved.contains(&r.version)) {
        let said = &revision.directives;
        if said.revises.is_empty() && !said.begins_anew {
            heads.retain(|head| Some(*head) != before);
        }
        heads.retain(|head| !said.revises.contains(head));
        heads.insert(revision.version);
        before = Some(revision.version);
    }
    heads.len()
}

/// What is not applied and comes after these, which are not either.
fn behind(history: &History, standing: &Standing, late: &[i64]) -> Vec<i64> {
    let after = history.successors(late.iter().copied(), Along::Needs);
    let pending = pending(history, standing).into_iter().map(|revision| revision.version);
    pending.filter(|version| after.contains(version) && !late.contains(version)).collect()
}

/// What records all that applied revisions need, and keeps every one of them.
fn stamp_of_applied(history: &History, standing: &Standing) -> Stamp {
    let all = history.revisions().iter().map(|revision| revision.version);
    let applied = all.filter(|version| standing.has(*version));
    let wanted = history.ancestors(applied, Along::Needs);
    let heads = history.applied_heads(|version| wanted.contains(&version));
    let heads = heads.iter().map(|head| head.version).collect();
    let added = wanted.into_iter().filter(|version| !standing.has(*version)).collect();
    Stamp { heads, added }
}

/// A pending revision that says something in its head which is not read: what it says may be that it runs
/// later, or upon another one.
pub(crate) fn refuse_unread(history: &History, standing: &Standing) -> Result<(), Problem> {
    let refused = pending(history, standing).into_iter().find_map(Revision::refused);
    refused.map_or(Ok(()), Err)
}

fn refuse_unknown(history: &History, standing: &Standing) -> Result<(), Problem> {
    match unknown(history, standing).first() {
        None => Ok(()),
        Some(&version) => Err(Problem::UnknownVersion { version, is_kept: false }),
    }
}

/// Applied versions that the files do not know.
pub(crate) fn unknown(history: &History, standing: &Standing) -> Vec<i64> {
    let applied = standing.rows().filter(|row| row.success).map(|row| row.version);
    applied.filter(|version| history.find(*version).is_none()).collect()
}

/// Those of the unknown versions of which a file should be here: newer files than that are.
///
/// An older program meets only versions newer than all of its own, which is no failure.
pub(crate) fn missing_files(history: &History, unknown: &[i64]) -> Vec<i64> {
    let newest = history.revisions().last().map(|revision| revision.version);
    let is_missing = |version: &i64| newest.is_none_or(|newest| *version < newest);
    unknown.iter().copied().filter(is_missing).collect()
}

/// Own revisions that are not applied, oldest first.
pub(crate) fn pending<'h>(history: &'h History, standing: &Standing) -> Vec<&'h Revision> {
    history.revisions().iter().filter(|revision| !standing.has(revision.version)).collect()
}

/// An upgrade's target that stays the same whatever is applied from now on, by whomever: steps count from
/// where the database stands.
pub(crate) fn fixed(
    history: &History,
    standing: &Standing,
    target: &Target,
) -> Result<Target, Error> {
    if !target.needs_database() {
        return Ok(target.clone());
    }
    Ok(match ends(history, standing, target)?.as_deref() {
        Some([end]) => Target::Revision(end.version.to_string()),
        _ => target.clone(),
    })
}

fn pending_up_to<'h>(
    history: &'h History,
    standing: &Standing,
    target: &Target,
) -> Result<Vec<&'h Revision>, Error> {
    let mut pending = pending(history, standing);
    let Some(ends) = ends(history, standing, target)? else { return Ok(pending) };
    let wanted = history.ancestors(ends.iter().map(|end| end.version), Along::Needs);
    pending.retain(|revision| wanted.contains(&revision.version));
    Ok(pending)
}

/// The revisions that an upgrade ends with, `None` where it takes all.
fn ends<'h>(
    history: &'h History,
    standing: &Standing,
    target: &Target,
) -> Result<Option<Vec<&'h Revision>>, Error> {
    let finder = Finder::new(history, Some(standing));
    Ok(Some(match target {
        Target::Base => return Err(wrong_way("upgrade", "downgrade base")),
        Target::Relative(steps) => {
            if *steps < 0 {
                return Err(wrong_way("upgrade", "downgrade -N"));
            }
            let pending = pending(history, standing);
            steps::onward(history, finder, &pending, *steps)?.into_iter().collect()
        }
        Target::Branch(label, of_branch) => match **of_branch {
            Target::Base => {
                return Err(wrong_way("upgrade", &format!("downgrade {label}@base")));
            }
            Target::Relative(steps) if steps < 0 => {
                return Err(wrong_way("upgrade", &format!("downgrade {label}@-N")));
            }
            _ => finder.ends(target)?,
        },
        Target::Head | Target::Heads => {
            if *target == Target::Head {
                history.head()?;
            }
            return Ok(None);
        }
        Target::Offset(..) => match finder.ends(target)? {
            base if base.is_empty() => return Err(wrong_way("upgrade", "downgrade base")),
            ends => ends,
        },
        Target::Current | Target::Revision(_) => finder.ends(target)?,
    }))
}

fn wrong_way(command: &str, instead: &str) -> Error {
    let message = format!("`{command}` goes the other way: write `migrate {instead}`");
    Error::usage("WRONG_DIRECTION", message)
}

/// The pending revisions of one phase that need none of the other: those that do are held back with it.
///
/// A revision of another branch needs none of this one, whatever their versions are.
pub(crate) fn phase(pending: Vec<&Revision>, phase: Phase) -> Result<Plan<'_>, Problem> {
    // What of the other phase each revision that is held back waits for.
    let mut awaited: BTreeMap<i64, i64> = BTreeMap::new();
    let mut plan = Plan::default();
    let mut behind = None;
    for revision in pending {
        let is_other = revision.directives.phase != phase;
        // What it needs further below is applied, or pending and among these.
        let mut needed = revision.parents.iter().chain(&revision.directives.depends_on);
        let front = needed.find_map(|other| awaited.get(other)).copied();
        match front.or(is_other.then_some(revision.version)) {
            None => plan.run.push(revision),
            Some(front) => {
                behind = behind.or((!is_other).then_some((front, revision.version)));
                awaited.insert(revision.version, front);
                plan.held_back.push(revision);
            }
        }
    }
    match (behind, phase) {
        (Some((contract, expand)), Phase::Expand) => {
            let before = plan.run.last().map(|revision| revision.version);
            Err(Problem::ExpandBehindContract { expand, contract, before })
        }
        (Some((expand, contract)), Phase::Contract) if plan.run.is_empty() => {
            Err(Problem::ContractBehindExpand { contract, expand })
        }
        (Some(_) | None, _) => Ok(plan),
    }
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

    /// 1 → 2 (contract) and 1 → 3, where 4 builds upon 3.
    #[test]
    fn branch_waits_for_no_contract_of_another() {
        let branch = "-- revises: 1\n";
        assert_eq!(run(&["", CONTRACT, branch, ""], Phase::Expand), Ok((vec![1, 3, 4], vec![2])));
        assert_eq!(
            run(&["", CONTRACT, branch, "-- revises: 2, 3\n"], Phase::Expand),
            Err("EXPAND_BEHIND_CONTRACT")
        );
        assert_eq!(
            run(&["", CONTRACT, "-- revises: 1\n-- depends-on: 2\n", ""], Phase::Expand),
            Err("EXPAND_BEHIND_CONTRACT")
        );
        let contract = "-- revises: base\n-- phase: contract\n";
        assert_eq!(run(&["", "", contract], Phase::Contract), Ok((vec![3], vec![1, 2])));
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

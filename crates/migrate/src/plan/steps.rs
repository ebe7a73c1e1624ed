use std::collections::BTreeSet;

use crate::history::Along;
use crate::target::{Finder, ambiguous, listed, walk};
use crate::{Error, History, Revision};

/// Where so many steps lead onward from where the database stands.
///
/// From one revision they go along its lineage, as Alembic's do. From several, which Alembic refuses,
/// the first step is taken if only one revision can come next: the one that joins them.
pub(super) fn onward<'h>(
    history: &'h History,
    finder: Finder<'h, '_>,
    pending: &[&'h Revision],
    steps: i64,
) -> Result<Option<&'h Revision>, Error> {
    let current = finder.current()?;
    let (from, left) = match current.as_slice() {
        [] => (None, steps),
        [one] => (Some(*one), steps),
        _ => (Some(only_next(history, pending)?), steps - 1),
    };
    walk(history, from, left, None).map_err(|error| match error.reason() {
        "TOO_FAR" if !pending.is_empty() => {
            let message = format!("{error}; pending are {}", listed(pending));
            Error::usage("TOO_FAR", message)
        }
        _ => error,
    })
}

/// The one pending revision whose parents and dependencies are all applied.
fn only_next<'h>(history: &History, pending: &[&'h Revision]) -> Result<&'h Revision, Error> {
    let versions: BTreeSet<i64> = pending.iter().map(|revision| revision.version).collect();
    let is_next = |revision: &&&Revision| {
        let below = history.below(revision.version, Along::Needs);
        !below.iter().any(|below| versions.contains(&below.version))
    };
    match pending.iter().filter(is_next).copied().collect::<Vec<_>>().as_slice() {
        [next] => Ok(next),
        [] => Err(Error::usage("TOO_FAR", "nothing is pending")),
        several => Err(ambiguous("onward", several)),
    }
}

/// The last of so many steps back along the lineage of the one newest applied revision: it goes, with
/// what is above it.
///
/// `tips` are the newest; a step that could go to several revisions is an error. `is_in` says which
/// revisions may be gone back to.
pub(super) fn back<'h>(
    history: &'h History,
    tips: Vec<&'h Revision>,
    steps: u64,
    place: &str,
    is_in: impl Fn(&Revision) -> bool,
) -> Result<i64, Error> {
    let mut next = tips;
    for step in 1..=steps {
        let at = match next.as_slice() {
            [at] if step == steps => return Ok(at.version),
            [at] => at,
            [] => break,
            several => return Err(ambiguous(&format!("back {place}"), several)),
        };
        next = history.below(at.version, Along::Lineage);
        next.retain(|parent| is_in(parent));
    }
    let message = format!("there are fewer than {steps} applied revisions {place}");
    Err(Error::usage("TOO_FAR", message))
}

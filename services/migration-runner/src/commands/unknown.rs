use artisan_migrate::VersionName;

use crate::outcome::{lines, named};
use crate::style::{self, Tone};

/// How many revisions get a line each.
const TOLD: usize = 3;

/// Applied revisions that have no file here: what that means, and what to do.
///
/// `missing` are those of which a file should be here; the others are of a newer program.
pub(super) fn told(unknown: &[VersionName], missing: &[VersionName]) -> String {
    let newer: Vec<&VersionName> = unknown.iter().filter(|one| !missing.contains(one)).collect();
    let warning = style::out(Tone::Careful, "warning:");
    let first = missing.iter().take(TOLD).map(|revision| {
        format!(
            "{warning} {} is applied, but its file is not here: it was deleted, or is on a branch that is \
             not merged; find it by `git log --all --oneline -- '*{}_*'` and restore it, or see `migrate \
             repair`",
            named(revision),
            revision.version
        )
    });
    let more = missing.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| format!("{warning} so are {more} more: see `migrate repair`"));
    lines(first.chain(more).chain(newer_ones(&newer)))
}

fn newer_ones(newer: &[&VersionName]) -> Option<String> {
    let why = "newer than all of these files: a newer program has been here, or the newest files were \
               deleted";
    match newer {
        [] => None,
        [one] => Some(format!("{} is applied and {why}", named(one))),
        [first, .., last] => {
            let (count, first, last) = (newer.len(), named(first), named(last));
            Some(format!("{count} revisions, {first} to {last}, are applied and {why}"))
        }
    }
}

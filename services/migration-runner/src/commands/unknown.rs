use artisan_migrate::VersionName;

use crate::outcome::{lines, named};
use crate::style::{self, Tone};

/// A line for each applied revision without a file: what that means, and what to do.
///
/// `missing` are those of which a file should be here; the others are of a newer program.
pub(super) fn told(unknown: &[VersionName], missing: &[VersionName]) -> String {
    lines(unknown.iter().map(|revision| {
        if !missing.contains(revision) {
            return format!(
                "{} is applied and newer than all of these files: a newer program has been here",
                named(revision)
            );
        }
        format!(
            "{} {} is applied, but its file is not here: it was deleted, or is on a branch that is not \
             merged; find it by `git log --all --oneline -- '*{}_*'` and restore it, or see `migrate repair`",
            style::out(Tone::Careful, "warning:"),
            named(revision),
            revision.version
        )
    }))
}

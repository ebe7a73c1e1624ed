use std::fmt;

use super::Problem;
use crate::history::stem;

/// A baseline that does not go with the other files, or with the database (exit code 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SquashProblem {
    /// The file of a revision that a baseline has squashed is still there.
    File {
        /// The file.
        file: String,
        /// The baseline's version.
        baseline: i64,
    },
    /// The database has some of the revisions that a baseline stands for, and not all.
    Partly {
        /// The baseline's version.
        baseline: i64,
        /// The first that is missing, or half-applied.
        missing: i64,
    },
    /// The database has revisions of the versions that a baseline stands for, made of other files.
    Other {
        /// The baseline's version.
        baseline: i64,
    },
    /// A squashed revision was to be undone or forgotten where its row is part of its baseline's.
    Merged {
        /// The version.
        version: i64,
        /// The baseline's version.
        baseline: i64,
    },
}

impl SquashProblem {
    pub(crate) const fn baseline(&self) -> i64 {
        match self {
            Self::File { baseline, .. }
            | Self::Partly { baseline, .. }
            | Self::Other { baseline }
            | Self::Merged { baseline, .. } => *baseline,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::File { .. } => "SQUASHED_FILE",
            Self::Partly { .. } => "PARTLY_SQUASHED",
            Self::Other { .. } => "OTHER_SQUASHED",
            Self::Merged { .. } => "MERGED",
        }
    }

    pub(super) fn next(&self) -> String {
        match self {
            Self::File { file, .. } => format!(
                "delete {file} if that is the file that was squashed; else run `migrate rebase {}` to \
                 give it a version of its own",
                stem(file)
            ),
            Self::Partly { baseline, .. } => format!(
                "take the files from before the squash (`git log --all --oneline -- '*{baseline}_*'` \
                 finds them) and run `migrate upgrade {baseline} --phase all` with them, then come back"
            ),
            Self::Other { baseline } => format!(
                "run `migrate verify` with the files from before the squash (`git log --all --oneline \
                 -- '*{baseline}_*'` finds them) and mend what it tells, then come back"
            ),
            Self::Merged { baseline, .. } => {
                format!("use the files in which {baseline} is the baseline")
            }
        }
    }
}

impl fmt::Display for SquashProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, baseline } => {
                write!(f, "{file} has a version that {baseline} has squashed")
            }
            Self::Partly { baseline, missing } => write!(
                f,
                "the database has some of the revisions that {baseline} stands for, but {missing} is \
                 not applied, or not wholly"
            ),
            Self::Other { baseline } => write!(
                f,
                "the database has all revisions that {baseline} stands for, but not all were made of \
                 the files that were squashed"
            ),
            Self::Merged { version, baseline } => write!(
                f,
                "revision {version} is part of the baseline {baseline} in this database, and cannot be \
                 undone or forgotten alone"
            ),
        }
    }
}

impl From<SquashProblem> for Problem {
    fn from(problem: SquashProblem) -> Self {
        Self::Squashed(problem)
    }
}

impl From<SquashProblem> for super::Error {
    fn from(problem: SquashProblem) -> Self {
        Problem::Squashed(problem).into()
    }
}

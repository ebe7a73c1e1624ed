use std::fmt;

use super::problem::joined;

/// How a revision that is missing below an applied one comes into order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayOut {
    /// It is recorded: the file of the applied one names it, so that it must have been there.
    Stamp(Stamp),
    /// It was merged late, and gets a higher version.
    Rebase {
        /// All that were, oldest first.
        late: Vec<i64>,
        /// What is not applied either and comes after them, oldest first, be it theirs or not.
        behind: Vec<i64>,
        /// What the first builds upon afterwards, where the others have several heads.
        onto: Option<i64>,
    },
}

impl WayOut {
    /// What is wrong: that `version` is not applied, which `needed_by` needs.
    pub(super) fn missing(&self, version: i64, needed_by: i64) -> String {
        match self {
            Self::Stamp(_) => format!(
                "revision {version} is not applied, but {needed_by}, whose file names it, is"
            ),
            Self::Rebase { late, .. } if late.len() > 1 => format!(
                "revisions {} are not applied, but {needed_by}, which comes after {version}, is",
                joined(late, ", ")
            ),
            Self::Rebase { .. } => format!(
                "revision {version} is not applied, but {needed_by}, which comes after it, is"
            ),
        }
    }
}

impl fmt::Display for WayOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stamp(stamp) => stamp.fmt(f),
            Self::Rebase { late, behind, onto } => {
                let all: Vec<i64> = late.iter().chain(behind).copied().collect();
                write!(f, "migrate rebase {}", joined(&all, " "))?;
                onto.map_or(Ok(()), |onto| write!(f, " --onto {onto}"))
            }
        }
    }
}

/// A `migrate stamp` that takes no row out of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The applied revisions that no applied one builds upon.
    pub heads: Vec<i64>,
    /// What it records beside those that are applied already.
    pub added: Vec<i64>,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "migrate stamp {}", joined(&self.heads, " "))
    }
}

use std::fmt;

use super::{SquashProblem, advice};
use crate::history::stem;

/// A contradiction between migration files and database, or among the files (exit code 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Two files have one version.
    DuplicateVersion {
        /// The version.
        version: i64,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
    /// Two revisions bear one label.
    DuplicateLabel {
        /// The label.
        label: String,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
    /// A down file without its up file.
    DownWithoutUp {
        /// The file.
        file: String,
    },
    /// A directive that cannot be read.
    BadDirective {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A revision names a parent or dependency that no file has.
    UnknownParent {
        /// The file.
        file: String,
        /// The version it names.
        parent: i64,
        /// How it names it.
        link: Link,
        /// The newest version that is older than its own.
        onto: Option<i64>,
    },
    /// A revision names a parent or dependency that is not older than itself: every cycle has one.
    ParentNotOlder {
        /// The file.
        file: String,
        /// The revision's version.
        version: i64,
        /// The version it names.
        parent: i64,
        /// How it names it.
        link: Link,
        /// The newest version that is older than its own.
        onto: Option<i64>,
    },
    /// Revisions name each other round in a circle.
    Cycle {
        /// Each file and how it names the next one, the last one naming the first.
        files: Vec<(String, Link)>,
        /// An older version that is no part of it.
        onto: Option<i64>,
    },
    /// A merge names a revision twice, or one that is part of another that it names.
    RedundantParent {
        /// The file.
        file: String,
        /// The version that is named without need.
        parent: i64,
        /// The version that brings it.
        part_of: i64,
    },
    /// Several revisions that no other one builds upon, where one is needed.
    SeveralHeads {
        /// Their versions.
        heads: Vec<i64>,
        /// The branch that was asked for, if it was one.
        branch: Option<String>,
    },
    /// The file of an applied revision has been changed.
    Edited {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// Whether only white space or line ends differ.
        only_white_space: bool,
    },
    /// An applied revision builds upon one of our own that is not applied.
    MissingVersion {
        /// The version that is missing in the database.
        version: i64,
        /// The applied version that needs it.
        needed_by: i64,
        /// What mends it.
        way_out: WayOut,
    },
    /// The database has a revision that these files do not know, and it is to be changed.
    UnknownVersion {
        /// The version.
        version: i64,
        /// Whether `downgrade --from-database` can undo it: its script was kept.
        is_kept: bool,
    },
    /// An earlier run was interrupted where nothing tells whether its statement has run.
    Interrupted {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// What to look at.
        check: String,
    },
    /// An interrupted file goes on with something that only the dead session knew.
    LostValue {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// The line of the statement that reads it.
        line: usize,
        /// What is lost: `@id`, a temporary table.
        name: String,
        /// The line before which a run stops: that of the statement, or of the first that runs with it.
        from: usize,
        /// Whether all that stands before is done.
        is_reached: bool,
    },
    /// Statements that had been applied were edited before the file was finished.
    EditedHalfApplied {
        /// The version.
        version: i64,
        /// The file.
        file: String,
        /// The line of the first edited step.
        line: usize,
    },
    /// A revision is to be finished before its schema can be compared.
    HalfApplied {
        /// The version.
        version: i64,
    },
    /// The row of a revision says that it failed, and this runner did not run it.
    Dirty {
        /// The version.
        version: i64,
    },
    /// An expand revision stands behind a pending contract revision.
    ExpandBehindContract {
        /// The expand revision.
        expand: i64,
        /// The pending contract revision.
        contract: i64,
        /// The newest pending revision that stands behind none.
        before: Option<i64>,
    },
    /// A contract revision cannot run before the expand revisions in front of it.
    ContractBehindExpand {
        /// The contract revision.
        contract: i64,
        /// The pending expand revision.
        expand: i64,
    },
    /// A baseline does not go with the other files, or with the database.
    Squashed(SquashProblem),
    /// A revision to undo has no down file.
    Irreversible {
        /// The version.
        version: i64,
        /// Its up file; absent where only the database knows the revision.
        file: Option<String>,
    },
}

/// How one revision names another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// By `-- revises:`.
    Revises,
    /// By `-- depends-on:`.
    DependsOn,
}

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
    },
}

impl fmt::Display for WayOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stamp(stamp) => stamp.fmt(f),
            Self::Rebase { late, behind } => {
                let all: Vec<i64> = late.iter().chain(behind).copied().collect();
                write!(f, "migrate rebase {}", joined(&all, " "))
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

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Revises => "builds upon",
            Self::DependsOn => "depends on",
        })
    }
}

impl Problem {
    /// A stable word for the case.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::DuplicateVersion { .. } => "DUPLICATE_VERSION",
            Self::DuplicateLabel { .. } => "DUPLICATE_LABEL",
            Self::DownWithoutUp { .. } => "DOWN_WITHOUT_UP",
            Self::BadDirective { .. } => "BAD_DIRECTIVE",
            Self::UnknownParent { link: Link::Revises, .. } => "UNKNOWN_PARENT",
            Self::UnknownParent { link: Link::DependsOn, .. } => "UNKNOWN_DEPENDENCY",
            Self::ParentNotOlder { link: Link::Revises, .. } => "PARENT_NOT_OLDER",
            Self::ParentNotOlder { link: Link::DependsOn, .. } => "DEPENDENCY_NOT_OLDER",
            Self::Cycle { .. } => "CYCLE",
            Self::RedundantParent { .. } => "REDUNDANT_PARENT",
            Self::SeveralHeads { .. } => "MULTIPLE_HEADS",
            Self::Edited { .. } => "CHECKSUM_MISMATCH",
            Self::MissingVersion { .. } => "MISSING_VERSION",
            Self::UnknownVersion { .. } => "UNKNOWN_VERSION",
            Self::Interrupted { .. } => "INTERRUPTED",
            Self::LostValue { .. } => "LOST_VALUE",
            Self::EditedHalfApplied { .. } => "EDITED_HALF_APPLIED",
            Self::HalfApplied { .. } => "HALF_APPLIED",
            Self::Dirty { .. } => "DIRTY",
            Self::ExpandBehindContract { .. } => "EXPAND_BEHIND_CONTRACT",
            Self::ContractBehindExpand { .. } => "CONTRACT_BEHIND_EXPAND",
            Self::Squashed(problem) => problem.reason(),
            Self::Irreversible { .. } => "IRREVERSIBLE",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::DuplicateVersion { first, second, .. } => next_of_equals(first, second),
            Self::DuplicateLabel { second, .. } => {
                format!("write another label behind `-- branch:` in {second}")
            }
            Self::DownWithoutUp { .. } => "add the up file, or delete the down file".to_owned(),
            Self::BadDirective { .. } => "mend the line".to_owned(),
            Self::UnknownParent { file, parent, link, onto } => format!(
                "add the missing file (`git log --all -- '*{parent}_*'` tells where it is), or {}",
                advice::on_misnamed(file, *link, *onto)
            ),
            Self::ParentNotOlder { file, version, parent, link, onto } if version == parent => {
                advice::on_misnamed(file, *link, *onto)
            }
            Self::ParentNotOlder { file, .. } => format!(
                "run `migrate rebase {}` to give it a version higher than all others, or name \
                 another revision in that line",
                stem(file)
            ),
            Self::Cycle { files, onto } => next_of_cycle(files, *onto),
            Self::RedundantParent { file, parent, .. } => {
                format!("name {parent} once in {file}, or not at all where another brings it")
            }
            Self::SeveralHeads { branch: None, .. } => "run `migrate merge heads -m \"merge \
                 heads\"`, or name the one to go to; `migrate upgrade heads` takes all"
                .to_owned(),
            Self::SeveralHeads { heads, branch: Some(label) } => format!(
                "run `migrate merge {} -m \"merge {label}\"`, or name the one to go to; `migrate \
                 upgrade {label}@heads` takes all",
                joined(heads, " ")
            ),
            Self::Edited { only_white_space: true, .. } => {
                "restore the file as it was applied, or run `migrate repair --eol`".to_owned()
            }
            Self::Edited { only_white_space: false, .. } => {
                "restore the file as it was applied, and put the change into a new revision"
                    .to_owned()
            }
            Self::MissingVersion { version, needed_by, way_out } => {
                advice::on_missing(*version, *needed_by, way_out)
            }
            Self::UnknownVersion { version, is_kept } => advice::on_unknown(*version, *is_kept),
            Self::Interrupted { version, .. } => format!(
                "look whether it has run; if so, run `migrate repair --done {version}`, else \
                 `migrate repair --not-done {version}`; then run again"
            ),
            Self::LostValue { version, from, is_reached, .. } => {
                let first = if *is_reached {
                    String::new()
                } else {
                    format!(
                        "run `migrate upgrade head`, which does what stands before line {from}; then "
                    )
                };
                format!(
                    "{first}run the file from line {from} on by hand, with the value put in, then `migrate \
                     repair --done {version}`; or undo by hand what stands before, then `migrate repair \
                     --not-done {version}`"
                )
            }
            Self::EditedHalfApplied { .. } => {
                "restore the statements that are applied, and change only those behind them"
                    .to_owned()
            }
            Self::HalfApplied { .. } => {
                "finish it with `migrate upgrade`; `migrate repair` tells where it \
                 stands"
                    .to_owned()
            }
            Self::Dirty { version } => format!(
                "look what of it is in the database, and make that all or nothing by hand; if it is all, run \
                 `migrate repair --done {version}`, if nothing, `migrate repair --not-done {version}`"
            ),
            Self::ExpandBehindContract { contract, before, .. } => {
                let first = before.map(|version| format!("run `migrate upgrade {version}`, "));
                format!(
                    "{}roll the program out, then run `migrate upgrade {contract} --phase contract`, or \
                     `--phase all` if nothing is being served",
                    first.unwrap_or_default()
                )
            }
            Self::ContractBehindExpand { expand, .. } => {
                format!("run `migrate upgrade {expand}` first")
            }
            Self::Squashed(problem) => problem.next(),
            Self::Irreversible { version, file } => next_without_down(*version, file.as_deref()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateVersion { version, first, second } => {
                write!(f, "{first} and {second} have the same version {version}")
            }
            Self::DuplicateLabel { label, first, second } => {
                write!(f, "{first} and {second} bear the same label {label}")
            }
            Self::DownWithoutUp { file } => write!(f, "{file} has no up file"),
            Self::BadDirective { file, line, message } => write!(f, "{file}:{line}: {message}"),
            Self::UnknownParent { file, parent, link, .. } => {
                write!(f, "{file} {link} revision {parent}, which no file has")
            }
            Self::ParentNotOlder { file, version, parent, link, .. } if version == parent => {
                write!(f, "{file} {link} itself")
            }
            Self::ParentNotOlder { file, parent, link, .. } => {
                write!(f, "{file} {link} revision {parent}, which is not older than itself")
            }
            Self::Cycle { files, .. } => f.write_str(&circle(files)),
            Self::RedundantParent { file, parent, part_of } if parent == part_of => {
                write!(f, "{file} names {parent} twice in `-- revises:`")
            }
            Self::RedundantParent { file, parent, part_of } => write!(
                f,
                "{file} names {parent} in `-- revises:`, which is part of {part_of} already"
            ),
            Self::SeveralHeads { heads, branch } => f.write_str(&several(heads, branch.as_deref())),
            Self::Edited { file, only_white_space, .. } => {
                f.write_str(&changed(file, *only_white_space))
            }
            Self::MissingVersion { version, needed_by, way_out } => match way_out {
                WayOut::Stamp(_) => write!(
                    f,
                    "revision {version} is not applied, but {needed_by}, whose file names it, is"
                ),
                WayOut::Rebase { late, .. } if late.len() > 1 => write!(
                    f,
                    "revisions {} are not applied, but {needed_by}, which comes after {version}, is",
                    joined(late, ", ")
                ),
                WayOut::Rebase { .. } => write!(
                    f,
                    "revision {version} is not applied, but {needed_by}, which comes after it, is"
                ),
            },
            Self::UnknownVersion { version, .. } => write!(
                f,
                "the database has revision {version}, which these files do not know: what is to be \
                 done now may contradict it"
            ),
            Self::Interrupted { file, check, .. } => {
                write!(f, "{file} was interrupted, and nothing tells whether this has run: {check}")
            }
            Self::LostValue { file, line, name, .. } => write!(
                f,
                "{file} was interrupted, and line {line} reads {name}, which only the interrupted \
                 session knew"
            ),
            Self::EditedHalfApplied { file, line, .. } => {
                write!(f, "{file}:{line}: this is applied already, but was changed since")
            }
            Self::HalfApplied { version } => write!(
                f,
                "revision {version} is half-applied, so that nothing tells what the schema should be"
            ),
            Self::Dirty { version } => write!(
                f,
                "revision {version} was left half-applied by another program, or by a script of `--sql` \
                 (success is false in _sqlx_migrations)"
            ),
            Self::ExpandBehindContract { expand, contract, .. } => write!(
                f,
                "the expand revision {expand} stands behind the contract revision {contract}, which \
                 is pending"
            ),
            Self::ContractBehindExpand { contract, expand } => write!(
                f,
                "the contract revision {contract} stands behind the expand revision {expand}, which \
                 is pending"
            ),
            Self::Squashed(problem) => problem.fmt(f),
            Self::Irreversible { version, file } => {
                f.write_str(&irreversible(*version, file.is_some()))
            }
        }
    }
}

fn circle(files: &[(String, Link)]) -> String {
    let first = files.first().map_or("", |(file, _)| file.as_str());
    let others = files.iter().skip(1).map(|(file, _)| file.as_str()).chain([first]);
    let links = files.iter().zip(others).map(|((_, link), other)| format!("{link} {other}"));
    let links: Vec<String> = links.collect();
    format!("there is a cycle: {first} {}", links.join(", which "))
}

fn changed(file: &str, only_white_space: bool) -> String {
    let content = "its content differs";
    let what = if only_white_space { "only white space or line ends" } else { content };
    format!("{file} was changed after it was applied: {what}")
}

fn several(heads: &[i64], branch: Option<&str>) -> String {
    let heads = joined(heads, ", ");
    match branch {
        None => format!("there are several heads: {heads}"),
        Some(label) => format!("branch {label} has several heads: {heads}"),
    }
}

fn irreversible(version: i64, has_file: bool) -> String {
    let kept = "has no file here, and no down script of it was kept in the database";
    let what = if has_file { "has no down file" } else { kept };
    format!("revision {version} {what}")
}

fn next_of_equals(first: &str, second: &str) -> String {
    if stem(first) == stem(second) {
        return format!(
            "delete one of them if the other took its place; if they are two revisions, run `migrate \
             rebase {first}`, or name the other one if that is applied"
        );
    }
    format!(
        "run `migrate rebase {}` if that is the one that is applied nowhere, else name the other one",
        stem(second)
    )
}

/// What breaks the circle is the first link that `rebase` can change.
fn next_of_cycle(files: &[(String, Link)], onto: Option<i64>) -> String {
    let by_hand = "take one of these names out of its file by hand";
    let Some((file, _)) = files.iter().find(|(_, link)| *link == Link::Revises) else {
        return by_hand.to_owned();
    };
    let onto = onto.map_or("base".to_owned(), |version| version.to_string());
    format!(
        "run `migrate rebase {} --onto {onto}`, or name what it should build upon, and those that name it \
         get versions behind it; or {by_hand}",
        stem(file)
    )
}

fn next_without_down(version: i64, file: Option<&str>) -> String {
    match file {
        Some(file) => format!("write {}.down.sql beside {file}, then run again", stem(file)),
        None => format!(
            "restore its up file as it was applied (`git log --all --oneline -- '*{version}_*'` finds it), \
             and write a .down.sql file of the same name beside it; or undo by hand what it did, and run \
             `migrate repair --forget {version}`"
        ),
    }
}

pub(super) fn joined(versions: &[i64], separator: &str) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

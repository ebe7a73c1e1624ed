use std::collections::{BTreeMap, BTreeSet};

use super::Revision;
use crate::Problem;

/// Refuses parents and dependencies that do not exist or are not older.
pub(super) fn check(revisions: &[Revision]) -> Result<(), Problem> {
    let known: BTreeSet<i64> = revisions.iter().map(|revision| revision.version).collect();
    for revision in revisions {
        for &parent in before(revision) {
            let file = revision.up.file.clone();
            if !known.contains(&parent) {
                return Err(Problem::UnknownParent { file, parent });
            }
            if parent >= revision.version {
                return Err(Problem::ParentNotOlder { file, parent });
            }
        }
    }
    Ok(())
}

/// Everything that must be applied before the revision.
fn before(revision: &Revision) -> impl Iterator<Item = &i64> {
    revision.parents.iter().chain(&revision.directives.depends_on)
}

/// Refuses a label that two revisions bear.
pub(super) fn check_labels(revisions: &[Revision]) -> Result<(), Problem> {
    let mut borne: BTreeMap<&str, &Revision> = BTreeMap::new();
    for revision in revisions {
        let Some(label) = revision.directives.branch.as_deref() else { continue };
        if let Some(first) = borne.insert(label, revision) {
            let (first, second) = (first.up.file.clone(), revision.up.file.clone());
            return Err(Problem::DuplicateLabel { label: label.to_owned(), first, second });
        }
    }
    Ok(())
}

/// The revisions that name this one as their parent, oldest first.
pub(super) fn children(revisions: &[Revision], version: i64) -> Vec<&Revision> {
    revisions.iter().filter(|revision| revision.parents.contains(&version)).collect()
}

/// A branch: the revision that bears the label, what builds upon it, and its ancestors down to where
/// it forked off.
pub(super) fn branch<'r>(revisions: &'r [Revision], bearer: &'r Revision) -> Vec<&'r Revision> {
    let mut members: BTreeMap<i64, &Revision> = BTreeMap::from([(bearer.version, bearer)]);
    members.extend(lineage(revisions, bearer.version).into_iter().map(|r| (r.version, r)));
    let mut at = bearer;
    while let [parent] = at.parents.as_slice()
        && children(revisions, *parent).len() == 1
        && let Some(parent) = revisions.iter().find(|revision| revision.version == *parent)
    {
        members.insert(parent.version, parent);
        at = parent;
    }
    members.into_values().collect()
}

/// Everything of which the revision is an ancestor by parentage alone, oldest first.
fn lineage(revisions: &[Revision], version: i64) -> Vec<&Revision> {
    let mut reached = BTreeSet::from([version]);
    let builds = |revision: &&Revision| {
        let is_reached = revision.parents.iter().any(|parent| reached.contains(parent));
        is_reached && reached.insert(revision.version)
    };
    revisions.iter().filter(builds).collect()
}

pub(super) fn heads(revisions: &[Revision], is_member: impl Fn(i64) -> bool) -> Vec<&Revision> {
    let members = || revisions.iter().filter(|revision| is_member(revision.version));
    let built_upon: BTreeSet<i64> = members().flat_map(before).copied().collect();
    members().filter(|revision| !built_upon.contains(&revision.version)).collect()
}

pub(super) fn ancestry(revisions: &[Revision], version: i64) -> Vec<&Revision> {
    let mut wanted = BTreeSet::from([version]);
    // Parents have lower versions, so one pass from the newest finds all of them.
    let mut found: Vec<&Revision> = Vec::new();
    for revision in revisions.iter().rev() {
        if wanted.contains(&revision.version) {
            wanted.extend(before(revision));
            found.push(revision);
        }
    }
    found.reverse();
    found
}

pub(super) fn descendants(revisions: &[Revision], version: i64) -> Vec<&Revision> {
    let mut reached = BTreeSet::from([version]);
    let mut found = Vec::new();
    for revision in revisions {
        if before(revision).any(|parent| reached.contains(parent)) {
            reached.insert(revision.version);
            found.push(revision);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{Error, History, Problem, Source};

    fn history(files: &[(&'static str, &'static str)]) -> Result<History, Error> {
        History::build(Source::embedded(files.iter().copied()))
    }

    fn problem(files: &[(&'static str, &'static str)]) -> &'static str {
        history(files).unwrap_err().reason()
    }

    fn versions(revisions: &[&crate::Revision]) -> Vec<i64> {
        revisions.iter().map(|revision| revision.version).collect()
    }

    #[test]
    fn history_without_directives_is_linear() {
        let history = history(&[("2_b.sql", ""), ("10_c.sql", ""), ("1_a.sql", "")]).unwrap();
        assert_eq!(versions(&history.heads()), [10]);
        assert_eq!(versions(&history.ancestry(2)), [1, 2]);
        assert_eq!(versions(&history.descendants(1)), [2, 10]);
    }

    #[test]
    fn branches_have_a_head_each_until_merged() {
        let fork = [("1_a.sql", ""), ("2_b.sql", ""), ("3_c.sql", "-- revises: 1\n")];
        let forked = history(&fork).unwrap();
        assert_eq!(versions(&forked.heads()), [2, 3]);
        let heads = vec![2, 3];
        assert_eq!(forked.head().unwrap_err(), Problem::SeveralHeads { heads });
        let mut merged = fork.to_vec();
        merged.push(("4_m.sql", "-- revises: 2, 3\n"));
        let merged = history(&merged).unwrap();
        assert_eq!(versions(&merged.heads()), [4]);
        assert_eq!(versions(&merged.ancestry(3)), [1, 3]);
    }

    #[test]
    fn branch_reaches_from_its_fork_to_its_end() {
        let files = [
            ("1_a.sql", ""),
            ("2_b.sql", ""),
            ("3_c.sql", "-- revises: 1\n"),
            ("4_d.sql", "-- revises: 3\n-- branch: shop\n"),
            ("5_e.sql", "-- revises: 4\n"),
        ];
        let history = history(&files).unwrap();
        assert_eq!(versions(&history.branch("shop").unwrap()), [3, 4, 5]);
        assert_eq!(history.branch("b").unwrap_err().reason(), "UNKNOWN_BRANCH");
        let twice = [("1_a.sql", "-- branch: x"), ("2_b.sql", "-- branch: x")];
        assert_eq!(problem(&twice), "DUPLICATE_LABEL");
    }

    #[test]
    fn inconsistent_files_are_refused() {
        assert_eq!(problem(&[("1_a.sql", "-- revises: 7")]), "UNKNOWN_PARENT");
        assert_eq!(problem(&[("1_a.sql", "-- revises: 2"), ("2_b.sql", "")]), "PARENT_NOT_OLDER");
        assert_eq!(problem(&[("1_a.sql", ""), ("01_b.sql", "")]), "DUPLICATE_VERSION");
        assert_eq!(problem(&[("1_a.down.sql", "")]), "DOWN_WITHOUT_UP");
        assert_eq!(problem(&[("a_b.sql", "")]), "BAD_FILE_NAME");
    }
}

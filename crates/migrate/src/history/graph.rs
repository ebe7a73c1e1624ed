use std::collections::BTreeSet;

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
    fn inconsistent_files_are_refused() {
        assert_eq!(problem(&[("1_a.sql", "-- revises: 7")]), "UNKNOWN_PARENT");
        assert_eq!(problem(&[("1_a.sql", "-- revises: 2"), ("2_b.sql", "")]), "PARENT_NOT_OLDER");
        assert_eq!(problem(&[("1_a.sql", ""), ("01_b.sql", "")]), "DUPLICATE_VERSION");
        assert_eq!(problem(&[("1_a.down.sql", "")]), "DOWN_WITHOUT_UP");
        assert_eq!(problem(&[("a_b.sql", "")]), "BAD_FILE_NAME");
    }
}

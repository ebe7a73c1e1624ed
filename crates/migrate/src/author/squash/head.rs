use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::history::{Phase, Squashed, digest};
use crate::{History, Revision};

/// The directives of a baseline.
pub(super) fn of(history: &History, squashed: &BTreeSet<i64>, version: i64) -> String {
    let revisions = history.chosen(squashed);
    let mut head = String::new();
    // Writing to a string cannot fail.
    for line in lines(&revisions) {
        let _ = writeln!(head, "-- squashes: {line}");
    }
    let is_first =
        |revision: &Revision| squashed.contains(&revision.version) || revision.version > version;
    if !history.revisions().iter().all(is_first) {
        head.push_str("-- revises: base\n");
    }
    if let Some(floor) = revisions.iter().filter_map(|revision| floor(revision)).max() {
        let _ = writeln!(head, "-- floor: {floor}");
    }
    head
}

/// The oldest head that may be served behind a contract revision, or behind a baseline with one in it.
fn floor(revision: &Revision) -> Option<i64> {
    let is_contract = revision.directives.phase == Phase::Contract;
    revision.directives.floor.or(is_contract.then_some(revision.version))
}

/// Each way in which a database may have the revisions applied: a baseline among them as itself, or
/// as the revisions that it has squashed.
fn lines(revisions: &[&Revision]) -> Vec<Squashed> {
    let mut lines = vec![Squashed { versions: Vec::new(), digest: Some(0) }];
    for revision in revisions {
        let own = Squashed {
            versions: vec![revision.version],
            digest: Some(digest([(revision.version, revision.checksum().as_slice())])),
        };
        let mut ways = revision.directives.squashes.clone();
        ways.push(own);
        lines = lines.iter().flat_map(|line| ways.iter().map(|way| both(line, way))).collect();
    }
    lines
}

fn both(one: &Squashed, other: &Squashed) -> Squashed {
    let mut versions = [one.versions.as_slice(), &other.versions].concat();
    versions.sort_unstable();
    let digest = one.digest.zip(other.digest).map(|(one, other)| one ^ other);
    Squashed { versions, digest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    fn head(files: &[(&'static str, &'static str)], version: i64) -> String {
        let history = History::build(Source::embedded(files.iter().copied())).unwrap();
        let all = history.ancestors([version], crate::history::Along::Needs);
        of(&history, &all, version)
    }

    #[test]
    fn baseline_that_is_squashed_again_leaves_both_ways() {
        let files = [("3_b.sql", "-- squashes: 1, 2, 3 = 7\n"), ("4_c.sql", "SELECT 1")];
        let head = head(&files, 4);
        let lines: Vec<&str> = head.lines().collect();
        assert!(lines[0].starts_with("-- squashes: 1, 2, 3, 4 = "), "{head}");
        assert!(lines[1].starts_with("-- squashes: 3, 4 = "), "{head}");
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn floor_and_other_bases_are_said() {
        let files = [
            ("1_a.sql", ""),
            ("2_other.sql", "-- revises: base\n"),
            ("3_c.sql", "-- revises: 1\n-- phase: contract\n"),
            ("4_d.sql", "-- revises: 3\n"),
        ];
        let head = head(&files, 4);
        assert!(head.ends_with("-- revises: base\n-- floor: 3\n"), "{head}");
    }
}

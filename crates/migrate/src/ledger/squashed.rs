//! Squashed revisions in the ledger, as each history sees them.
//!
//! Files from after a squash take rows of squashed revisions for that of their baseline until
//! `upgrade` has made one row of them. Files from before it take the row of a baseline for those of
//! the revisions that `_migrate_revisions` says went into it.

use std::collections::BTreeSet;

use super::{AppliedRow, Recorded, Standing, remembered};
use crate::backend::{Literal, Write};
use crate::history::{Revision, digest};
use crate::{History, SquashProblem, Squashed};

/// What `_migrate_revisions` has as the phase of a squashed revision; its floor is the baseline.
pub(super) const PHASE: &str = "squashed";

/// Rows that are to become the one of a baseline.
#[derive(Clone, Debug)]
pub(crate) struct Merge {
    pub(crate) baseline: i64,
    rows: Vec<AppliedRow>,
}

impl Standing {
    /// As the history sees it: a baseline is applied where all that it stands for is.
    pub(crate) fn with_baselines(mut self, history: &History) -> Self {
        for baseline in history.baselines() {
            if let Some(Ok(line)) = self.squashed_line(baseline) {
                let rows: Vec<AppliedRow> =
                    line.versions.iter().filter_map(|version| self.rows.remove(version)).collect();
                let installed_on = rows.iter().rev().find_map(|row| row.installed_on);
                let row = AppliedRow {
                    version: baseline.version,
                    description: baseline.description(),
                    success: true,
                    checksum: baseline.checksum(),
                    installed_on,
                };
                self.rows.insert(baseline.version, row);
                self.merges.push(Merge { baseline: baseline.version, rows });
            }
        }
        self
    }

    /// The rows that are to be merged.
    pub(crate) fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The baseline into whose row that of a revision went.
    pub(crate) fn find_merged(&self, version: i64) -> Option<i64> {
        self.merged.get(&version).copied()
    }

    /// Any revision whose row went into that of a baseline that these files do not have.
    pub(crate) fn first_merged(&self) -> Option<(i64, i64)> {
        self.merged.first_key_value().map(|(version, baseline)| (*version, *baseline))
    }

    /// Refuses a database that has a part of what a baseline stands for.
    pub(crate) fn check_baselines(&self, history: &History) -> Result<(), SquashProblem> {
        history.baselines().find_map(|r| self.squashed_line(r)?.err()).map_or(Ok(()), Err)
    }

    /// Which of a baseline's lines the database has; nothing where it has the baseline, or none of it.
    fn squashed_line<'r>(
        &self,
        baseline: &'r Revision,
    ) -> Option<Result<&'r Squashed, SquashProblem>> {
        let version = baseline.version;
        let is_own = |row: &AppliedRow| row.checksum == baseline.checksum();
        let old: BTreeSet<i64> =
            baseline.squashed().into_iter().filter(|v| self.rows.contains_key(v)).collect();
        if old.is_empty() || self.rows.get(&version).is_some_and(is_own) {
            return None;
        }
        let lines = baseline.directives.squashes.iter();
        let is_whole = |line: &&Squashed| {
            line.versions.iter().all(|version| self.has(*version))
                && line.versions.len() == old.len() + 1
        };
        let (mut whole, all) = (lines.clone().filter(is_whole).peekable(), lines.clone());
        if whole.peek().is_some() {
            let equal = whole.find(|line| self.is_made_of(line));
            return Some(equal.ok_or(SquashProblem::Other { baseline: version }));
        }
        // What is missing is told of the line of which most is there.
        let nearest = all.max_by_key(|line| line.versions.iter().filter(|v| self.has(**v)).count());
        let missing = nearest.and_then(|line| line.versions.iter().find(|v| !self.has(**v)));
        let missing = missing.copied().unwrap_or(version);
        Some(Err(SquashProblem::Partly { baseline: version, missing }))
    }

    fn is_made_of(&self, line: &Squashed) -> bool {
        let rows = line.versions.iter().filter_map(|version| self.rows.get(version));
        let found = digest(rows.map(|row| (row.version, row.checksum.as_slice())));
        line.digest.is_none_or(|digest| digest == found)
    }

    /// Whether the history lacks an applied revision in between, as where a baseline has taken it in.
    pub(crate) fn has_gap(&self, history: &History) -> bool {
        let newest = self.rows.last_key_value().map_or(i64::MIN, |(version, _)| *version);
        let is_missing = |r: &Revision| r.version < newest && !self.rows.contains_key(&r.version);
        history.revisions().iter().any(is_missing)
    }

    /// As a history from before a squash sees it: what went into a baseline is applied if that is.
    pub(crate) fn with_squashed(mut self, history: &History, recorded: &[Recorded]) -> Self {
        let own: BTreeSet<i64> = history.baselines().flat_map(Revision::squashed).collect();
        let parts: Vec<(&Recorded, i64)> = recorded
            .iter()
            .filter_map(|part| Some((part, part.baseline.filter(|b| self.has(*b))?)))
            .filter(|(part, _)| !self.rows.contains_key(&part.version))
            // A baseline of the history's own has taken it in before.
            .filter(|(part, _)| !own.contains(&part.version))
            .collect();
        let known: BTreeSet<i64> = parts
            .iter()
            .filter(|(part, _)| history.find(part.version).is_some())
            .map(|(_, baseline)| *baseline)
            .collect();
        for (part, baseline) in parts.into_iter().filter(|(_, b)| known.contains(b)) {
            let own = history.find(part.version);
            let is_own = |own: &&Revision| {
                let is_baseline = !own.directives.squashes.is_empty();
                part.outline.is_empty() || is_baseline || part.outline == own.up.outline()
            };
            let checksum = own.filter(is_own).map(Revision::checksum).unwrap_or_default();
            self.count_in(part.version, baseline, part.name.replace('_', " "), checksum);
        }
        for baseline in known {
            if let Some(own) = history.find(baseline) {
                self.count_in(baseline, baseline, own.description(), own.checksum());
            }
        }
        self
    }

    /// A row of a squashed revision, made of that of its baseline.
    fn count_in(&mut self, version: i64, baseline: i64, description: String, checksum: Vec<u8>) {
        let Some(row) = self.rows.get(&baseline).cloned() else { return };
        self.rows.insert(version, AppliedRow { version, description, checksum, ..row });
        self.merged.insert(version, baseline);
    }
}

/// Everything that programs without this revision's file will have to know, or with older files.
pub(crate) fn noted(revision: &Revision) -> Vec<Write<'_>> {
    let mut writes = vec![remembered(revision)];
    let parts = revision.squashed().into_iter();
    writes.extend(parts.map(|part| went_in(part, String::new(), Vec::new(), revision.version)));
    writes
}

/// Makes one row of those that a baseline stands for.
pub(crate) fn merged<'r>(
    merge: &Merge,
    baseline: &'r Revision,
    recorded: &[Recorded],
) -> Vec<Write<'r>> {
    let mut writes = vec![
        Write::new(
            "UPDATE {applied} SET checksum = ?, description = ? WHERE version = ?",
            [baseline.checksum().into(), baseline.description().into(), baseline.version.into()],
        ),
        remembered(baseline),
    ];
    for part in baseline.squashed() {
        let row = merge.rows.iter().find(|row| row.version == part);
        let known = recorded.iter().find(|recorded| recorded.version == part);
        let name = known.map(|known| known.name.clone());
        let name = name.or_else(|| row.map(|row| row.description.replace(' ', "_")));
        // Where baselines went in as well, one version may be either of two files.
        let known = known.filter(|_| baseline.directives.squashes.len() == 1);
        let outline = known.map(|known| known.outline.clone());
        writes.push(super::deleted(part));
        writes.push(went_in(
            part,
            name.unwrap_or_default(),
            outline.unwrap_or_default(),
            baseline.version,
        ));
    }
    writes
}

/// That a revision went into a baseline; `outline` is empty where nobody knows it.
fn went_in(version: i64, name: String, outline: Vec<u8>, baseline: i64) -> Write<'static> {
    Write::new(
        "{replace} INTO _migrate_revisions \
         (version, name, phase, floor, outline, down_file, down_script) \
         VALUES (?, ?, ?, ?, ?, ?, ?){instead}",
        [
            version.into(),
            name.into(),
            PHASE.into(),
            baseline.into(),
            outline.into(),
            Literal::MaybeText(None),
            Literal::MaybeText(None),
        ],
    )
}

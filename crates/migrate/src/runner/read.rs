use std::collections::BTreeSet;

use super::Runner;
use crate::ledger::Standing;
use crate::report::{
    CheckError, CurrentReport, HistoryReport, RevisionFacts, RevisionReport, VersionName,
};
use crate::target::Finder;
use crate::{Error, History, Revision, Target, TargetRange, plan, target};

impl Runner {
    /// Where the database stands. Writes nothing.
    pub async fn current(&mut self) -> Result<CurrentReport, Error> {
        let standing = self.standing().await?;
        let named = |versions: Vec<i64>| named(&standing, &versions);
        let blocked = standing.check_baselines(&self.history).err();
        let baseline = blocked.as_ref().and_then(|problem| self.history.find(problem.baseline()));
        let parts = baseline.map(Revision::squashed).unwrap_or_default();
        let unknown = plan::unknown(&self.history, &standing).into_iter();
        let (squashed, unknown): (Vec<i64>, Vec<i64>) =
            unknown.partition(|version| parts.contains(version));
        Ok(CurrentReport {
            engine: self.engine().name(),
            exists: self.missing_file().is_none(),
            current: self.current_versions(&standing),
            heads: self.history.heads().into_iter().map(Into::into).collect(),
            pending: plan::pending(&self.history, &standing).len(),
            interrupted: named(standing.interrupted()),
            missing_files: named(plan::missing_files(&self.history, &unknown)),
            unknown: named(unknown),
            squashed: named(squashed),
            blocked: blocked.map(|problem| CheckError::new(problem.into())),
        })
    }

    /// Refuses if the revision is applied, wholly or in part. Writes nothing.
    pub async fn refuse_applied(&mut self, text: &str, what: &str) -> Result<(), Error> {
        let standing = self.standing().await?;
        let revision = target::find(&self.history, text)?;
        if standing.find(revision.version).is_none() {
            return Ok(());
        }
        let message = format!(
            "revision {} is applied in this database and cannot be {what}: its checksum is recorded \
             there; make a new revision instead",
            revision.version
        );
        Err(Error::usage("REVISION_APPLIED", message))
    }

    /// As [`refuse_applied`](Self::refuse_applied), for files that are no part of the history: of this
    /// name, and of this checksum where the name does not tell.
    pub async fn refuse_recorded(
        &mut self,
        version: i64,
        name: &str,
        checksum: Option<&[u8]>,
    ) -> Result<(), Error> {
        let standing = self.standing().await?;
        let row = standing.find(version).filter(|row| row.description == name.replace('_', " "));
        let row = row.filter(|row| checksum.is_none_or(|checksum| row.checksum == checksum));
        if row.is_none() {
            return Ok(());
        }
        let message = format!(
            "{version}_{name} is applied in this database and must keep its version: name the other \
             file"
        );
        Err(Error::usage("REVISION_APPLIED", message))
    }

    /// The first of these versions that is not applied, where another one is.
    pub(crate) async fn missing_of(
        &mut self,
        versions: &BTreeSet<i64>,
    ) -> Result<Option<i64>, Error> {
        let standing = self.standing().await?;
        let missing = versions.iter().copied().find(|version| !standing.has(*version));
        Ok(missing.filter(|_| versions.iter().any(|version| standing.find(*version).is_some())))
    }

    /// The applied heads; where newer programs have been, their newest revision.
    fn current_versions(&self, standing: &Standing) -> Vec<VersionName> {
        let heads = self.history.applied_heads(|version| standing.has(version));
        let newest = plan::unknown(&self.history, standing).into_iter().max();
        let newest = newest.filter(|version| heads.iter().all(|head| head.version < *version));
        match newest.and_then(|version| standing.find(version)) {
            Some(row) => vec![row.into()],
            None => heads.into_iter().map(Into::into).collect(),
        }
    }

    /// All revisions in the range, newest first, those that only the database knows included.
    /// Writes nothing.
    pub async fn history_report(
        &mut self,
        range: Option<&TargetRange>,
    ) -> Result<HistoryReport, Error> {
        let standing = self.standing().await?;
        let current = self.current_versions(&standing);
        let current: BTreeSet<String> = current.into_iter().map(|c| c.version).collect();
        let mut revisions = of_files(&self.history, range, Some(&standing))?;
        let unknown = standing.rows().filter(|row| self.history.find(row.version).is_none());
        let unknown = unknown.filter(|_| range.is_none());
        revisions.extend(unknown.map(|row| (row.version, RevisionReport::unknown(row))));
        revisions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let revisions = revisions.into_iter().map(|(_, mut report)| {
            report.current = current.contains(&report.facts.version);
            report
        });
        Ok(HistoryReport { revisions: revisions.collect() })
    }

    /// The versions that targets stand for, `current` and steps from there included. Writes nothing.
    pub async fn resolve_all(&mut self, targets: &[Target]) -> Result<Vec<i64>, Error> {
        let standing = self.standing().await?;
        let finder = Finder::new(&self.history, Some(&standing));
        let mut versions = Vec::new();
        for target in targets {
            versions.extend(finder.ends(target)?.iter().map(|revision| revision.version));
        }
        Ok(versions)
    }
}

/// What the database calls these of its revisions.
pub(super) fn named(standing: &Standing, versions: &[i64]) -> Vec<VersionName> {
    versions.iter().filter_map(|version| standing.find(*version)).map(Into::into).collect()
}

impl History {
    /// All revisions in the range, newest first, as the files alone tell them: none is applied.
    pub fn report(&self, range: Option<&TargetRange>) -> Result<HistoryReport, Error> {
        let mut revisions = of_files(self, range, None)?;
        revisions.reverse();
        Ok(HistoryReport { revisions: revisions.into_iter().map(|(_, report)| report).collect() })
    }
}

/// The revisions of the files in the range, oldest first.
fn of_files(
    history: &History,
    range: Option<&TargetRange>,
    standing: Option<&Standing>,
) -> Result<Vec<(i64, RevisionReport)>, Error> {
    let wanted = range.map(|range| Finder::new(history, standing).range(range)).transpose()?;
    let is_wanted =
        |revision: &&Revision| wanted.as_ref().is_none_or(|all| all.contains(&revision.version));
    let all = history.revisions().iter().filter(is_wanted).map(|revision| {
        let row = standing.and_then(|standing| standing.find(revision.version));
        let facts = RevisionFacts::new(history, revision);
        (revision.version, RevisionReport::new(facts, row))
    });
    Ok(all.collect())
}

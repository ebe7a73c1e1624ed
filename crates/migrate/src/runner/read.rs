use std::collections::BTreeSet;

use super::Runner;
use crate::ledger::Standing;
use crate::report::{CurrentReport, HistoryReport, RevisionReport, VersionName, installed_on};
use crate::{Error, History, Revision, Target, TargetRange, plan, target};

impl Runner {
    /// Where the database stands. Writes nothing.
    pub async fn current(&mut self) -> Result<CurrentReport, Error> {
        let standing = self.standing().await?;
        let named = |versions: Vec<i64>| -> Vec<VersionName> {
            versions.iter().filter_map(|version| standing.find(*version)).map(Into::into).collect()
        };
        let unknown = plan::unknown(&self.history, &standing);
        Ok(CurrentReport {
            engine: self.engine().name(),
            current: self.current_versions(&standing),
            heads: self.history.heads().into_iter().map(Into::into).collect(),
            pending: plan::pending(&self.history, &standing).len(),
            interrupted: named(standing.interrupted()),
            unknown: named(unknown),
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
        let mut revisions = of_files(&self.history, range, &standing)?;
        let unknown = standing.rows().filter(|row| self.history.find(row.version).is_none());
        let unknown = unknown.filter(|_| range.is_none());
        revisions.extend(unknown.map(|row| (row.version, RevisionReport::unknown(row))));
        revisions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let revisions = revisions.into_iter().map(|(_, mut report)| {
            report.current = current.contains(&report.version);
            report
        });
        Ok(HistoryReport { revisions: revisions.collect() })
    }
}

impl History {
    /// All revisions in the range, newest first, as the files alone tell them: none is applied.
    pub fn report(&self, range: Option<&TargetRange>) -> Result<HistoryReport, Error> {
        let mut revisions = of_files(self, range, &Standing::default())?;
        revisions.reverse();
        Ok(HistoryReport { revisions: revisions.into_iter().map(|(_, report)| report).collect() })
    }
}

/// The revisions of the files in the range, oldest first.
fn of_files(
    history: &History,
    range: Option<&TargetRange>,
    standing: &Standing,
) -> Result<Vec<(i64, RevisionReport)>, Error> {
    let wanted = range.map(|range| in_range(history, range, standing)).transpose()?;
    let heads: BTreeSet<i64> = history.heads().iter().map(|head| head.version).collect();
    let is_wanted =
        |revision: &&Revision| wanted.as_ref().is_none_or(|all| all.contains(&revision.version));
    let all = history.revisions().iter().filter(is_wanted).map(|revision| {
        let is_head = heads.contains(&revision.version);
        (revision.version, reported(revision, standing, is_head))
    });
    Ok(all.collect())
}

fn in_range(
    history: &History,
    range: &TargetRange,
    standing: &Standing,
) -> Result<BTreeSet<i64>, Error> {
    let all = || history.revisions().iter().map(|revision| revision.version);
    let from = bound(history, &range.from, standing)?;
    let to = bound(history, &range.to, standing)?;
    let older: BTreeSet<i64> = match from {
        None => BTreeSet::new(),
        Some(from) => {
            let older = history.ancestry(from).into_iter().map(|r| r.version);
            older.filter(|version| *version != from).collect()
        }
    };
    let newest: BTreeSet<i64> = match to {
        None => all().collect(),
        Some(to) => history.ancestry(to).iter().map(|r| r.version).collect(),
    };
    Ok(newest.difference(&older).copied().collect())
}

/// One end of a range; `None` is the end of the history on that side.
fn bound(history: &History, target: &Target, standing: &Standing) -> Result<Option<i64>, Error> {
    match target {
        Target::Base | Target::Heads => Ok(None),
        Target::Head => Ok(history.head()?.map(|head| head.version)),
        Target::Revision(text) if text == "current" => {
            let heads = history.applied_heads(|version| standing.has(version));
            Ok(heads.last().map(|head| head.version))
        }
        Target::Revision(text) => Ok(Some(target::find(history, text)?.version)),
        Target::Offset(text, steps) => {
            let from = target::find(history, text)?;
            Ok(target::walk(history, from, *steps)?.map(|end| end.version))
        }
        Target::Branch(..) => Ok(Some(history.resolve(target)?.version)),
        Target::Relative(_) => {
            let message = "a range takes versions, names, labels, base, head and current";
            Err(Error::usage("BAD_RANGE", message))
        }
    }
}

fn reported(revision: &Revision, standing: &Standing, head: bool) -> RevisionReport {
    let row = standing.find(revision.version);
    RevisionReport {
        version: revision.version.to_string(),
        name: revision.name.clone(),
        revises: revision.parents.iter().map(ToString::to_string).collect(),
        phase: revision.directives.phase.name(),
        head,
        current: false,
        applied: standing.has(revision.version),
        installed_on: row.and_then(installed_on),
        file: Some(revision.up.file.clone()),
    }
}

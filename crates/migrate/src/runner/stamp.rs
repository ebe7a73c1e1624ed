use std::collections::BTreeSet;

use super::{Doing, Runner};
use crate::backend::Write;
use crate::executor::Executor;
use crate::history::Along;
use crate::ledger::{AppliedRow, Standing};
use crate::report::{StampReport, VersionName};
use crate::{Error, History, Revision, SquashProblem, Target, journal, ledger};

impl Runner {
    /// Writes what is said to be applied without running anything: the targets and what they build
    /// upon. What comes after them is forgotten; other branches stay as they are.
    ///
    /// With `purge` the ledger is emptied first: the only way out of rows that the files do not know,
    /// or that are half-applied.
    pub async fn stamp(&mut self, targets: &[Target], purge: bool) -> Result<StampReport, Error> {
        self.lock().await?;
        let report = self.stamp_locked(targets, purge).await;
        self.unlock(&report).await;
        report
    }

    /// Makes the runner's tables, and nothing else.
    pub async fn ensure_version(&mut self) -> Result<(), Error> {
        self.lock().await?;
        let made = ledger::create_tables(self.backend.as_mut(), &self.options.create_schemas).await;
        let made = made.doing("the tables were created");
        self.unlock(&made).await;
        made.map(|_| ())
    }

    async fn stamp_locked(
        &mut self,
        targets: &[Target],
        purge: bool,
    ) -> Result<StampReport, Error> {
        let wanted = wanted(&self.history, targets)?;
        let forgotten = forgotten(&self.history, targets)?;
        ledger::create_tables(self.backend.as_mut(), &self.options.create_schemas)
            .await
            .doing("the tables were created")?;
        let standing = if purge { self.recorded().await? } else { self.merged().await? };
        if !purge {
            refuse(&self.history, &standing)?;
        }
        let kept = |version: i64| !purge && standing.has(version);
        let goes = |row: &&AppliedRow| {
            purge || (forgotten.contains(&row.version) && !wanted.contains(&row.version))
        };
        let removed: Vec<VersionName> = standing.rows().filter(goes).map(Into::into).collect();
        let added: Vec<&Revision> = self
            .history
            .revisions()
            .iter()
            .filter(|r| wanted.contains(&r.version) && !kept(r.version))
            .collect();
        let mut writes: Vec<Write<'_>> = Vec::new();
        for row in standing.rows().filter(goes) {
            writes.push(ledger::deleted(row.version));
            writes.push(ledger::forgotten(row.version));
            writes.push(journal::cleared(row.version));
        }
        for revision in &added {
            // -1 says that nobody measured it, as sqlx has it for a migration that it skips.
            writes.push(ledger::inserted(revision, true, -1));
            writes.extend(ledger::noted(revision));
        }
        let added = added.into_iter().map(Into::into).collect();
        if !writes.is_empty() {
            writes.push(journal::installed());
            let mut executor = Executor::new(self.backend.as_mut(), &self.options);
            executor.commit(&writes).await.doing("the ledger was written")?;
        }
        Ok(StampReport { added, removed })
    }
}

/// The versions that the targets stand for, with all that they build upon.
pub(crate) fn wanted(history: &History, targets: &[Target]) -> Result<BTreeSet<i64>, Error> {
    let mut ends = Vec::new();
    for target in targets {
        if target.needs_database() {
            let message = format!(
                "`{target}` is relative to where a database stands: write a revision, head, heads or \
                 base"
            );
            return Err(Error::usage("WRONG_DIRECTION", message));
        }
        ends.extend(history.resolve_all(target)?);
    }
    Ok(history.ancestors(ends.iter().map(|end| end.version), Along::Needs))
}

/// What a database that stands at the targets has not run: all that comes after them. What only depends
/// on one of them stays, as in a downgrade.
pub(crate) fn forgotten(history: &History, targets: &[Target]) -> Result<BTreeSet<i64>, Error> {
    let mut roots = BTreeSet::new();
    for target in targets {
        let ends = history.resolve_all(target)?;
        for end in &ends {
            roots.extend(history.children(end.version).iter().map(|child| child.version));
        }
        match target {
            Target::Branch(label, _) if ends.is_empty() => {
                roots.extend(history.branch(label)?.members());
            }
            _ if ends.is_empty() => roots.extend(history.revisions().iter().map(|r| r.version)),
            _ => {}
        }
    }
    Ok(history.successors(roots, Along::Needs))
}

/// What only `--purge` may wipe away.
fn refuse(history: &History, standing: &Standing) -> Result<(), Error> {
    if let Some(version) = standing.interrupted().first() {
        let message = format!(
            "revision {version} is half-applied: finish it with `migrate upgrade` (`migrate repair` tells how, where \
             that refuses), or write --purge to forget all that is recorded"
        );
        return Err(Error::usage("HALF_APPLIED", message));
    }
    if let Some((version, baseline)) = standing.first_merged() {
        return Err(SquashProblem::Merged { version, baseline }.into());
    }
    match standing.rows().find(|row| history.find(row.version).is_none()) {
        None => Ok(()),
        Some(row) => {
            let message = format!(
                "the database has revision {}, which these files do not know: use the files that it \
                 was migrated with, or write --purge to forget all that is recorded",
                row.version
            );
            Err(Error::usage("UNKNOWN_VERSION", message))
        }
    }
}

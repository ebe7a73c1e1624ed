use tracing::Instrument;

use super::resume::Resumed;
use super::{Doing, Runner};
use crate::executor::{Executor, Goal, Job};
use crate::ledger::Standing;
use crate::report::{Moved, UpgradeReport};
use crate::{Error, Phases, Revision, Target, ledger, plan};

impl Runner {
    /// Applies pending revisions up to the target, in the given phases; finishes first what an earlier
    /// run left half-applied.
    ///
    /// Safe to call from many programs at once: one works, the others wait for it. With nothing pending
    /// no lock is taken and nothing is written.
    pub async fn upgrade(
        &mut self,
        target: &Target,
        phases: Phases,
    ) -> Result<UpgradeReport, Error> {
        let span = tracing::info_span!("migrate.upgrade", db.system = self.engine().name());
        self.upgrade_locked_if_needed(target, phases).instrument(span).await
    }

    async fn upgrade_locked_if_needed(
        &mut self,
        target: &Target,
        phases: Phases,
    ) -> Result<UpgradeReport, Error> {
        let standing = self.standing().await?;
        if standing.interrupted().is_empty() {
            self.check(&standing).await?;
            let plan = plan::upgrade(&self.history, &standing, target, phases)?;
            if plan.run.is_empty() && standing.merges().is_empty() {
                let held_back = plan.held_back.into_iter().map(Into::into).collect();
                return Ok(UpgradeReport { held_back, ..UpgradeReport::default() });
            }
        }
        // What was empty when the run began stays so for the whole of it.
        let phases =
            if standing.is_empty() && phases == Phases::Auto { Phases::All } else { phases };
        self.lock().await?;
        let report = self.upgrade_locked(target, phases).await;
        self.unlock(&report).await;
        report
    }

    async fn upgrade_locked(
        &mut self,
        target: &Target,
        phases: Phases,
    ) -> Result<UpgradeReport, Error> {
        ledger::create_tables(self.backend.as_mut(), &self.options.create_schemas)
            .await
            .doing("the tables were created")?;
        let merged = self.merge_squashed().await?;
        let mut report = UpgradeReport { merged, ..UpgradeReport::default() };
        for resumed in self.resume().await? {
            if let Resumed::Applied(moved) = resumed {
                report.applied.push(moved);
            }
        }
        let standing = self.standing().await?;
        self.check(&standing).await?;
        let plan = plan::upgrade(&self.history, &standing, target, phases)?;
        let is_fresh =
            standing.is_empty() && self.backend.is_bare().await.doing("tables were looked for")?;
        let mut executor = Executor::new(self.backend.as_mut(), &self.options);
        let jobs: Vec<Job<'_>> = plan.run.into_iter().map(job).collect();
        // Where nobody can be hindered, commits are what costs.
        let can_group = is_fresh && !jobs.iter().any(|job| job.script.defers());
        let mut rest = jobs.as_slice();
        while !rest.is_empty() {
            let count = if can_group { executor.group(rest) } else { 1 };
            let (now, later) = rest.split_at(count);
            apply(&mut executor, now, &mut report.applied).await?;
            rest = later;
        }
        executor.flush().await.doing("a file was finished")?;
        report.held_back = plan.held_back.into_iter().map(Into::into).collect();
        Ok(report)
    }

    pub(super) async fn check(&mut self, standing: &Standing) -> Result<(), Error> {
        self.check_floor(standing).await?;
        self.check_checksums(standing).await
    }
}

fn job(revision: &Revision) -> Job<'_> {
    let (version, name) = (revision.version, revision.name.as_str());
    Job { version, name, script: &revision.up, goal: Goal::Applied(revision) }
}

/// Applies files that can be committed together, or one by one if that does not go.
async fn apply(
    executor: &mut Executor<'_>,
    jobs: &[Job<'_>],
    applied: &mut Vec<Moved>,
) -> Result<(), Error> {
    if jobs.len() > 1
        && let Some(took) = executor.execute_group(jobs).await
    {
        let moved = jobs.iter().zip(took);
        applied.extend(moved.map(|(job, took)| Moved::new(job.version, job.name, took)));
        return Ok(());
    }
    for job in jobs {
        let took = executor.execute(*job).await?;
        applied.push(Moved::new(job.version, job.name, took));
    }
    Ok(())
}

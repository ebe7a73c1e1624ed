use tracing::Instrument;

use super::resume::Resumed;
use super::{Doing, Runner};
use crate::executor::{Executor, Goal, Job};
use crate::ledger::Standing;
use crate::report::{Moved, UpgradeReport};
use crate::{Error, Phases, Target, ledger, plan};

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
            if plan.run.is_empty() {
                let held_back = plan.held_back.into_iter().map(Into::into).collect();
                return Ok(UpgradeReport { applied: Vec::new(), held_back });
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
        ledger::create_tables(self.backend.as_mut()).await.doing("the tables were created")?;
        let mut report = UpgradeReport::default();
        for resumed in self.resume().await? {
            if let Resumed::Applied(moved) = resumed {
                report.applied.push(moved);
            }
        }
        let standing = self.standing().await?;
        self.check(&standing).await?;
        let plan = plan::upgrade(&self.history, &standing, target, phases)?;
        let mut executor = Executor { backend: self.backend.as_mut(), options: &self.options };
        for revision in plan.run {
            let version = revision.version;
            let job = Job { version, script: &revision.up, goal: Goal::Applied(revision) };
            let took = executor.execute(job).await?;
            report.applied.push(Moved::new(version, &revision.name, took));
        }
        report.held_back = plan.held_back.into_iter().map(Into::into).collect();
        Ok(report)
    }

    pub(super) async fn check(&mut self, standing: &Standing) -> Result<(), Error> {
        self.check_floor(standing).await?;
        self.check_checksums(standing).await
    }
}

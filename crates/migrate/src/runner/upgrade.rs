use tracing::Instrument;

use super::read::named;
use super::resume::Resumed;
use super::untransactional::refuse_untransactional;
use super::{Doing, Runner};
use crate::executor::{Executor, Job};
use crate::history::{Phase, Script};
use crate::ledger::Standing;
use crate::observer::Event;
use crate::plan::{self, Plan, Scope};
use crate::report::{Moved, UpgradeReport};
use crate::{Error, Phases, Revision, Target, journal, ledger};

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
            let phases = self.phases(&standing, phases).await?;
            let plan = plan::upgrade(&self.history, &standing, target, phases)?;
            if plan.run.is_empty() && standing.merges().is_empty() {
                let held_back = plan.held_back.into_iter().map(Into::into).collect();
                let report = UpgradeReport { held_back, ..UpgradeReport::default() };
                return Ok(self.with_unknown(&standing, report));
            }
            let mut jobs = plan.run.iter().map(|revision| Job::applying(revision, false));
            jobs.try_for_each(|job| job.refuse(self.engine()))?;
        }
        let target = plan::fixed(&self.history, &standing, target)?;
        self.lock().await?;
        let report = self.upgrade_locked(&target, phases).await;
        self.unlock(&report).await;
        report
    }

    /// The phases, and what a first installation has that was broken off: nobody uses it yet, so that
    /// `Auto` takes all of it.
    pub(super) async fn phases(
        &mut self,
        standing: &Standing,
        phases: Phases,
    ) -> Result<Scope, Error> {
        let is_contract = |revision: &&Revision| revision.directives.phase == Phase::Contract;
        let has_contract = plan::pending(&self.history, standing).iter().any(is_contract);
        if phases != Phases::Auto || !has_contract || standing.is_empty() {
            return Ok(phases.into());
        }
        let last = journal::find_installation(self.backend.as_mut()).await;
        Ok(Scope { phases, installs: last.doing("the journal was read")? })
    }

    async fn upgrade_locked(
        &mut self,
        target: &Target,
        phases: Phases,
    ) -> Result<UpgradeReport, Error> {
        refuse_untransactional(self.backend.as_mut(), &self.options).await?;
        let schemas = &self.options.create_schemas;
        let made = ledger::create_tables(self.backend.as_mut(), schemas).await;
        let installs = made.doing("the tables were created")?;
        let merged = self.merge_squashed().await?;
        let mut report = UpgradeReport { merged, ..UpgradeReport::default() };
        let begun = self.standing().await?;
        for resumed in self.resume(&begun, installs.is_some()).await? {
            if let Resumed::Applied(moved) = resumed {
                report.applied.push(moved);
            }
        }
        let standing = self.standing().await?;
        self.check(&standing).await?;
        let plan = plan::upgrade(&self.history, &standing, target, Scope { phases, installs })?;
        let is_bare =
            standing.is_empty() && self.backend.is_bare().await.doing("tables were looked for")?;
        let session = self.backend.session().await.doing("the session was read")?;
        let is_installing = installs.is_some() || standing.is_empty();
        let Plan { run, held_back } = plan;
        for revision in &run {
            Job::applying(revision, false).refuse(self.engine())?;
            self.tell_unread(&revision.up);
        }
        let mut executor = Executor::new(self.backend.as_mut(), &self.options);
        if let Some(last) = run.last().filter(|_| standing.is_empty() && run.len() > 1) {
            let written = executor.commit(&journal::installing(&session, last.version)).await;
            written.doing("the journal was written")?;
        }
        apply_all(&mut executor, jobs(run, is_installing), is_bare, &mut report.applied).await?;
        report.held_back = held_back.into_iter().map(Into::into).collect();
        Ok(self.with_unknown(&standing, report))
    }

    /// Adds what only the database knows.
    fn with_unknown(&self, standing: &Standing, report: UpgradeReport) -> UpgradeReport {
        let unknown = plan::unknown(&self.history, standing);
        let missing_files = named(standing, &plan::missing_files(&self.history, &unknown));
        UpgradeReport { unknown: named(standing, &unknown), missing_files, ..report }
    }

    /// Tells of a `-- no-transaction` that does nothing, where it would do something.
    pub(super) fn tell_unread(&self, script: &Script) {
        let unread = script.unread_no_transaction().filter(|unread| !unread.is_waived);
        if let Some(unread) = unread.filter(|_| self.engine().has_transactional_ddl()) {
            let (file, line, message) = (script.file.clone(), unread.line, unread.message.clone());
            self.options.observer.tell(&Event::Unread { file, line, message });
        }
    }

    pub(super) async fn check(&mut self, standing: &Standing) -> Result<(), Error> {
        self.check_floor(standing).await?;
        self.check_checksums(standing).await
    }
}

/// The note that the database is being filled goes with the last file: a later run may find nothing
/// to do, and writes nothing then.
fn jobs(run: Vec<&Revision>, is_installing: bool) -> Vec<Job<'_>> {
    let last = run.last().map(|revision| revision.version);
    let ends = |revision: &Revision| is_installing && last == Some(revision.version);
    run.into_iter().map(|revision| Job::applying(revision, ends(revision))).collect()
}

/// Where nobody can be hindered, commits are what costs, and files share them.
async fn apply_all(
    executor: &mut Executor<'_>,
    jobs: Vec<Job<'_>>,
    is_bare: bool,
    applied: &mut Vec<Moved>,
) -> Result<(), Error> {
    let can_group = is_bare
        && executor.engine().has_transactional_ddl()
        && !jobs.iter().any(|job| job.script.defers());
    let most = if can_group { jobs.len() } else { 1 };
    apply(executor, &jobs, most, applied).await?;
    executor.flush().await.doing("a file was finished")
}

/// Into how many parts a group is cut that failed.
const PARTS: usize = 10;

/// Applies files, so many with one commit at most: where that fails fewer, and in the end one.
async fn apply(
    executor: &mut Executor<'_>,
    jobs: &[Job<'_>],
    most: usize,
    applied: &mut Vec<Moved>,
) -> Result<(), Error> {
    let mut rest = jobs;
    while !rest.is_empty() {
        let count = match rest.get(..most) {
            _ if most <= 1 => 1,
            Some(nearest) => executor.group(nearest),
            None => executor.group(rest),
        };
        let (now, later) = rest.split_at(count);
        if let [job] = now {
            let took = executor.execute(*job).await?;
            applied.push(Moved::new(job.version, job.name, took));
        } else if let Some(took) = executor.execute_group(now).await {
            let moved = now.iter().zip(took);
            applied.extend(moved.map(|(job, took)| Moved::new(job.version, job.name, took)));
        } else {
            Box::pin(apply(executor, now, count / PARTS, applied)).await?;
        }
        rest = later;
    }
    Ok(())
}

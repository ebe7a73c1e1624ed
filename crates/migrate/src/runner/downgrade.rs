use tracing::Instrument;

use super::resume::Resumed;
use super::{Doing, Runner};
use crate::executor::{Executor, Job};
use crate::history::Script;
use crate::journal::{self, Direction};
use crate::ledger::Standing;
use crate::observer::Event;
use crate::report::{DowngradeReport, Moved};
use crate::{Error, Problem, SquashProblem, Target, ledger, plan};

/// A revision to undo, with its script in hand before anything is touched.
struct Undo {
    version: i64,
    name: String,
    script: Script,
    /// Whether the script is the one that was kept in the database.
    is_kept: bool,
}

impl Runner {
    /// Undoes applied revisions down to the target, newest first.
    ///
    /// With `from_database`, revisions that the files do not know are undone by the scripts that were
    /// kept when they were applied; each is handed to the observer before it runs. Nothing runs unless
    /// every script is at hand.
    pub async fn downgrade(
        &mut self,
        target: &Target,
        from_database: bool,
    ) -> Result<DowngradeReport, Error> {
        let span = tracing::info_span!("migrate.downgrade", db.system = self.engine().name());
        self.downgrade_if_needed(target, from_database).instrument(span).await
    }

    async fn downgrade_if_needed(
        &mut self,
        target: &Target,
        from_database: bool,
    ) -> Result<DowngradeReport, Error> {
        let standing = self.standing().await?;
        if standing.interrupted().is_empty()
            && self.undos(&standing, target, from_database).await?.is_empty()
        {
            return Ok(DowngradeReport::default());
        }
        self.lock().await?;
        let report = self.downgrade_locked(target, from_database).await;
        self.unlock(&report).await;
        report
    }

    async fn downgrade_locked(
        &mut self,
        target: &Target,
        from_database: bool,
    ) -> Result<DowngradeReport, Error> {
        ledger::create_tables(self.backend.as_mut(), &self.options.create_schemas)
            .await
            .doing("the tables were created")?;
        self.merge_squashed().await?;
        let mut report = DowngradeReport::default();
        let undone = self.undone_once_finished(target, from_database).await?;
        for resumed in self.resume(false).await.map_err(|error| error.in_the_way(&undone))? {
            if let Resumed::Reverted(moved) = resumed {
                report.reverted.push(moved);
            }
        }
        let standing = self.standing().await?;
        let undos = self.undos(&standing, target, from_database).await?;
        for undo in &undos {
            self.tell_unread(&undo.script);
        }
        let mut executor = Executor::new(self.backend.as_mut(), &self.options);
        for Undo { version, name, script, is_kept } in undos {
            if is_kept {
                let (file, text) = (script.file.clone(), script.text.to_string());
                executor.options().observer.tell(&Event::StoredScript { file, text });
            }
            let job = Job::reverting(version, &name, &script);
            let took = executor.execute(job).await?;
            report.reverted.push(Moved::new(version, &name, took));
        }
        executor.flush().await.doing("a file was finished")?;
        Ok(report)
    }

    /// What will be undone once half-applied up files are finished: refuses before they are where a
    /// script is not at hand.
    async fn undone_once_finished(
        &mut self,
        target: &Target,
        from_database: bool,
    ) -> Result<Vec<i64>, Error> {
        let standing = self.standing().await?;
        if standing.interrupted().is_empty() {
            return Ok(Vec::new());
        }
        let entries = journal::read(self.backend.as_mut()).await.doing("the journal was read")?;
        let goes = |version: i64| {
            let first = entries.iter().find(|entry| entry.version == version);
            first.map(|entry| entry.direction)
        };
        let interrupted = standing.interrupted();
        let can_be_finished = |version: &i64| match goes(*version) {
            Some(Direction::Up) => self.history.find(*version).is_some(),
            Some(Direction::Down) => true,
            None => false,
        };
        // What cannot be finished is refused as such; what is half undone is finished in any case.
        if !interrupted.iter().all(can_be_finished)
            || !interrupted.iter().any(|version| goes(*version) == Some(Direction::Up))
        {
            return Ok(Vec::new());
        }
        self.check_checksums(&standing).await?;
        let finished = standing.finished(|version| goes(version) == Some(Direction::Up));
        let undos = self.undos_of(&finished, target, from_database).await?;
        Ok(undos.iter().map(|undo| undo.version).collect())
    }

    async fn undos(
        &mut self,
        standing: &Standing,
        target: &Target,
        from_database: bool,
    ) -> Result<Vec<Undo>, Error> {
        self.check_checksums(standing).await?;
        self.undos_of(standing, target, from_database).await
    }

    async fn undos_of(
        &mut self,
        standing: &Standing,
        target: &Target,
        from_database: bool,
    ) -> Result<Vec<Undo>, Error> {
        let mut versions: Vec<i64> = plan::downgrade(&self.history, standing, target)?
            .iter()
            .map(|revision| revision.version)
            .collect();
        let unknown = plan::unknown(&self.history, standing);
        if let (Some(&version), false) = (unknown.last(), from_database) {
            // It may build upon what would be undone.
            let mut is_kept = true;
            for version in &unknown {
                is_kept &= self.stored_script(*version).await.is_ok();
            }
            return Err(Problem::UnknownVersion { version, is_kept }.into());
        }
        if let (Target::Branch(label, _), Some(version)) = (target, unknown.last()) {
            let message = format!(
                "nothing tells whether {version}, which only the database knows, belongs to {label}: \
                 name a revision, -N or base"
            );
            return Err(Error::usage("UNKNOWN_BRANCH", message));
        }
        versions.extend(&unknown);
        versions.sort_unstable_by(|a, b| b.cmp(a));
        if let (Target::Relative(steps), false) = (target, unknown.is_empty()) {
            versions.truncate(usize::try_from(steps.unsigned_abs()).unwrap_or(usize::MAX));
        }
        if let Some((version, baseline)) =
            versions.iter().find_map(|v| Some((*v, standing.find_merged(*v)?)))
        {
            return Err(SquashProblem::Merged { version, baseline }.into());
        }
        let mut undos = Vec::with_capacity(versions.len());
        for version in versions {
            undos.push(self.undo(version, from_database).await?);
        }
        Ok(undos)
    }

    async fn undo(&mut self, version: i64, from_database: bool) -> Result<Undo, Error> {
        let has_file = self.history.find(version).is_some_and(|revision| revision.down.is_some());
        if !has_file && !from_database {
            return Err(self.irreversible(version).into());
        }
        let (name, script) = self.down_script(version).await?;
        if let Some(problem) = script.refused() {
            return Err(problem.into());
        }
        // Nobody can mend what the database keeps, and the engine passes a comment over.
        if has_file || script.text.contains('\0') {
            script.refuse_unfit(self.engine())?;
        }
        Ok(Undo { version, name, script, is_kept: !has_file })
    }
}

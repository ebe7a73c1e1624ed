use tracing::Instrument;

use super::resume::Resumed;
use super::untransactional::refuse_untransactional;
use super::{Doing, Runner};
use crate::executor::{Executor, Job};
use crate::history::Script;
use crate::journal::{self, Direction};
use crate::ledger::Standing;
use crate::observer::Event;
use crate::report::{DowngradeReport, Moved};
use crate::{Error, Problem, Revision, SquashProblem, Target, ledger, plan};

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
        if standing.interrupted().is_empty() {
            self.check_checksums(&standing).await?;
            if self.undos(&standing, &standing, target, from_database).await?.is_empty() {
                return Ok(DowngradeReport::default());
            }
        }
        self.lock().await?;
        let report = self.downgrade_locked(standing, target, from_database).await;
        self.unlock(&report).await;
        report
    }

    /// Steps count from where the database stood when the command began: what somebody else undid since
    /// then, or a file that was half undone, is one of them.
    async fn downgrade_locked(
        &mut self,
        begun: Standing,
        target: &Target,
        from_database: bool,
    ) -> Result<DowngradeReport, Error> {
        refuse_untransactional(self.backend.as_mut(), &self.options).await?;
        ledger::create_tables(self.backend.as_mut(), &self.options.create_schemas)
            .await
            .doing("the tables were created")?;
        self.merge_squashed().await?;
        let mut report = DowngradeReport::default();
        let standing = self.standing().await?;
        let begun = if target.counts_steps() {
            refuse_news(&begun, &standing, target)?;
            begun
        } else {
            standing.clone()
        };
        let begun = begun.finished(|_| true);
        let undone = self.undone_once_finished(&begun, &standing, target, from_database).await?;
        let resumed = self.resume(&standing, false).await;
        for resumed in resumed.map_err(|error| error.in_the_way(&undone))? {
            if let Resumed::Reverted(moved) = resumed {
                self.tell_below(&begun, &moved, target)?;
                report.reverted.push(moved);
            }
        }
        let standing = self.standing().await?;
        self.check_checksums(&standing).await?;
        let undos = self.undos(&begun, &standing, target, from_database).await?;
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

    /// Tells of a revision that the target keeps, and that is gone since it was half undone.
    fn tell_below(&self, begun: &Standing, moved: &Moved, target: &Target) -> Result<(), Error> {
        let undone = plan::downgrade(&self.history, begun, target)?;
        let is_it = |revision: &Revision| revision.version.to_string() == moved.version;
        let is_wanted = undone.into_iter().any(is_it) || *target == Target::Current;
        if is_wanted || !self.history.revisions().iter().any(is_it) {
            return Ok(());
        }
        let version = &moved.version;
        let message = format!(
            "{version} was half undone, and that is finished before anything else: the database does not \
             have it any more, though `{target}` keeps it; `migrate upgrade {version}` applies it again"
        );
        self.options.observer.tell(&Event::Noticed { message });
        Ok(())
    }

    /// What will be undone once half-applied up files are finished: refuses before they are where a
    /// script is not at hand.
    async fn undone_once_finished(
        &mut self,
        begun: &Standing,
        standing: &Standing,
        target: &Target,
        from_database: bool,
    ) -> Result<Vec<i64>, Error> {
        if standing.interrupted().is_empty() {
            return Ok(Vec::new());
        }
        let entries =
            journal::read_begun(self.backend.as_mut()).await.doing("the journal was read")?;
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
        self.check_checksums(standing).await?;
        let finished = standing.finished(|version| goes(version) == Some(Direction::Up));
        let undos = self.undos(begun, &finished, target, from_database).await?;
        Ok(undos.iter().map(|undo| undo.version).collect())
    }

    /// What is still to be undone, of all that the target means where the database stood at first.
    async fn undos(
        &mut self,
        begun: &Standing,
        standing: &Standing,
        target: &Target,
        from_database: bool,
    ) -> Result<Vec<Undo>, Error> {
        let mut versions: Vec<i64> = plan::downgrade(&self.history, begun, target)?
            .iter()
            .map(|revision| revision.version)
            .collect();
        let unknown = plan::unknown(&self.history, begun);
        let left = unknown.iter().copied().filter(|version| standing.has(*version));
        let left: Vec<i64> = left.collect();
        if let (Some(&version), false) = (left.last(), from_database) {
            // It may build upon what would be undone.
            let mut is_kept = true;
            for version in &left {
                is_kept &= self.stored_script(*version).await.is_ok();
            }
            return Err(Problem::UnknownVersion { version, is_kept }.into());
        }
        if let (Target::Branch(label, _), Some(version)) = (target, left.last()) {
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
        versions.retain(|version| standing.has(*version));
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
        Job::reverting(version, &name, &script).refuse_statements(self.engine())?;
        Ok(Undo { version, name, script, is_kept: !has_file })
    }
}

/// Refuses steps back from a revision that was the newest when the command began, and is no more.
fn refuse_news(begun: &Standing, standing: &Standing, target: &Target) -> Result<(), Error> {
    let mut applied = standing.rows().map(|row| row.version);
    let Some(new) = applied.find(|version| begun.find(*version).is_none()) else { return Ok(()) };
    let message = format!(
        "somebody applied {new} while this waited for its turn, so that `{target}` would mean \
         something else now: look at `migrate current`, then name the revision to go back to"
    );
    Err(Error::usage("MOVED_ON", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_do_not_go_back_from_what_came_meanwhile() {
        let moved = |begun: &[i64], standing: &[i64]| {
            let [begun, standing] =
                [begun, standing].map(|versions| Standing::assumed(versions.iter().copied()));
            refuse_news(&begun, &standing, &Target::Relative(-1)).map_err(|error| error.reason())
        };
        assert_eq!(moved(&[1, 2], &[1, 2, 3]), Err("MOVED_ON"));
        assert_eq!(moved(&[1, 2], &[1]), Ok(()));
        assert_eq!(moved(&[1, 2], &[1, 2]), Ok(()));
    }
}

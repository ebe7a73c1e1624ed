use super::{Doing, Runner};
use crate::executor::{Executor, Job};
use crate::history::{Script, build};
use crate::journal::{self, Direction, Entry};
use crate::ledger::{self, Standing};
use crate::report::Moved;
use crate::{Error, Problem, plan};

/// What a half-applied file was finished as.
pub(super) enum Resumed {
    Applied(Moved),
    Reverted(Moved),
}

impl Runner {
    /// Finishes what earlier runs left half-applied, in the direction in which they went.
    ///
    /// The first installation, where one is under way, ends with the last revision that is pending.
    pub(super) async fn resume(
        &mut self,
        standing: &Standing,
        is_installing: bool,
    ) -> Result<Vec<Resumed>, Error> {
        let is_last = plan::pending(&self.history, standing).len() == 1;
        let interrupted = standing.interrupted();
        if interrupted.is_empty() {
            return Ok(Vec::new());
        }
        let entries =
            journal::read_begun(self.backend.as_mut()).await.doing("the journal was read")?;
        let mut resumed = Vec::new();
        for version in interrupted {
            let own: Vec<Entry> =
                entries.iter().filter(|entry| entry.version == version).cloned().collect();
            let Some(first) = own.first() else { return Err(Problem::Dirty { version }.into()) };
            resumed.push(match first.direction {
                Direction::Up => self.resume_up(version, &own, is_installing && is_last).await?,
                Direction::Down => self.resume_down(version, &own).await?,
            });
        }
        Ok(resumed)
    }

    async fn resume_up(
        &mut self,
        version: i64,
        entries: &[Entry],
        ends_installation: bool,
    ) -> Result<Resumed, Error> {
        let revision = self
            .history
            .find(version)
            .ok_or(Problem::UnknownVersion { version, is_kept: false })?;
        let job = Job::applying(revision, ends_installation);
        let mut executor = Executor::new(self.backend.as_mut(), &self.options);
        let took = executor.resume(job, entries).await?;
        Ok(Resumed::Applied(Moved::new(version, &revision.name, took)))
    }

    async fn resume_down(&mut self, version: i64, entries: &[Entry]) -> Result<Resumed, Error> {
        let (name, script) = self.down_script(version).await?;
        let job = Job::reverting(version, &name, &script);
        let mut executor = Executor::new(self.backend.as_mut(), &self.options);
        let took = executor.resume(job, entries).await?;
        Ok(Resumed::Reverted(Moved::new(version, &name, took)))
    }

    /// The down script of a revision: the file's, else the one kept in the database.
    pub(super) async fn down_script(&mut self, version: i64) -> Result<(String, Script), Error> {
        if let Some(revision) = self.history.find(version)
            && let Some(down) = &revision.down
        {
            return Ok((revision.name.clone(), down.clone()));
        }
        self.stored_script(version).await
    }

    pub(super) fn irreversible(&self, version: i64) -> Problem {
        let file = self.history.find(version).map(|revision| revision.up.file.clone());
        Problem::Irreversible { version, file }
    }

    /// The down script that was kept in the database when the revision was applied.
    pub(super) async fn stored_script(&mut self, version: i64) -> Result<(String, Script), Error> {
        let recorded = ledger::recorded(self.backend.as_mut()).await;
        let recorded = recorded.doing("kept scripts were read")?;
        let kept = recorded.into_iter().find(|recorded| recorded.version == version);
        match kept.and_then(|kept| kept.down.map(|down| (kept.name, down))) {
            None => Err(self.irreversible(version).into()),
            Some((name, (file, text))) => Ok((name, build::stored_script(file, text)?)),
        }
    }
}

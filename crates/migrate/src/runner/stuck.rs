use super::{Doing, Runner};
use crate::backend::FailureKind;
use crate::executor::{Job, refuse_stuck};
use crate::journal::{self, Direction, Entry};
use crate::ledger::Standing;
use crate::{Engine, Error, Problem, owner};

impl Runner {
    /// Fails as a run would that cannot go on with a half-applied file. Writes nothing.
    ///
    /// What the catalog tells is left to the run, and so is everything where somebody works right now or
    /// this user may not look.
    pub(super) async fn refuse_stuck(&mut self, standing: &Standing) -> Result<(), Error> {
        let interrupted = standing.interrupted();
        if interrupted.is_empty() {
            return Ok(());
        }
        let entries = match journal::read_begun(self.backend.as_mut()).await {
            Err(error) if error.kind == FailureKind::Forbidden => return Ok(()),
            entries => entries.doing("the journal was read")?,
        };
        if self.is_worked_on(&entries).await? {
            return Ok(());
        }
        let engine = self.engine();
        for version in interrupted {
            let own: Vec<&Entry> = entries.iter().filter(|e| e.version == version).collect();
            let Some(first) = own.first() else { return Err(Problem::Dirty { version }.into()) };
            match first.direction {
                Direction::Up => {
                    let revision = self.history.find(version);
                    let revision =
                        revision.ok_or(Problem::UnknownVersion { version, is_kept: false })?;
                    refuse_stuck(engine, Job::applying(revision, false), &own)?;
                }
                Direction::Down => {
                    let (name, script) = self.down_script(version).await?;
                    refuse_stuck(engine, Job::reverting(version, &name, &script), &own)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the runner that wrote the last entry may still be at work.
    async fn is_worked_on(&mut self, entries: &[Entry]) -> Result<bool, Error> {
        let last = entries.last().filter(|entry| !owner::is_surely_gone(&entry.runner));
        match last {
            None => Ok(false),
            Some(_) if self.engine() == Engine::Sqlite => Ok(true),
            Some(last) => self.backend.has_session(&last.session).await.doing("sessions were read"),
        }
    }
}

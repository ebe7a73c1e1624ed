use super::{Doing, Runner};
use crate::executor::Executor;
use crate::ledger::{self, Standing};
use crate::report::VersionName;
use crate::{Error, Revision};

impl Runner {
    /// Where the database stands as these files see it, whichever side of a squash they are from.
    pub(super) async fn seen(&mut self, recorded: Standing) -> Result<Standing, Error> {
        let standing = recorded.with_baselines(&self.history);
        if !standing.has_gap(&self.history) {
            return Ok(standing);
        }
        let recorded = ledger::recorded(self.backend.as_mut()).await;
        Ok(standing.with_squashed(&self.history, &recorded.doing("squashed revisions were read")?))
    }

    /// The rows as they are recorded.
    pub(super) async fn recorded(&mut self) -> Result<Standing, Error> {
        ledger::read(self.backend.as_mut()).await.doing("_sqlx_migrations was read")
    }

    /// Where the database stands once the rows of squashed revisions are merged.
    pub(super) async fn merged(&mut self) -> Result<Standing, Error> {
        self.merge_squashed().await?;
        self.standing().await
    }

    /// Makes one row of those of the revisions that a baseline stands for; nothing runs. The
    /// runner's lock is to be held.
    pub(super) async fn merge_squashed(&mut self) -> Result<Vec<VersionName>, Error> {
        let standing = self.standing().await?;
        standing.check_baselines(&self.history)?;
        if standing.merges().is_empty() {
            return Ok(Vec::new());
        }
        let recorded = ledger::recorded(self.backend.as_mut()).await;
        let recorded = recorded.doing("what is recorded was read")?;
        let baseline = |version: i64| self.history.find(version);
        let merges: Vec<(&ledger::Merge, &Revision)> = standing
            .merges()
            .iter()
            .filter_map(|merge| Some((merge, baseline(merge.baseline)?)))
            .collect();
        let writes = merges.iter().flat_map(|(merge, r)| ledger::merged(merge, r, &recorded));
        let mut executor = Executor::new(self.backend.as_mut(), &self.options);
        let written = executor.commit(&writes.collect::<Vec<_>>()).await;
        written.doing("rows of squashed revisions were merged")?;
        Ok(merges.into_iter().map(|(_, revision)| revision.into()).collect())
    }
}

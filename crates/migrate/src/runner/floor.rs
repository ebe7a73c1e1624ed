use super::{Doing, Runner};
use crate::ledger::{self, Standing};
use crate::{Error, plan};

impl Runner {
    /// Refuses a database from which a contract revision took what this history's program needs.
    ///
    /// A revision that the files do not know is harmless unless it is a contract whose floor they do
    /// not know either: the floor is the oldest revision whose programs may still be served.
    pub(super) async fn check_floor(&mut self, standing: &Standing) -> Result<(), Error> {
        let unknown = plan::unknown(&self.history, standing);
        if unknown.is_empty() {
            return Ok(());
        }
        let recorded = ledger::recorded(self.backend.as_mut()).await.doing("the floor was read")?;
        let raised = recorded.iter().find(|recorded| {
            unknown.contains(&recorded.version)
                && recorded.is_contract
                && !self.history.knows(recorded.floor)
        });
        match raised {
            None => Ok(()),
            Some(raised) => {
                let newest = self.history.revisions().last().map(|revision| revision.version);
                let is_newer = |version: &i64| newest.is_some_and(|newest| *version > newest);
                let is_kept = |version: &i64| {
                    recorded.iter().any(|kept| kept.version == *version && kept.down.is_some())
                };
                let is_undoable =
                    unknown.iter().all(|version| is_newer(version) && is_kept(version));
                let back_to = newest.filter(|_| is_undoable && self.history.head().is_ok());
                Err(Error::TooNew { version: raised.version, floor: raised.floor, back_to })
            }
        }
    }
}

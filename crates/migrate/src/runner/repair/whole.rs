use super::super::Runner;
use crate::backend::Write;
use crate::journal::{self, Direction, Entry, State, digests};
use crate::statement::{Lost, begun, lost};
use crate::{Error, ledger};

impl Runner {
    /// What an interrupted file would read and no session knows any more, so that no run goes on with it.
    pub(super) async fn lost(
        &mut self,
        version: i64,
        entries: &[Entry],
    ) -> Result<Option<Lost>, Error> {
        let own: Vec<&Entry> = entries.iter().filter(|entry| entry.version == version).collect();
        let Some(first) = own.first() else { return Ok(None) };
        let done = own.iter().filter(|entry| entry.step >= 0 && entry.state == State::Done).count();
        let script = match first.direction {
            Direction::Up => self.history.find(version).map(|revision| revision.up.clone()),
            Direction::Down => self.down_script(version).await.ok().map(|(_, script)| script),
        };
        let Some(script) = script else { return Ok(None) };
        let engine = self.engine();
        let steps = begun(engine, &script, &digests(own.iter().copied()));
        Ok(lost(engine, &steps, done))
    }

    /// Takes a person's word for the whole of an interrupted file.
    pub(super) fn whole(
        &self,
        version: i64,
        entries: &[Entry],
        has_run: bool,
    ) -> Vec<Write<'static>> {
        let own = entries.iter().find(|entry| entry.version == version);
        let goes_up = own.is_none_or(|entry| entry.direction == Direction::Up);
        let revision = self.history.find(version).filter(|_| goes_up);
        let mut writes = match revision {
            Some(revision) if has_run => {
                vec![ledger::completed(revision, -1), ledger::remembered(revision).into_owned()]
            }
            // Undone, or not undone after all.
            _ if goes_up == has_run => vec![ledger::marked(version, true)],
            _ => vec![ledger::deleted(version), ledger::forgotten(version)],
        };
        writes.push(journal::cleared(version));
        writes
    }
}

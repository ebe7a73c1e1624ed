use std::collections::{BTreeMap, BTreeSet};

use super::outline::Todo;
use crate::error::Error;
use crate::history::Phase;
use crate::journal::{self, Direction, Entry, State, digests};
use crate::ledger::{self, Standing};
use crate::runner::{Doing, Runner};

/// What earlier runs left half-applied: which way each went, and the digests of the steps that have run.
#[derive(Debug, Default)]
pub(super) struct HalfApplied(BTreeMap<i64, (Direction, Vec<String>)>);

impl HalfApplied {
    fn new(standing: &Standing, entries: &[Entry]) -> Self {
        let half = standing.interrupted().into_iter().map(|version| {
            let own = entries.iter().filter(|entry| entry.version == version);
            let direction = own.clone().next().map_or(Direction::Up, |entry| entry.direction);
            let done = digests(own.filter(|entry| entry.state == State::Done));
            (version, (direction, done.into_iter().map(str::to_owned).collect()))
        });
        Self(half.collect())
    }

    /// Where the database stands once all of it is finished, as every run does first.
    pub(super) fn finished(&self, standing: &Standing) -> Standing {
        standing.finished(|version| !self.goes_down(version))
    }

    /// The revisions whose up files have run, all of them.
    pub(super) fn made(&self, standing: &Standing) -> Vec<i64> {
        let made = standing.rows().filter(|row| row.success || self.goes_down(row.version));
        made.map(|row| row.version).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn goes_down(&self, version: i64) -> bool {
        self.0.get(&version).is_some_and(|(direction, _)| *direction == Direction::Down)
    }
}

impl Runner {
    pub(super) async fn half_applied(&mut self, standing: &Standing) -> Result<HalfApplied, Error> {
        if standing.interrupted().is_empty() {
            return Ok(HalfApplied::default());
        }
        let entries =
            journal::read_begun(self.backend.as_mut()).await.doing("the journal was read")?;
        Ok(HalfApplied::new(standing, &entries))
    }

    /// What every run finishes first, in that order.
    pub(super) async fn resumed(
        &mut self,
        half: &HalfApplied,
    ) -> Result<Vec<Todo<'static>>, Error> {
        let mut todos = Vec::new();
        for (version, (direction, done)) in &half.0 {
            let known = self.history.find(*version).cloned();
            let todo = match (direction, known) {
                (Direction::Up, known) => known.map(Todo::half_applied),
                (Direction::Down, known) => {
                    let (name, script) = self.down_script(*version).await?;
                    let phase = match known {
                        Some(revision) => revision.directives.phase,
                        None => self.recorded_phase(*version).await?,
                    };
                    Some(Todo::half_undone(*version, name, phase, script))
                }
            };
            todos.extend(todo.map(|todo| todo.behind(done.clone())));
        }
        Ok(todos)
    }

    /// That of a revision which only the database knows.
    async fn recorded_phase(&mut self, version: i64) -> Result<Phase, Error> {
        let recorded = ledger::recorded(self.backend.as_mut()).await;
        let recorded = recorded.doing("kept scripts were read")?;
        let is_contract = recorded.iter().any(|one| one.version == version && one.is_contract);
        Ok(if is_contract { Phase::Contract } else { Phase::Expand })
    }
}

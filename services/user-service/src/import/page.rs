//! A page of the predecessor's users, with what was decided about them and what is known of them here.

use std::collections::{HashMap, HashSet};

use artisan_store::{LegacyColumn, LegacySource, LegacyUser, Store, User, UserId};
use time::OffsetDateTime;

use super::ImportError;
use super::convert::{Prepared, Problem, convert};
use super::decisions::{Change, Decision, Decisions};

/// How many users are read, and written in one transaction.
const SIZE: u32 = 200;

/// One user of the source.
#[derive(Debug)]
pub(super) struct Item {
    /// The id, as the source has it.
    pub(super) id: String,
    /// The row, as the source has it.
    pub(super) row: LegacyUser,
    pub(super) fate: Fate,
    pub(super) problems: Vec<Problem>,
}

/// What becomes of it.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "most are ready")]
pub(super) enum Fate {
    /// It is left behind by a decision.
    Skipped,
    /// Somebody has to decide first.
    Open,
    /// It can be taken.
    Ready(Prepared),
}

/// Reads the source page by page.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    source: &'a mut LegacySource,
    decisions: &'a Decisions,
    now: OffsetDateTime,
    after: Option<String>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(
        source: &'a mut LegacySource,
        decisions: &'a Decisions,
        now: OffsetDateTime,
    ) -> Self {
        Self { source, decisions, now, after: None }
    }

    /// The next page; empty at the end.
    pub(super) async fn next(&mut self) -> Result<Vec<Item>, ImportError> {
        let rows = self.source.page(self.after.as_deref(), SIZE).await;
        let rows = rows.map_err(ImportError::source)?;
        if let Some(last) = rows.last() {
            self.after = Some(last.text(LegacyColumn::UserId).to_owned());
        }
        Ok(rows.into_iter().map(|row| self.item(row)).collect())
    }

    fn item(&self, row: LegacyUser) -> Item {
        let id = row.text(LegacyColumn::UserId).to_owned();
        let unchanged = Change::default();
        let change = match self.decisions.about(&id) {
            Some(Decision::Skip) => {
                return Item { id, row, fate: Fate::Skipped, problems: Vec::new() };
            }
            Some(Decision::Take(change)) => change,
            None => &unchanged,
        };
        let mut changed = row.clone();
        change.apply(&mut changed);
        let (prepared, problems) = convert(&changed, change, self.now);
        Item { id, row, fate: prepared.map_or(Fate::Open, Fate::Ready), problems }
    }
}

impl Item {
    pub(super) fn prepared(&self) -> Option<&Prepared> {
        match &self.fate {
            Fate::Ready(prepared) => Some(prepared),
            Fate::Skipped | Fate::Open => None,
        }
    }
}

/// Who of a page is here, or was once.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) here: HashMap<UserId, User>,
    /// Those who were erased or purged here since.
    pub(super) gone: HashSet<UserId>,
}

impl Known {
    pub(super) async fn of(store: &Store, items: &[Item]) -> Result<Self, ImportError> {
        let ids: Vec<UserId> =
            items.iter().filter_map(Item::prepared).map(|prepared| prepared.user.id).collect();
        let found = store.find_users(&ids).await.map_err(ImportError::Target)?;
        let here: HashMap<UserId, User> = found.into_iter().map(|user| (user.id, user)).collect();
        let mentioned = store.find_mentioned(&ids).await.map_err(ImportError::Target)?;
        let gone = mentioned.into_iter().filter(|id| !here.contains_key(id)).collect();
        Ok(Self { here, gone })
    }

    /// Whether it is still to be written.
    pub(super) fn lacks(&self, id: UserId) -> bool {
        !self.here.contains_key(&id) && !self.gone.contains(&id)
    }
}

//! The users who are not here yet, written page by page.

use std::time::{Duration, Instant};

use artisan_store::{LegacySource, NewUser};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use zeroize::Zeroizing;

use super::convert::Prepared;
use super::decisions::Decisions;
use super::examine::taken;
use super::page::{Item, Known, Pages};
use super::password::Taken;
use super::report::Report;
use super::{Import, ImportError, Observer, Progress};
use crate::hash::HashError;

impl Import {
    pub(super) async fn copy(
        &self,
        source: &mut LegacySource,
        decisions: &Decisions,
        report: &mut Report,
        observer: Observer<'_>,
    ) -> Result<(), ImportError> {
        if report.passwords > 0 {
            let expected = self.expected(report.passwords).await?;
            let (passwords, threads) = (report.passwords, self.threads);
            observer(Progress::Hashing { passwords, threads, expected });
        }
        let total = report.planned.new + report.planned.here;
        // What is written is counted anew: another import may be faster.
        report.imported = Some(0);
        let mut done = report.planned.here;
        let mut pages = Pages::new(source, decisions, self.sources.now());
        loop {
            let items = pages.next().await?;
            if items.is_empty() {
                return Ok(());
            }
            let written = self.copy_page(items, report).await?;
            if written > 0 {
                done += written;
                observer(Progress::Copied { done, total });
            }
        }
    }

    /// Writes those of a page who are not here; how many of them are now.
    async fn copy_page(&self, items: Vec<Item>, report: &mut Report) -> Result<u64, ImportError> {
        let known = Known::of(&self.store, &items).await?;
        let lacking =
            |item: &Item| item.prepared().is_some_and(|prepared| known.lacks(prepared.user.id));
        let items: Vec<Item> = items.into_iter().filter(lacking).collect();
        if items.is_empty() {
            return Ok(0);
        }
        let prepared = items.iter().filter_map(Item::prepared);
        let users: Vec<NewUser> = stream::iter(prepared)
            .map(|prepared| self.with_hash(prepared))
            .buffered(self.threads.saturating_mul(2))
            .try_collect()
            .await?;
        let now = self.sources.now();
        let results = self.store.import_users(&users, now).await.map_err(ImportError::Target)?;
        let mut here = 0;
        for (item, result) in items.iter().zip(results) {
            match result {
                Ok(_) => {
                    here += 1;
                    *report.imported.get_or_insert_default() += 1;
                }
                // Another import was faster.
                Err(artisan_store::Taken::Id) => here += 1,
                Err(artisan_store::Taken::Email) => report.found(&item.row, &taken()),
            }
        }
        Ok(here)
    }

    async fn with_hash(&self, prepared: &Prepared) -> Result<NewUser, HashError> {
        let mut user = prepared.user.clone();
        user.password_hash = match &prepared.password {
            Taken::Plain(password) => self.hashing.hash(password.clone(), None).await?,
            Taken::Hash(hash) => hash.clone(),
            Taken::Nothing => String::new(),
        };
        Ok(user)
    }

    /// How long so many passwords take, measured with one for each thread.
    async fn expected(&self, passwords: u64) -> Result<Duration, HashError> {
        let started = Instant::now();
        let each = || self.hashing.hash(Zeroizing::new("Medida-1".to_owned()), None);
        futures_util::future::try_join_all((0..self.threads).map(|_| each())).await?;
        let threads = u64::try_from(self.threads.max(1)).unwrap_or(u64::MAX);
        let rounds = u32::try_from(passwords.div_ceil(threads)).unwrap_or(u32::MAX);
        Ok(started.elapsed().saturating_mul(rounds))
    }
}

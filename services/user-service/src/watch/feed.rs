use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_store::{Event, Store, StoreError, User, UserId};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::error::{Error, chain};

/// How many changes a watcher may be behind before it is dropped: what the memory of the feed is
/// bounded by, whatever the number of watchers.
const BUFFER: usize = 1024;
/// How many changes are read and handed out at a time.
const PAGE: u32 = 256;
/// How many events are numbered in one transaction.
const BATCH: u32 = 1000;
const WHILE_WATCHED: Duration = Duration::from_millis(200);
/// Numbers are given without watchers too, so that whoever resumes has no backlog to wait for.
const WHILE_UNWATCHED: Duration = Duration::from_secs(2);
/// How long a watcher waits for a feed that cannot begin.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(5);
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);
/// How long the feed waits for watchers who have yet to take what it handed out.
const PATIENCE: u32 = 20;
const MOMENT: Duration = Duration::from_millis(5);

/// An event, and its user as it was when the event was read: as new as the event or newer.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) number: i64,
    pub(crate) event: Event,
    /// Absent when nothing is left of the user.
    pub(crate) user: Option<User>,
}

/// The events of the whole database for the watchers of this process. Clones are the same feed.
#[derive(Clone, Debug)]
pub(crate) struct Feed(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: Store,
    changes: broadcast::Sender<Arc<Change>>,
    /// The task that feeds the watchers: it ends with the last of them.
    task: Mutex<Option<JoinHandle<()>>>,
    /// The number after which the task hands out everything; absent until it knows.
    begin: watch::Sender<Option<i64>>,
    is_closed: watch::Sender<bool>,
}

impl Feed {
    pub(crate) fn new(store: Store) -> Self {
        let (changes, is_closed) = (broadcast::Sender::new(BUFFER), watch::Sender::new(false));
        let (task, begin) = (Mutex::default(), watch::Sender::new(None));
        Self(Arc::new(Shared { store, changes, task, begin, is_closed }))
    }

    /// Everything that is handed out from now on. What the database shows as numbered after this has
    /// returned reaches at least to where the feed begins.
    pub(super) async fn subscribe(&self) -> Result<broadcast::Receiver<Arc<Change>>, Error> {
        let receiver = self.0.changes.subscribe();
        let mut begin = {
            let mut task = self.0.task.lock().unwrap_or_else(PoisonError::into_inner);
            if task.as_ref().is_none_or(JoinHandle::is_finished) {
                self.0.begin.send_replace(None);
                *task = Some(tokio::spawn(self.clone().run()));
            }
            self.0.begin.subscribe()
        };
        let beginning = begin.wait_for(Option::is_some);
        match tokio::time::timeout(BEGIN_TIMEOUT, beginning).await {
            Ok(_) => Ok(receiver),
            Err(late) => Err(Error::Unavailable(late.into())),
        }
    }

    /// Ends every watcher; new ones are refused.
    pub(crate) fn close(&self) {
        self.0.is_closed.send_replace(true);
    }

    /// Tells when the feed is closed.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.0.is_closed.subscribe()
    }

    /// Gives numbers until the shutdown, and closes the feed at its stop.
    pub(crate) async fn keep(&self, shutdown: &Shutdown) {
        loop {
            tokio::select! {
                biased;
                () = shutdown.stopping() => break,
                () = tokio::time::sleep(WHILE_UNWATCHED) => {
                    if let Err(error) = self.number().await {
                        tracing::debug!(error.cause = chain(&error), "events were not numbered");
                    }
                }
            }
        }
        self.close();
    }

    /// The highest number after everything that is committed by now has one.
    pub(crate) async fn catch_up(&self) -> Result<i64, StoreError> {
        self.number().await?;
        self.last().await
    }

    pub(super) async fn last(&self) -> Result<i64, StoreError> {
        self.0.store.last_event_number().await
    }

    async fn number(&self) -> Result<(), StoreError> {
        while self.0.store.number_events(BATCH).await? == u64::from(BATCH) {}
        Ok(())
    }

    async fn run(self) {
        let (mut position, mut is_failing) = (None, false);
        loop {
            let pause = match self.feed(&mut position).await {
                Ok(()) => {
                    is_failing = false;
                    WHILE_WATCHED
                }
                Err(error) => {
                    // Once, however long the database is away.
                    if !std::mem::replace(&mut is_failing, true) {
                        tracing::warn!(error.cause = chain(&error), "watchers have to wait");
                    }
                    AFTER_A_FAILURE
                }
            };
            let mut closing = self.closing();
            tokio::select! {
                _ = closing.wait_for(|is_closed| *is_closed) => {}
                () = tokio::time::sleep(pause) => {}
            }
            let mut task = self.0.task.lock().unwrap_or_else(PoisonError::into_inner);
            // Under the lock: who subscribes after this starts another task.
            if self.0.changes.receiver_count() == 0 || *self.0.is_closed.borrow() {
                *task = None;
                return;
            }
        }
    }

    /// Hands out what came since the position, which at first is the beginning of this task:
    /// watchers read what lies before it themselves.
    async fn feed(&self, position: &mut Option<i64>) -> Result<(), StoreError> {
        let mut last = match *position {
            Some(last) => last,
            None => self.last().await?,
        };
        *position = Some(last);
        self.0.begin.send_if_modified(|begin| begin.replace(last).is_none());
        self.number().await?;
        loop {
            let changes = self.load(last, PAGE).await?;
            let is_all = changes.len() < PAGE as usize;
            for change in changes {
                last = change.number;
                // Fails when nobody watches any more, which is noticed soon enough.
                let _ = self.0.changes.send(change);
            }
            *position = Some(last);
            if is_all {
                return Ok(());
            }
            self.pace().await;
        }
    }

    /// Lets watchers take what was handed out, but does not wait for one who takes nothing.
    async fn pace(&self) {
        for _ in 0..PATIENCE {
            if self.0.changes.len() <= BUFFER / 2 {
                return;
            }
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// The changes after a number, with their users, in two queries.
    pub(super) async fn load(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Arc<Change>>, StoreError> {
        let events = self.0.store.list_numbered_events(after, limit).await?;
        let mut ids: Vec<UserId> = events.iter().map(|event| event.user_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let users = if ids.is_empty() { Vec::new() } else { self.0.store.find_users(&ids).await? };
        let users: HashMap<UserId, User> = users.into_iter().map(|user| (user.id, user)).collect();
        let change = |event: Event| {
            let (number, user) = (event.sequence?, users.get(&event.user_id).cloned());
            Some(Arc::new(Change { number, event, user }))
        };
        Ok(events.into_iter().filter_map(change).collect())
    }
}

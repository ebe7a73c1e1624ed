use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use artisan_proto::artisan::user::v1::WatchUsersResponse;
use artisan_store::{EventKind, Filter, Role};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;
use tonic::Status;
use tonic::codegen::BoxStream;

use super::feed::Change;
use super::resume;
use crate::auth::{Principal, ServiceCaller};
use crate::convert::user_to_proto;
use crate::core::Core;
use crate::error::Error;
use crate::server::Closing;
use crate::token::TokenError;
use crate::users::event_to_proto;

/// How many changes are read at a time by a watcher that is behind.
const PAGE: u32 = 100;
/// How often a watcher looks at the clock.
const TICK: Duration = Duration::from_secs(5);
/// How often a watcher asks whether its caller may still watch; what the events tell of the caller
/// is acted upon at once.
const RECHECK: Duration = Duration::from_mins(1);

/// Where a stream begins.
#[derive(Debug)]
pub(crate) struct Start {
    /// Events after this number are shown.
    pub(crate) after: i64,
}

impl Start {
    /// After the event of the token; without one, after everything that is committed by now.
    pub(crate) async fn of(core: &Core, token: &str) -> Result<Self, Error> {
        let after = match resume::read(token)? {
            None => core.feed.catch_up().await?,
            Some(after) => {
                // A number that was never given is that of another database.
                if after > core.feed.last().await? {
                    return Err(Error::ResumeToken);
                }
                after
            }
        };
        Ok(Self { after })
    }

    /// The token that begins a stream here.
    pub(crate) fn token(&self) -> String {
        resume::write(self.after)
    }
}

/// One stream of changes.
#[derive(Debug)]
pub(crate) struct Watcher {
    core: Arc<Core>,
    principal: Principal,
    filter: Option<Filter>,
    /// The last number that was shown.
    position: i64,
    behind: VecDeque<Arc<Change>>,
    /// Absent while it reads from the database.
    live: Option<broadcast::Receiver<Arc<Change>>>,
    closing: watch::Receiver<bool>,
    recheck: Instant,
}

impl Watcher {
    pub(crate) fn new(
        core: Arc<Core>,
        principal: Principal,
        start: &Start,
        filter: Option<Filter>,
    ) -> Self {
        Self {
            closing: core.feed.closing(),
            core,
            principal,
            filter,
            position: start.after,
            behind: VecDeque::new(),
            live: None,
            recheck: Instant::now() + RECHECK,
        }
    }

    async fn next(&mut self) -> Result<WatchUsersResponse, Error> {
        let change = self.next_change().await?;
        self.position = change.number;
        Ok(WatchUsersResponse {
            event: Some(event_to_proto(&change.event)),
            user: change.user.as_ref().map(user_to_proto),
            resume_token: resume::write(change.number),
        })
    }

    /// The next change that the caller may see.
    async fn next_change(&mut self) -> Result<Arc<Change>, Error> {
        loop {
            let change = self.take().await?;
            // Only now: it may have waited for long.
            if *self.closing.borrow() {
                return Err(Error::ShuttingDown);
            }
            if self.expire().is_some_and(|at| self.core.sources.now().unix_timestamp() >= at) {
                return Err(TokenError::Expired.into());
            }
            if Instant::now() >= self.recheck {
                self.check_caller().await?;
            }
            let Some(change) = change else { continue };
            // Seen already, in the database.
            if change.number <= self.position {
                continue;
            }
            if self.is_of_the_caller(&change) {
                self.check_caller().await?;
            }
            if self.shows(&change) {
                return Ok(change);
            }
            self.position = change.number;
        }
    }

    /// Whether the filter lets it through. That a user is erased is told to everybody, since nothing is
    /// left to compare.
    fn shows(&self, change: &Change) -> bool {
        match (&self.filter, &change.user) {
            (Some(filter), Some(user)) => filter.matches(user),
            (None, _) | (_, None) => true,
        }
    }

    /// A change, unless there is reason to look around first.
    async fn take(&mut self) -> Result<Option<Arc<Change>>, Error> {
        if let Some(change) = self.behind.pop_front() {
            return Ok(Some(change));
        }
        let Some(live) = &mut self.live else {
            self.read_on().await?;
            return Ok(None);
        };
        tokio::select! {
            biased;
            _ = self.closing.changed() => Ok(None),
            change = live.recv() => match change {
                Ok(change) => Ok(Some(change)),
                Err(broadcast::error::RecvError::Lagged(_)) => Err(Error::WatcherTooSlow),
                Err(broadcast::error::RecvError::Closed) => Err(Error::ShuttingDown),
            },
            () = tokio::time::sleep(TICK) => Ok(None),
        }
    }

    /// Reads from the database; after the last page the feed goes on. Subscribed *before* the page is
    /// read, so that nothing falls between the two.
    async fn read_on(&mut self) -> Result<(), Error> {
        let live = self.core.feed.subscribe().await?;
        let page = self.core.feed.load(self.position, PAGE).await?;
        if page.len() < PAGE as usize {
            self.live = Some(live);
        }
        self.behind.extend(page);
        Ok(())
    }

    fn is_of_the_caller(&self, change: &Change) -> bool {
        // The one thing that happens often and takes nobody's right to watch.
        let is_harmless = change.event.kind == EventKind::SessionCreated.as_str();
        let is_of = |caller: artisan_store::UserId| change.event.user_id == caller;
        !is_harmless
            && match self.principal {
                Principal::User(caller) => is_of(caller.user),
                Principal::Service(_) => false,
            }
    }

    /// When the caller's token expires.
    fn expire(&self) -> Option<i64> {
        match self.principal {
            Principal::User(caller) => Some(caller.expire),
            Principal::Service(ServiceCaller { expire }) => expire,
        }
    }

    /// Whether the session lives and its user still is an administrator. Services have neither.
    async fn check_caller(&mut self) -> Result<(), Error> {
        let Principal::User(caller) = self.principal else { return Ok(()) };
        let now = self.core.sources.now();
        let found = self.core.store.find_caller(caller.session).await?;
        let live = found.filter(|caller| caller.is_live(now)).ok_or(Error::SessionEnded)?;
        self.recheck = Instant::now() + RECHECK;
        if live.roles.contains(Role::Admin) { Ok(()) } else { Err(Error::Denied) }
    }
}

/// The stream of a watcher. It ends with an error that says where to go on; a client that takes
/// nothing makes it do nothing.
pub(crate) fn stream(watcher: Watcher, closing: Closing) -> BoxStream<WatchUsersResponse> {
    Box::pin(futures_util::stream::unfold(Some((watcher, closing)), |state| async move {
        let (mut watcher, mut closing) = state?;
        let next = tokio::select! {
            biased;
            () = closing.begun() => Err(Error::ConnectionOld),
            next = watcher.next() => next,
        };
        match next {
            Ok(response) => Some((Ok(response), Some((watcher, closing)))),
            Err(error) => {
                let resume_token = resume::write(watcher.position);
                let error = Error::StreamEnded { error: Box::new(error), resume_token };
                Some((Err(Status::from(error)), None))
            }
        }
    }))
}

use std::time::{Duration, Instant};

use super::{Access, Options, Runner};
use crate::history::Phase;
use crate::observer::Event;
use crate::report::WaitReport;
use crate::retry::Patience;
use crate::{DatabaseUrl, Engine, Error, History, Revision};

/// The longest pause between two looks.
const POLL: Duration = Duration::from_secs(1);

const UPGRADE: &str =
    "look why that has not come: `migrate upgrade` of these files brings revisions";
const SERVER: &str =
    "check that the server runs and listens at that address, and that nothing between closes it";
const FILE: &str = "end the process that has the file open (`fuser FILE` names it)";
const RIGHT: &str = "have that granted";

impl Runner {
    /// Waits until every expand revision of the history is applied. Writes nothing.
    ///
    /// Obeys `timeout` alone: a database that cannot be reached is waited for as well, on a new
    /// connection each time. Fails at once where waiting cannot help: wrong credentials, an edited
    /// applied file, a database too new, or no revision to wait for (a folder that was not mounted).
    pub async fn wait(
        url: &DatabaseUrl,
        history: &History,
        options: &Options,
        timeout: Duration,
    ) -> Result<WaitReport, Error> {
        if history.revisions().is_empty() {
            let message = "there is no migration to wait for; check --dir and MIGRATIONS_DIR";
            return Err(Error::usage("NO_MIGRATIONS", message));
        }
        let started = Instant::now();
        let mut patience = Patience::polling(timeout, POLL);
        loop {
            let left = timeout.saturating_sub(started.elapsed());
            let (waiting_for, remedy) = match look(url, history, options, left).await {
                Ok(None) => return Ok(report(history, started)),
                Ok(Some(waiting_for)) => (waiting_for, UPGRADE),
                Err(Error::Unreachable { cause, .. } | Error::ConnectionLost { cause, .. }) => {
                    let remedy = if url.engine() == Engine::Sqlite { FILE } else { SERVER };
                    (format!("the database at {url} does not answer: {cause}"), remedy)
                }
                // The rights may come with the tables: whoever makes them grants them afterwards.
                Err(Error::Usage { reason: "NOT_ALLOWED", message }) => (message, RIGHT),
                Err(error) => return Err(error),
            };
            options.observer.tell(&Event::Waiting { what: waiting_for.clone() });
            if !patience.pause(&options.stop).await {
                if options.stop.is_requested() {
                    return Err(Error::Stopped);
                }
                return Err(Error::WaitTimedOut { waiting_for, remedy });
            }
        }
    }

    /// Whether every expand revision is applied; else the first that is not.
    pub async fn first_missing(&mut self) -> Result<Option<&Revision>, Error> {
        let standing = self.standing().await?;
        self.check(&standing).await?;
        let missing = |revision: &&Revision| {
            revision.directives.phase == Phase::Expand && !standing.has(revision.version)
        };
        Ok(self.history.revisions().iter().find(missing))
    }
}

/// One look on a connection of its own; what is still missing.
async fn look(
    url: &DatabaseUrl,
    history: &History,
    options: &Options,
    left: Duration,
) -> Result<Option<String>, Error> {
    let mut options = options.clone();
    options.connect_timeout = left.max(POLL);
    let mut runner = Runner::connect(url, Access::Read, history.clone(), options).await?;
    let missing = runner.first_missing().await;
    let missing = missing.map(|missing| {
        missing.map(|revision| {
            format!("revision {} {} is not applied yet", revision.version, revision.name)
        })
    });
    runner.close().await;
    missing
}

fn report(history: &History, started: Instant) -> WaitReport {
    let expand = |revision: &&Revision| revision.directives.phase == Phase::Expand;
    let head = history.revisions().iter().rfind(expand).map(Into::into);
    let waited_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    WaitReport { head, waited_ms }
}

use std::time::Duration;

use super::{Doing, Runner};
use crate::backend::{Holder, Lock};
use crate::observer::Event;
use crate::retry::Patience;
use crate::{Error, journal, ledger, owner};

const POLL: Duration = Duration::from_secs(1);

impl Runner {
    /// Takes the runner's lock, asking again and again, never waiting inside the server.
    pub(super) async fn lock(&mut self) -> Result<(), Error> {
        self.refuse_pooler().await?;
        self.refuse_several_primaries().await?;
        let mut patience = Patience::polling(self.options.lock_timeout, POLL);
        let mut has_told = false;
        let mut has_asked = false;
        let mut ended = None;
        loop {
            let held = match self.backend.try_lock().await.doing("the runner's lock was taken")? {
                Lock::Taken => return self.prepare().await,
                Lock::Held(holder) => holder,
            };
            // Whoever has just come is not yet seen from every node of a cluster.
            if !has_told && (has_asked || held != Holder::default()) {
                let holder = held.to_string();
                tracing::debug!(%holder, "waiting for another runner");
                self.options.observer.tell(&Event::WaitingForRunner { holder });
                has_told = true;
            }
            has_asked = true;
            self.evict_dead(&mut ended).await?;
            if !patience.pause(&self.options.stop).await {
                if self.options.stop.is_requested() {
                    return Err(Error::Stopped);
                }
                return Err(Error::RunnerLocked { holder: held.to_string() });
            }
        }
    }

    /// Refuses to work where no lock keeps another runner out.
    async fn refuse_pooler(&mut self) -> Result<(), Error> {
        if !self.backend.is_pooled().await.doing("the server was looked at")? {
            return Ok(());
        }
        let message = "a pooler stands before the database that gives each transaction another \
                       session, so that no lock holds and settings leak: name the server itself in \
                       MIGRATION_DATABASE_URL, or set the pooler to pool_mode=session";
        Err(Error::usage("TRANSACTION_POOLER", message))
    }

    /// Refuses to change a schema while other servers may change its rows, and run other runners.
    async fn refuse_several_primaries(&mut self) -> Result<(), Error> {
        if !self.backend.has_several_primaries().await.doing("the server was looked at")? {
            return Ok(());
        }
        let message = "the server belongs to a replication group with several primaries, which share no \
                       lock and where a schema must not change while rows change elsewhere: run \
                       `SELECT group_replication_switch_to_single_primary_mode()`, migrate, and \
                       switch back with `SELECT group_replication_switch_to_multi_primary_mode()`";
        Err(Error::usage("SEVERAL_PRIMARIES", message))
    }

    /// Gives the lock back; a server that does not answer any more has done so already, or will when
    /// the connection closes.
    pub(super) async fn unlock<T>(&mut self, report: &Result<T, Error>) {
        if matches!(report, Err(Error::ConnectionLost { .. })) {
            return;
        }
        if let Err(error) = self.backend.unlock().await {
            tracing::debug!(%error, "the lock could not be given back");
        }
    }

    async fn prepare(&mut self) -> Result<(), Error> {
        let prepared = async {
            self.backend.session().await?;
            self.backend.prepare_session(self.options.ddl_lock_timeout).await
        };
        prepared.await.doing("the session was prepared")
    }

    /// Ends the server's session of a runner that died on this very host: its server may go on
    /// executing a statement for hours, and hold the lock that long. Which one was `ended` is told once.
    async fn evict_dead(&mut self, ended: &mut Option<i64>) -> Result<(), Error> {
        let interrupted = ledger::read(self.backend.as_mut()).await;
        if interrupted.map_or(true, |standing| standing.interrupted().is_empty()) {
            return Ok(());
        }
        let Ok(entries) = journal::read(self.backend.as_mut()).await else { return Ok(()) };
        let Some(dead) = entries.last().filter(|entry| owner::is_surely_gone(&entry.runner)) else {
            return Ok(());
        };
        if self.backend.has_session(&dead.session).await.doing("sessions were read")? {
            if ended.replace(dead.session.id) != Some(dead.session.id) {
                tracing::warn!(session = dead.session.id, "ending the session of a dead runner");
            }
            self.backend.end_session(&dead.session).await.doing("a session was ended")?;
        }
        Ok(())
    }
}

//! Keeps the connections of one replica, and asks how it is.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use tokio::time::{Instant, sleep};

use super::connect::Connector;
use super::connection::{Connection, Lease, Line};
use super::pause;
use super::pool::Pool;
use super::replica::Replica;
use super::shape::{Shape, Unary};
use crate::watch::{self, Health};

/// A connection that ended sooner did not serve.
const YOUNG: Duration = Duration::from_secs(1);

/// What all keepers have in common.
pub(super) struct Keeper {
    pub(super) pool: Arc<Pool>,
    pub(super) connector: Connector,
    pub(super) origin: Uri,
}

impl Keeper {
    /// Goes on until the task is ended, when the address is gone.
    pub(super) async fn keep(&self, replica: Arc<Replica>) {
        let settings = &self.pool.settings;
        loop {
            let mut pause = None;
            if replica.forget_closed(YOUNG) {
                pause = Some(settings.reconnect.0);
            } else if replica.wants_more() {
                match self.connect(&replica).await {
                    Ok(()) => continue,
                    Err(error) => {
                        let failures = self.missed(&replica, &error);
                        pause = Some(pause::grown(settings.reconnect, failures));
                    }
                }
            }
            let time = pause::jittered(pause.unwrap_or(settings.health_every));
            tokio::select! {
                () = sleep(time) => {}
                // While it is away for good, calls do not wait, and nobody is in a hurry.
                () = replica.woken(), if !replica.is_given_up() => {
                    if pause.is_none() && replica.wants_more() {
                        continue;
                    }
                }
            }
            self.ask_again(&replica).await;
        }
    }

    /// Makes a connection and asks the replica how it is before it gets calls.
    async fn connect(&self, replica: &Arc<Replica>) -> io::Result<()> {
        let connection = self.connector.connect(replica).await?;
        let is_first = !replica.is_connected();
        let health = self.health(replica, &connection).await;
        if !connection.is_open() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        if is_first {
            let now = Instant::now();
            replica.set_serving(health == Health::Serving);
            replica.warm_up(now);
            self.pool.circuit.close();
        } else if health == Health::Unreachable {
            // The system takes connections for a process that hangs as well.
            return Err(io::ErrorKind::TimedOut.into());
        }
        replica.add(connection);
        self.pool.changed();
        if is_first {
            tracing::debug!(upstream.address = %replica.address(), "connected to a replica");
        }
        Ok(())
    }

    /// Notes that the replica cannot be reached, and gives how often in a row.
    fn missed(&self, replica: &Replica, error: &io::Error) -> u32 {
        let failures = replica.unreachable();
        let address = replica.address();
        if failures == 1 {
            tracing::info!(upstream.address = %address, %error, "cannot connect to a replica");
        } else {
            tracing::debug!(upstream.address = %address, %error, failures, "cannot connect");
        }
        self.pool.changed();
        self.pool.refresh.notify_one();
        failures
    }

    async fn ask_again(&self, replica: &Arc<Replica>) {
        let Some(connection) = replica.least_busy() else { return };
        let was_serving = replica.is_serving();
        let health = self.health(replica, &connection).await;
        if !connection.is_open() {
            return;
        }
        let is_serving = health == Health::Serving;
        replica.set_serving(is_serving);
        if is_serving != was_serving {
            let address = replica.address();
            tracing::info!(upstream.address = %address, ?health, "a replica's health changed");
            if is_serving {
                replica.warm_up(Instant::now());
            }
            self.pool.changed();
        }
    }

    /// The replica's own word, asked over one connection of it.
    async fn health(&self, replica: &Arc<Replica>, connection: &Arc<Connection>) -> Health {
        let asking = watch::ask(|service| async move {
            let lease = Lease::new(Arc::clone(replica), Arc::clone(connection));
            let (request, path) = watch::check(service, self.pool.settings.health_timeout);
            let answer = Unary::send(Line::new(lease), Some(&self.origin), request, path).await;
            watch::is_serving(answer.map_err(|status| status.code())?)
        });
        let began = Instant::now();
        let health = tokio::time::timeout(self.pool.settings.health_timeout, asking).await;
        let Ok(health) = health else {
            // One that answers calls meanwhile is busy, and not away.
            let is_busy = replica.is_serving() && replica.has_answered_since(began);
            return if is_busy { Health::Serving } else { Health::Unreachable };
        };
        // That calls succeed as well is for calls to show.
        replica.lives(Instant::now());
        health
    }
}

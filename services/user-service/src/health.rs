//! Whether the service can work: the pool answers, and the schema is at least what this binary
//! needs.

use std::sync::Arc;
use std::time::Duration;

use artisan_migrations::EXPAND_VERSIONS;
use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::readiness::Readiness;
use artisan_store::{Store, StoreError};
use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::bootstrap::{BootstrapError, ensure_admin};
use crate::config::BootstrapAdmin;
use crate::core::Core;
use crate::error::chain;

/// The names that clients may ask the health of (gRPC health checking protocol); `""` is the whole.
const SERVICES: [&str; 4] = [
    "",
    "artisan.user.v1.UserService",
    "artisan.user.v1.AuthService",
    "artisan.user.v1.SchemaService",
];

const WHILE_NOT_READY: Duration = Duration::from_millis(500);
const WHILE_READY: Duration = Duration::from_secs(5);
/// A database that hangs with its connections open is as good as none.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often the replica is compared with the primary.
const REPLICA: Duration = Duration::from_secs(1);

/// What is wrong with a pooler, and what to do.
pub(crate) const POOLED: &str = "a pooler stands before the database that gives each transaction another session \
     (pool_mode=transaction), where prepared statements answer with other calls' rows: name the server itself, \
     or set the pooler to pool_mode=session";

const DATABASE: &str = "database";
const SCHEMA: &str = "schema";

/// Looks at the database again and again, and publishes what it sees.
#[derive(Debug)]
pub(crate) struct Monitor {
    pub(crate) core: Arc<Core>,
    pub(crate) reporter: HealthReporter,
    pub(crate) readiness: Readiness,
    pub(crate) bootstrap: Option<BootstrapAdmin>,
    /// Whether the database has answered without a transaction pooler.
    pub(crate) is_direct: watch::Sender<bool>,
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Ready,
    NoDatabase(String),
    Refused(String),
    Unreadable(String),
    Pooled,
    SchemaBehind(usize),
}

impl Seen {
    fn failure(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::NoDatabase(chain(error)),
            StoreError::Refused(_) => Self::Refused(chain(error)),
            StoreError::Contended(_) | StoreError::Internal(_) => Self::Unreadable(chain(error)),
        }
    }
}

/// Nothing is ready before the first look.
pub(crate) fn unready(readiness: &Readiness) {
    readiness.set(DATABASE, false);
    readiness.set(SCHEMA, false);
}

impl Monitor {
    /// Nothing is served before the first look.
    pub(crate) async fn begin(&self) {
        unready(&self.readiness);
        self.report(ServingStatus::NotServing).await;
    }

    /// Runs until the service stops: draining ends readiness at once.
    pub(crate) async fn run(mut self, shutdown: Shutdown) {
        let mut before = None;
        loop {
            tokio::select! {
                biased;
                () = shutdown.draining() => break,
                seen = self.look_in_time() => {
                    let pause =
                        if seen == Seen::Ready { WHILE_READY } else { WHILE_NOT_READY };
                    if before.as_ref() != Some(&seen) {
                        self.publish(&seen).await;
                    }
                    before = Some(seen);
                    tokio::select! {
                        biased;
                        () = shutdown.draining() => break,
                        () = tokio::time::sleep(pause) => {}
                    }
                }
            }
        }
        self.report(ServingStatus::NotServing).await;
        shutdown.stopping().await;
        // Who watches the health holds a call open; it must end for the connection to end.
        for service in SERVICES {
            self.reporter.clear_service_status(service).await;
        }
    }

    async fn look_in_time(&mut self) -> Seen {
        let seen = tokio::time::timeout(PATIENCE, self.look()).await;
        seen.unwrap_or_else(|_| Seen::NoDatabase("no answer in time".to_owned()))
    }

    async fn look(&mut self) -> Seen {
        // Before the first prepared statement.
        if !*self.is_direct.borrow() {
            match self.core.store.is_pooled().await {
                Ok(true) => return Seen::Pooled,
                Ok(false) => drop(self.is_direct.send_replace(true)),
                Err(error) => return Seen::failure(&error),
            }
        }
        let seen = match self.core.store.missing_versions(EXPAND_VERSIONS).await {
            Ok(missing) if missing.is_empty() => Seen::Ready,
            Ok(missing) => Seen::SchemaBehind(missing.len()),
            Err(error) => Seen::failure(&error),
        };
        if seen == Seen::Ready { self.bootstrap_once().await } else { seen }
    }

    /// The first administrator is there before the first client is.
    async fn bootstrap_once(&mut self) -> Seen {
        let Some(admin) = &self.bootstrap else { return Seen::Ready };
        match ensure_admin(&self.core, admin).await {
            Ok(_) => {}
            Err(BootstrapError::Unavailable(cause)) => {
                return Seen::NoDatabase(chain(&*cause));
            }
            Err(error @ (BootstrapError::Invalid(_) | BootstrapError::EmailTaken)) => {
                tracing::error!("{error}");
            }
        }
        self.bootstrap = None;
        Seen::Ready
    }

    async fn publish(&self, seen: &Seen) {
        let ready = *seen == Seen::Ready;
        let status = if ready { ServingStatus::Serving } else { ServingStatus::NotServing };
        self.report(status).await;
        self.readiness
            .set(DATABASE, !matches!(seen, Seen::NoDatabase(_) | Seen::Refused(_) | Seen::Pooled));
        self.readiness.set(SCHEMA, ready);
        // Said last, so that who reads it finds it true.
        match seen {
            Seen::Ready => tracing::info!("the database is ready"),
            Seen::NoDatabase(cause) => tracing::warn!(
                error.cause = cause,
                "the database does not answer; waiting for it (DATABASE_URL says where it is)"
            ),
            Seen::Refused(cause) => tracing::error!(
                error.cause = cause,
                "the database refuses the connection; check the user, the password and the \
                 database name in DATABASE_URL"
            ),
            Seen::Unreadable(cause) => tracing::warn!(
                error.cause = cause,
                "the schema cannot be read; DATABASE_URL must name the database that `migrate` \
                 migrated, and a user with the right to read its tables"
            ),
            Seen::Pooled => tracing::error!("{POOLED}"),
            Seen::SchemaBehind(count) => tracing::warn!(
                "the database lacks {count} migrations; waiting for `migrate upgrade head`"
            ),
        }
    }

    async fn report(&self, status: ServingStatus) {
        for service in SERVICES {
            self.reporter.set_service_status(service, status).await;
        }
    }
}

/// Compares the replica with the primary until the service stops.
pub(crate) async fn follow_replica(store: &Store, shutdown: &Shutdown) {
    if !store.has_replica() {
        return;
    }
    let mut before = None;
    loop {
        // While the primary does not tell how far it is, nothing new is known of the replica.
        if let Ok(is_fit) = store.look_at_replica().await
            && before.replace(is_fit) != Some(is_fit)
        {
            if is_fit {
                tracing::info!("reads go to the replica");
            } else {
                tracing::warn!(
                    "the replica does not answer, is too far behind or belongs to another database; \
                     reads go to the primary (DATABASE_READ_URL says where it is)"
                );
            }
        }
        tokio::select! {
            biased;
            () = shutdown.stopping() => return,
            () = tokio::time::sleep(REPLICA) => {}
        }
    }
}

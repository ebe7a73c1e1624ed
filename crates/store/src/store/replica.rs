//! Reading from a replica.

use time::OffsetDateTime;
use tracing::Instrument as _;

use super::{Backend, Store};
use crate::engine::{Engine as _, MySql, Postgres, Sqlite, mysql_pool, postgres_pool};
use crate::error::{ConnectError, StoreError};
use crate::url::{DatabaseUrl, Scheme};
use crate::{Caller, RecentWrites, SessionId, StoreOptions, UserId, sessions};

/// A replica.
impl Store {
    /// The same accounts, with a replica that takes reads for those who ask for it, see [`Self::after`].
    /// It is not asked before [`Self::look_at_replica`] has found it fit.
    pub fn with_replica(self, url: &str, options: StoreOptions) -> Result<Self, ConnectError> {
        let url = DatabaseUrl::parse(url)?;
        let backend = match (self.backend, url.scheme) {
            (Backend::MySql(db), Scheme::MySql) => {
                Backend::MySql(db.with_replica(mysql_pool(&url.text, options)?))
            }
            (Backend::Postgres(db), Scheme::Postgres) => {
                Backend::Postgres(db.with_replica(postgres_pool(&url.text, options)?))
            }
            (Backend::Sqlite(_), _) | (_, Scheme::Sqlite) => return Err(ConnectError::NoReplicas),
            (Backend::MySql(_), Scheme::Postgres) | (Backend::Postgres(_), Scheme::MySql) => {
                return Err(ConnectError::OtherEngine);
            }
        };
        Ok(Self { backend })
    }

    /// Refuses a URL that [`Self::connect`] would refuse, and makes no store.
    pub fn check(url: &str) -> Result<(), ConnectError> {
        DatabaseUrl::parse(url)?.check()
    }

    /// Refuses a URL that [`Self::with_replica`] would refuse on the store of another one.
    pub fn check_replica(url: &str, primary: &str) -> Result<(), ConnectError> {
        let (url, primary) = (DatabaseUrl::parse(url)?, DatabaseUrl::parse(primary)?);
        match (primary.scheme, url.scheme) {
            (Scheme::MySql, Scheme::MySql) | (Scheme::Postgres, Scheme::Postgres) => url.check(),
            (Scheme::Sqlite, _) | (_, Scheme::Sqlite) => Err(ConnectError::NoReplicas),
            (Scheme::MySql, Scheme::Postgres) | (Scheme::Postgres, Scheme::MySql) => {
                Err(ConnectError::OtherEngine)
            }
        }
    }

    /// Whether there is a replica, fit or not.
    #[must_use]
    pub fn has_replica(&self) -> bool {
        match &self.backend {
            Backend::Sqlite(_) => false,
            Backend::MySql(db) => db.replica().is_some(),
            Backend::Postgres(db) => db.replica().is_some(),
        }
    }

    /// The same accounts, read from the replica if it is fit and has these writes, else as ever. What
    /// decides who may do what is not to be asked here.
    #[must_use]
    pub fn after(&self, writes: RecentWrites) -> Self {
        let backend = match &self.backend {
            Backend::Sqlite(db) => Backend::Sqlite(db.clone()),
            Backend::MySql(db) => Backend::MySql(db.after(writes)),
            Backend::Postgres(db) => Backend::Postgres(db.after(writes)),
        };
        Self { backend }
    }

    /// Compares the replica with the primary; whether it is fit to answer. To be called every second or
    /// so: one that fails or falls behind by half a minute is not asked until it is fit again.
    pub async fn look_at_replica(&self) -> Result<bool, StoreError> {
        let last = self.last_event_number().await?;
        Ok(match &self.backend {
            Backend::Sqlite(_) => false,
            Backend::MySql(db) => match db.replica() {
                Some(replica) => Box::pin(replica.look(last)).await,
                None => false,
            },
            Backend::Postgres(db) => match db.replica() {
                Some(replica) => Box::pin(replica.look(last)).await,
                None => false,
            },
        })
    }

    /// [`Self::find_caller`] with what the user wrote lately, from the primary: one query.
    pub async fn find_caller_and_writes(
        &self,
        id: SessionId,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<Option<(Caller, RecentWrites)>, StoreError> {
        call!(self, "db.sessions.find_caller", "find_caller", |db| {
            sessions::find_caller_and_writes(db, id, user, now)
        })
    }
}

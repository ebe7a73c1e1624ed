//! What only one replica does: it holds a lease, and writes under the lease's row, so that who lost
//! the lease without noticing writes nothing.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Value};
use crate::error::StoreError;
use crate::events::record_all;
use crate::sql::{requests as sql, sessions, sign_ins};
use crate::users::remove;
use crate::{EventKind, UserId};

/// The lease under which the house is kept.
const NAME: &str = "housekeeping";
/// How long the list of a user's sessions shows those that have expired.
const SESSIONS_SHOWN: Duration = Duration::days(30);

/// The right to do what one replica does, as one of them claims it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which replica.
    pub holder: Uuid,
    /// Now, by the caller's clock.
    pub now: OffsetDateTime,
    /// Until when the others keep away, unless it is claimed anew before.
    pub until: OffsetDateTime,
}

/// Purges users whose time has come, at most so many; nothing if another replica holds the lease.
pub(crate) async fn purge<E: Engine>(
    db: &Db<E>,
    lease: &Lease,
    limit: u32,
) -> Result<Option<Vec<UserId>>, StoreError> {
    db.write(&Purge { lease: *lease, limit }).await
}

/// What one sweep has forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many request ids.
    pub requests: u64,
    /// Whether more may have expired than one sweep takes.
    pub is_partial: bool,
}

/// Forgets what has expired, of each kind at most so many. Nothing if another replica holds the lease.
pub(crate) async fn sweep<E: Engine>(
    db: &Db<E>,
    lease: &Lease,
    limit: u32,
) -> Result<Option<Swept>, StoreError> {
    db.write(&Sweep { lease: *lease, limit }).await
}

struct Purge {
    lease: Lease,
    limit: u32,
}

impl<E: Engine> Work<E> for Purge {
    type Output = Option<Vec<UserId>>;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<Self::Output, Abort<StoreError>> {
        if !claim(transaction, NAME, &self.lease).await? {
            return Ok(None);
        }
        let due = [Value::Time(self.lease.now), Value::Number(i64::from(self.limit))];
        let mut purged = Vec::new();
        for row in &transaction.fetch(&sql::LIST_DUE, &due).await? {
            purged.push(UserId(Columns::<E>::of(row).id("users.id")?));
        }
        for id in &purged {
            remove(transaction, *id).await?;
        }
        let all = purged.iter().map(|id| (*id, self.lease.now));
        record_all(transaction, all, EventKind::UserPurged).await?;
        Ok(Some(purged))
    }
}

struct Sweep {
    lease: Lease,
    limit: u32,
}

impl<E: Engine> Work<E> for Sweep {
    type Output = Option<Swept>;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<Option<Swept>, Abort<StoreError>> {
        if !claim(transaction, NAME, &self.lease).await? {
            return Ok(None);
        }
        let limit = Value::Number(i64::from(self.limit));
        let expired = [Value::Time(self.lease.now), limit];
        let ended = [Value::Time(self.lease.now - SESSIONS_SHOWN), limit];
        let mut is_partial = false;
        let mut requests = 0;
        for (statement, values) in [
            // A token that has expired is refused, whether it is known or not.
            (&sessions::SWEEP_TOKENS, &expired),
            (&sessions::SWEEP, &ended),
            (&sign_ins::SWEEP, &expired),
            // The last, whose count is told.
            (&sql::SWEEP, &expired),
        ] {
            requests = transaction.execute(statement, values).await?;
            is_partial |= requests >= u64::from(self.limit);
        }
        Ok(Some(Swept { requests, is_partial }))
    }
}

/// Whether the lease of that name is ours until the transaction ends: its row stays locked.
pub(crate) async fn claim<E: Engine>(
    transaction: &mut Tx<E>,
    name: &str,
    lease: &Lease,
) -> Result<bool, Abort<StoreError>> {
    let (holder, until) = (Value::Id(lease.holder), Value::Time(lease.until));
    let name = Value::Text(name);
    let values = [holder, until, name, holder, Value::Time(lease.now)];
    if transaction.execute(&sql::TAKE_LEASE, &values).await? > 0 {
        return Ok(true);
    }
    if !transaction.fetch(&sql::FIND_LEASE, &[name]).await?.is_empty() {
        return Ok(false);
    }
    match transaction.execute(&sql::INSERT_LEASE, &[name, holder, until]).await {
        Err(error) if is_duplicate::<E>(&error) => Err(Abort::Overtaken(error)),
        result => Ok(result.map(|_| true)?),
    }
}

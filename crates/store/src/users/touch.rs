//! What every write to a user shares.

use crate::columns::Columns;
use crate::db::Tx;
use crate::decode;
use crate::engine::{Engine, Value};
use crate::sql::users as sql;
use crate::{Revision, User, UserId, UserState};

/// What stands in the way of a write to a user that matched no row.
pub(super) enum Obstacle {
    Missing,
    Deleted,
    Stale,
}

/// The parameters of `? OR revision = ?`.
pub(super) fn expectation(expected: Option<Revision>) -> [Value<'static>; 2] {
    let revision = expected.map_or(0, |revision| revision.0);
    [Value::Flag(expected.is_none()), Value::Number(revision)]
}

pub(super) async fn obstacle<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
) -> Result<Obstacle, sqlx::Error> {
    Ok(match lock(transaction, id).await? {
        None => Obstacle::Missing,
        Some(LockedUser { is_deleted: true, .. }) => Obstacle::Deleted,
        Some(LockedUser { is_deleted: false, .. }) => Obstacle::Stale,
    })
}

/// What decides whether a user may have sessions.
#[derive(Clone, Copy)]
pub(crate) struct LockedUser {
    state: UserState,
    is_deleted: bool,
}

impl LockedUser {
    pub(crate) fn is_active(self) -> bool {
        self.state == UserState::Active && !self.is_deleted
    }

    pub(crate) fn is_deleted(self) -> bool {
        self.is_deleted
    }

    pub(crate) fn from_row<E: Engine>(row: &crate::engine::Row<E>) -> Result<Self, sqlx::Error> {
        let mut columns = Columns::<E>::of(row);
        let state = decode::user_state(&mut columns)?;
        Ok(Self { state, is_deleted: columns.maybe_time()?.is_some() })
    }
}

/// Locks the user until the end of the transaction.
pub(crate) async fn lock<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
) -> Result<Option<LockedUser>, sqlx::Error> {
    let rows = transaction.fetch(&sql::LOCK, &[Value::Id(id.0)]).await?;
    rows.first().map(LockedUser::from_row::<E>).transpose()
}

/// The user as this transaction has made it.
pub(crate) async fn reload<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
) -> Result<User, sqlx::Error> {
    let rows = transaction.fetch(&sql::FIND, &[Value::Id(id.0)]).await?;
    decode::users::<E>(&rows)?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

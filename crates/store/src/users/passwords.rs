use time::OffsetDateTime;

use crate::UserId;
use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Value};
use crate::error::{ReplacePasswordError, StoreError};
use crate::sql::{sessions, users as sql};
use crate::users::touch::lock;

pub(crate) async fn rehash<E: Engine>(
    db: &Db<E>,
    id: UserId,
    old: &str,
    new: &str,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    db.write(&Rehash { id, old, new, now }).await
}

struct Rehash<'a> {
    id: UserId,
    old: &'a str,
    new: &'a str,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for Rehash<'_> {
    type Output = bool;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<bool, Abort<StoreError>> {
        let values = [
            Value::Text(self.new),
            Value::Time(self.now),
            Value::Id(self.id.0),
            Value::Text(self.old),
        ];
        Ok(transaction.execute(&sql::REHASH, &values).await? > 0)
    }
}

pub(crate) async fn replace_password<E: Engine>(
    db: &Db<E>,
    id: UserId,
    hash: &str,
    now: OffsetDateTime,
) -> Result<(), ReplacePasswordError> {
    db.write(&Replace { id, hash, now }).await
}

struct Replace<'a> {
    id: UserId,
    hash: &'a str,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for Replace<'_> {
    type Output = ();
    type Error = ReplacePasswordError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<ReplacePasswordError>> {
        let (id, now) = (Value::Id(self.id.0), Value::Time(self.now));
        match lock(transaction, self.id).await? {
            Some(user) if !user.is_deleted() => {}
            Some(_) | None => return Err(Abort::Refused(ReplacePasswordError::NotFound)),
        }
        let hash = Value::Text(self.hash);
        if transaction.execute(&sql::REPLACE_HASH, &[hash, now, id]).await? == 0 {
            transaction.execute(&sql::INSERT_CREDENTIAL, &[id, hash, now]).await?;
        }
        transaction.execute(&sessions::REVOKE_ALL, &[now, id]).await?;
        Ok(())
    }
}

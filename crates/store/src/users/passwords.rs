use time::OffsetDateTime;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Row, Value};
use crate::error::{ChangePasswordError, ReplacePasswordError, StoreError};
use crate::events::record;
use crate::sql::{sessions, users as sql};
use crate::users::touch::lock;
use crate::{ChangePassword, EventDetails, EventKind, UserId, mails};

pub(crate) async fn find_hash<E: Engine>(
    db: &Db<E>,
    id: UserId,
) -> Result<Option<String>, StoreError> {
    let decode = |rows: &[Row<E>]| {
        let text = |row| Columns::<E>::of(row).text("credentials.password_hash");
        rows.first().map(text).transpose()
    };
    db.read(&sql::FIND_HASH, &[Value::Id(id.0)], decode).await
}

pub(crate) async fn change_password<E: Engine>(
    db: &Db<E>,
    change: &ChangePassword<'_>,
) -> Result<(), ChangePasswordError> {
    db.write(&Change(*change)).await
}

struct Change<'a>(ChangePassword<'a>);

impl<E: Engine> Work<E> for Change<'_> {
    type Output = ();
    type Error = ChangePasswordError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<ChangePasswordError>> {
        let ChangePassword { id, current_hash, new_hash, keep, time } = self.0;
        match lock(transaction, id).await? {
            Some(user) if !user.is_deleted() => {}
            Some(_) | None => return Err(Abort::Refused(ChangePasswordError::NotFound)),
        }
        let (id_value, now) = (Value::Id(id.0), Value::Time(time));
        let values = [Value::Text(new_hash), now, id_value, Value::Text(current_hash)];
        // Of two changes that were shown the same password, the second one was shown an old one.
        if transaction.execute(&sql::REHASH, &values).await? == 0 {
            return Err(Abort::Refused(ChangePasswordError::Stale));
        }
        // A mail that is on its way must not undo this.
        mails::forget(transaction, id).await?;
        let others = [now, id_value, Value::Id(keep.0)];
        let ended = transaction.execute(&sessions::REVOKE_OTHERS, &others).await?;
        let details = EventDetails::of_ended_sessions(ended);
        Ok(record(transaction, id, EventKind::PasswordChanged, time, &details).await?)
    }
}

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
        let is_done = transaction.execute(&sql::REHASH, &values).await? > 0;
        if is_done {
            let details = EventDetails::default();
            record(transaction, self.id, EventKind::PasswordRehashed, self.now, &details).await?;
        }
        Ok(is_done)
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
        write_hash(transaction, self.id, self.hash, self.now).await?;
        // A mail that is on its way must not undo this.
        mails::forget(transaction, self.id).await?;
        let ended = transaction.execute(&sessions::REVOKE_ALL, &[now, id]).await?;
        let details = EventDetails::of_ended_sessions(ended);
        record(transaction, self.id, EventKind::PasswordChanged, self.now, &details).await?;
        Ok(())
    }
}

/// Writes a password's hash, whether there was one or not; the caller holds the lock of the user.
pub(crate) async fn write_hash<E: Engine>(
    transaction: &mut Tx<E>,
    id: UserId,
    hash: &str,
    now: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let (id, hash, now) = (Value::Id(id.0), Value::Text(hash), Value::Time(now));
    if transaction.execute(&sql::REPLACE_HASH, &[hash, now, id]).await? == 0 {
        transaction.execute(&sql::INSERT_CREDENTIAL, &[id, hash, now]).await?;
    }
    Ok(())
}

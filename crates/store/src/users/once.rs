//! Writes that happen once: the caller's id of the request is written in the same transaction, under
//! a primary key, so that of two at the same instant one writes and the other one hears of it.

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Row, Value};
use crate::error::{ChangeEmailError, CreateUserError, StoreError, UpdateUserError};
use crate::sql::requests as sql;
use crate::users::create::{Create, which_is_taken};
use crate::users::update::{Change, Update};
use crate::{Done, EmailChange, NewUser, Once, Repeated, TokenMail, UpdateUser, User, UserId};

pub(crate) async fn find<E: Engine>(
    db: &Db<E>,
    once: &Once<'_>,
) -> Result<Option<Repeated>, StoreError> {
    let decode = |rows: &[Row<E>]| {
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::<E>::of(row);
        let fingerprint = columns.hash("request_ids.fingerprint")?;
        let answer = columns.hash("request_ids.answer")?;
        let is_same = fingerprint == once.fingerprint;
        Ok(Some(if is_same { Repeated::Same(answer) } else { Repeated::Other }))
    };
    db.read(&sql::FIND, &[Value::Hash(&once.key_hash), Value::Time(once.now)], decode).await
}

pub(crate) async fn create_once<E: Engine>(
    db: &Db<E>,
    new: &NewUser,
    once: &Once<'_>,
) -> Result<Done, CreateUserError> {
    make_once(db, Create { new, verification: None }, once).await
}

pub(crate) async fn register_once<E: Engine>(
    db: &Db<E>,
    new: &NewUser,
    verification: &TokenMail,
    once: &Once<'_>,
) -> Result<Done, CreateUserError> {
    make_once(db, Create { new, verification: Some(verification) }, once).await
}

async fn make_once<E: Engine>(
    db: &Db<E>,
    work: Create<'_>,
    once: &Once<'_>,
) -> Result<Done, CreateUserError> {
    let id = work.new.id;
    match db.write(&OnceOnly { work, once }).await {
        Ok(user) => Ok(Done::Now(user)),
        Err(refusal) => match (find(db, once).await?, refusal) {
            (Some(repeated), _) => Ok(Done::Before(repeated)),
            (None, Refusal::Work(CreateUserError::EmailTaken)) => {
                Err(which_is_taken(db, id).await?)
            }
            (None, Refusal::Work(error)) => Err(error),
            (None, Refusal::Used(error)) => Err(error.into()),
        },
    }
}

pub(crate) async fn update_once<E: Engine>(
    db: &Db<E>,
    change: &UpdateUser,
    once: &Once<'_>,
) -> Result<Done, UpdateUserError> {
    change_once(db, Update(change), once).await
}

pub(crate) async fn change_email_once<E: Engine>(
    db: &Db<E>,
    change: &UpdateUser,
    email: &EmailChange,
    once: &Once<'_>,
) -> Result<Done, ChangeEmailError> {
    change_once(db, Change { change, email }, once).await
}

async fn change_once<E: Engine, W: Work<E, Output = User>>(
    db: &Db<E>,
    work: W,
    once: &Once<'_>,
) -> Result<Done, W::Error> {
    match db.write(&OnceOnly { work, once }).await {
        Ok(user) => Ok(Done::Now(user)),
        Err(refusal) => match (find(db, once).await?, refusal) {
            (Some(repeated), _) => Ok(Done::Before(repeated)),
            (None, Refusal::Work(error)) => Err(error),
            (None, Refusal::Used(error)) => Err(error.into()),
        },
    }
}

/// Remembers the answer to a call that had nothing to write.
pub(crate) async fn remember<E: Engine>(
    db: &Db<E>,
    user: &User,
    once: &Once<'_>,
) -> Result<Option<Repeated>, StoreError> {
    match db.write(&Remember { user, once }).await {
        Ok(()) => Ok(None),
        Err(Used(error)) => match find(db, once).await? {
            Some(repeated) => Ok(Some(repeated)),
            None => Err(error),
        },
    }
}

/// A write together with the row that remembers it.
struct OnceOnly<'a, W> {
    work: W,
    once: &'a Once<'a>,
}

/// Why it was not done.
enum Refusal<R> {
    /// Somebody has used the id of the request, or the database did not do its part.
    Used(StoreError),
    /// The write itself was refused.
    Work(R),
}

impl<R> From<StoreError> for Refusal<R> {
    fn from(error: StoreError) -> Self {
        Self::Used(error)
    }
}

impl<E: Engine, W: Work<E, Output = User>> Work<E> for OnceOnly<'_, W> {
    type Output = User;
    type Error = Refusal<W::Error>;
    /// The row that remembers it lets no second one pass.
    const IS_REPEATABLE: bool = true;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<Self::Error>> {
        let user = self.work.run(transaction).await.map_err(|abort| match abort {
            Abort::Refused(refusal) => Abort::Refused(Refusal::Work(refusal)),
            Abort::Failed(error) => Abort::Failed(error),
            Abort::Overtaken(error) => Abort::Overtaken(error),
            Abort::Unknown(error) => Abort::Unknown(error),
        })?;
        write(transaction, user.id, &(self.once.answer)(&user), self.once).await?;
        Ok(user)
    }
}

struct Remember<'a> {
    user: &'a User,
    once: &'a Once<'a>,
}

struct Used(StoreError);

impl From<StoreError> for Used {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl<E: Engine> Work<E> for Remember<'_> {
    type Output = ();
    type Error = Used;
    const IS_REPEATABLE: bool = true;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<Used>> {
        let answer = (self.once.answer)(self.user);
        write(transaction, self.user.id, &answer, self.once).await
    }
}

/// Writes the row. That another call has the key ends the transaction as a defect would, and the row
/// that is found afterwards says that it is none.
async fn write<E: Engine, R: From<StoreError>>(
    transaction: &mut Tx<E>,
    user: UserId,
    answer: &[u8],
    once: &Once<'_>,
) -> Result<(), Abort<R>> {
    let key = Value::Hash(&once.key_hash);
    transaction.execute(&sql::DELETE_EXPIRED_ONE, &[key, Value::Time(once.now)]).await?;
    let values = [
        key,
        Value::Hash(&once.fingerprint),
        Value::Id(user.0),
        Value::Hash(answer),
        Value::Time(once.expire_time),
    ];
    match transaction.execute(&sql::INSERT, &values).await {
        Err(error) if is_duplicate::<E>(&error) => {
            Err(Abort::Refused(crate::fault::store_error::<E>(error).into()))
        }
        result => Ok(result.map(drop)?),
    }
}

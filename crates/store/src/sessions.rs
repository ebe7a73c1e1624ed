//! Sessions: reading, creating and revoking them.

use time::OffsetDateTime;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work};
use crate::decode;
use crate::engine::{Engine, Row, Value, to_micros};
use crate::error::{CreateSessionError, RevokeSessionError, StoreError};
use crate::events::record;
use crate::sql::sessions as sql;
use crate::users::lock;
use crate::{
    Caller, EventDetails, EventKind, ListSessions, NewSession, RecentWrites, Roles, Session,
    SessionId, SessionPage, TokenHash, User, UserId, keyset,
};

mod rotate;

pub(crate) use rotate::rotate;

pub(crate) async fn find<E: Engine>(
    db: &Db<E>,
    id: SessionId,
) -> Result<Option<Session>, StoreError> {
    let decode = |rows: &[Row<E>]| Ok(all::<E>(rows)?.pop());
    db.read(&sql::FIND, &[Value::Id(id.0)], decode).await
}

pub(crate) async fn list<E: Engine>(db: &Db<E>, user: UserId) -> Result<Vec<Session>, StoreError> {
    db.read(&sql::LIST, &[Value::Id(user.0)], all::<E>).await
}

pub(crate) async fn list_page<E: Engine>(
    db: &Db<E>,
    list: &ListSessions,
) -> Result<SessionPage, StoreError> {
    let values = keyset::values(list.user, list.after, list.page_size);
    let found = db.read(&sql::LIST_PAGE, &values, all::<E>).await?;
    let (sessions, next) = keyset::cut(found, list.page_size, Session::position);
    Ok(SessionPage { sessions, next })
}

fn all<E: Engine>(rows: &[Row<E>]) -> Result<Vec<Session>, sqlx::Error> {
    rows.iter().map(|row| decode::session(&mut Columns::<E>::of(row))).collect()
}

pub(crate) async fn find_caller<E: Engine>(
    db: &Db<E>,
    id: SessionId,
) -> Result<Option<Caller>, StoreError> {
    db.read(&sql::FIND_CALLER, &[Value::Id(id.0)], caller::<E>).await
}

/// How many columns a caller has.
const CALLER_COLUMNS: usize = 9;

fn caller<E: Engine>(rows: &[Row<E>]) -> Result<Option<Caller>, sqlx::Error> {
    caller_at::<E>(rows, 0)
}

/// The caller whose columns stand behind so many others.
fn caller_at<E: Engine>(rows: &[Row<E>], behind: usize) -> Result<Option<Caller>, sqlx::Error> {
    let mut found: Option<Caller> = None;
    for row in rows {
        let mut columns = Columns::<E>::of(row);
        columns.skip(behind);
        let session = decode::session(&mut columns)?;
        let user_state = decode::user_state(&mut columns)?;
        let is_deleted = columns.maybe_time()?.is_some();
        let caller = found.get_or_insert_with(|| Caller {
            session,
            user_state,
            is_deleted,
            roles: Roles::none(),
        });
        decode::add_role(&mut caller.roles, &mut columns)?;
    }
    Ok(found)
}

/// The caller with what they wrote lately, if the session is theirs.
pub(crate) async fn find_caller_and_writes<E: Engine>(
    db: &Db<E>,
    id: SessionId,
    user: UserId,
    now: OffsetDateTime,
) -> Result<Option<(Caller, RecentWrites)>, StoreError> {
    let since = RecentWrites::since(now);
    let [one, two, three, four] = RecentWrites::values(user, since);
    let decode = |rows: &[Row<E>]| {
        let (Some(row), Some(caller)) = (rows.first(), caller::<E>(rows)?) else { return Ok(None) };
        let mut columns = Columns::<E>::of(row);
        columns.skip(CALLER_COLUMNS);
        let count = columns.number("count")?;
        Ok(Some((caller, RecentWrites { user, since, count })))
    };
    let values = [one, two, three, four, Value::Id(id.0)];
    db.read(&sql::FIND_CALLER_AND_WRITES, &values, decode).await
}

/// The caller with the user of another id, if there is one.
pub(crate) async fn find_caller_and_user<E: Engine>(
    db: &Db<E>,
    id: SessionId,
    user: UserId,
) -> Result<Option<(Caller, Option<User>)>, StoreError> {
    let decode = |rows: &[Row<E>]| {
        let Some(row) = rows.first() else { return Ok(None) };
        let is_there = Columns::<E>::of(row).maybe_id()?.is_some();
        let user = if is_there { decode::users::<E>(rows)?.pop() } else { None };
        let caller = caller_at::<E>(rows, decode::USER_COLUMNS)?;
        Ok(caller.map(|caller| (caller, user)))
    };
    let values = [Value::Id(user.0), Value::Id(id.0)];
    db.read(&sql::FIND_USER_AND_CALLER, &values, decode).await
}

pub(crate) async fn create<E: Engine>(
    db: &Db<E>,
    new: &NewSession,
) -> Result<Session, CreateSessionError> {
    db.write(&Create(*new)).await
}

struct Create(NewSession);

impl<E: Engine> Work<E> for Create {
    type Output = Session;
    type Error = CreateSessionError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<Session, Abort<CreateSessionError>> {
        let NewSession { id, user_id, token_hash, create_time, expire_time } = self.0;
        match lock(transaction, user_id).await? {
            Some(user) if user.is_active() => {}
            Some(_) | None => return Err(Abort::Refused(CreateSessionError::UserNotActive)),
        }
        let (now, end) = (Value::Time(create_time), Value::Time(expire_time));
        let values = [Value::Id(id.0), Value::Id(user_id.0), now, now, end];
        transaction.execute(&sql::INSERT, &values).await?;
        insert_token(transaction, &token_hash, id, create_time, expire_time).await?;
        let details = EventDetails::of_session(id);
        record(transaction, user_id, EventKind::SessionCreated, create_time, &details).await?;
        let (create_time, expire_time) = (to_micros(create_time), to_micros(expire_time));
        Ok(Session {
            id,
            user_id,
            create_time,
            refresh_time: create_time,
            expire_time,
            revoke_time: None,
        })
    }
}

async fn insert_token<E: Engine>(
    transaction: &mut Tx<E>,
    hash: &TokenHash,
    session: SessionId,
    create_time: OffsetDateTime,
    expire_time: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let values = [
        Value::Hash(&hash.0),
        Value::Id(session.0),
        Value::Time(create_time),
        Value::Time(expire_time),
    ];
    transaction.execute(&sql::INSERT_TOKEN, &values).await.map(drop)
}

pub(crate) async fn revoke<E: Engine>(
    db: &Db<E>,
    user: UserId,
    session: SessionId,
    now: OffsetDateTime,
) -> Result<Session, RevokeSessionError> {
    db.write(&Revoke { user, session, now }).await
}

struct Revoke {
    user: UserId,
    session: SessionId,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for Revoke {
    type Output = Session;
    type Error = RevokeSessionError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<Session, Abort<RevokeSessionError>> {
        lock(transaction, self.user).await?;
        let (user, session) = (Value::Id(self.user.0), Value::Id(self.session.0));
        let values = [Value::Time(self.now), user, session];
        if transaction.execute(&sql::REVOKE, &values).await? > 0 {
            let details = EventDetails::of_session(self.session);
            let kind = EventKind::SessionRevoked;
            record(transaction, self.user, kind, self.now, &details).await?;
        }
        let rows = transaction.fetch(&sql::FIND_OF_USER, &[user, session]).await?;
        all::<E>(&rows)?.pop().ok_or(Abort::Refused(RevokeSessionError::NotFound))
    }
}

pub(crate) async fn revoke_all<E: Engine>(
    db: &Db<E>,
    user: UserId,
    now: OffsetDateTime,
) -> Result<u64, StoreError> {
    db.write(&RevokeAll { user, now }).await
}

struct RevokeAll {
    user: UserId,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for RevokeAll {
    type Output = u64;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<u64, Abort<StoreError>> {
        lock(transaction, self.user).await?;
        let values = [Value::Time(self.now), Value::Id(self.user.0)];
        let ended = transaction.execute(&sql::REVOKE_ALL, &values).await?;
        if ended > 0 {
            let details = EventDetails::of_ended_sessions(ended);
            let kind = EventKind::SessionsRevoked;
            record(transaction, self.user, kind, self.now, &details).await?;
        }
        Ok(ended)
    }
}

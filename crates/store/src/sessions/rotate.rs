use time::{Duration, OffsetDateTime};

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work};
use crate::decode;
use crate::engine::{Engine, Row, Value, to_micros};
use crate::error::RotateError;
use crate::events::record;
use crate::sessions::insert_token;
use crate::sql::sessions as sql;
use crate::users::{LockedUser, reload};
use crate::{EventDetails, EventKind, Refreshed, Rotation, Session};

/// How long whoever lost the answer may ask for it again.
const GRACE: Duration = Duration::seconds(10);

pub(crate) async fn rotate<E: Engine>(
    db: &Db<E>,
    rotation: &Rotation,
) -> Result<Refreshed, RotateError> {
    match db.write(&Rotate(*rotation)).await? {
        Outcome::Refreshed(refreshed) => Ok(*refreshed),
        Outcome::Reused(session) => {
            Err(RotateError::Reused { session_id: session.id, user_id: session.user_id })
        }
    }
}

/// What a committed transaction has done.
enum Outcome {
    Refreshed(Box<Refreshed>),
    Reused(Session),
}

struct Rotate(Rotation);

impl<E: Engine> Work<E> for Rotate {
    type Output = Outcome;
    type Error = RotateError;
    /// The same successor once more is the same rotation.
    const IS_REPEATABLE: bool = true;

    /// Everything is read under the lock of the user, so that of two holders of a token one rotates
    /// it and the other one is seen to use it again.
    async fn run(&self, transaction: &mut Tx<E>) -> Result<Outcome, Abort<RotateError>> {
        let presented = [Value::Hash(&self.0.presented.0)];
        let users = transaction.fetch(&sql::LOCK_USER_OF_TOKEN, &presented).await?;
        let user = users.first().map(LockedUser::from_row::<E>).transpose()?;
        let tokens = transaction.fetch(&sql::FIND_TOKEN, &presented).await?;
        let token = tokens.first().map(Token::from_row::<E>).transpose()?;
        let (Some(user), Some(token)) = (user, token) else {
            return Err(Abort::Refused(RotateError::Unknown));
        };
        let session = match token.verdict(&self.0) {
            Verdict::Mine => token.session,
            Verdict::Reused => return self.revoke(transaction, token.session).await,
            Verdict::Revoked => return Err(Abort::Refused(RotateError::Revoked)),
            Verdict::Expired => return Err(Abort::Refused(RotateError::Expired)),
            Verdict::Fresh if user.is_active() => {
                self.exchange(transaction, &token).await?;
                self.refreshed(token.session)
            }
            Verdict::Fresh => return Err(Abort::Refused(RotateError::UserNotActive)),
        };
        let user = reload(transaction, session.user_id).await?;
        Ok(Outcome::Refreshed(Box::new(Refreshed { session, user })))
    }
}

impl Rotate {
    async fn revoke<E: Engine>(
        &self,
        transaction: &mut Tx<E>,
        session: Session,
    ) -> Result<Outcome, Abort<RotateError>> {
        let (user, id) = (Value::Id(session.user_id.0), Value::Id(session.id.0));
        let values = [Value::Time(self.0.now), user, id];
        // Told once: who holds a dead token could fill the database with it.
        if transaction.execute(&sql::REVOKE, &values).await? > 0 {
            let details = EventDetails::of_session(session.id);
            let kind = EventKind::SessionReused;
            record(transaction, session.user_id, kind, self.0.now, &details).await?;
        }
        Ok(Outcome::Reused(session))
    }

    async fn exchange<E: Engine>(
        &self,
        transaction: &mut Tx<E>,
        token: &Token,
    ) -> Result<(), sqlx::Error> {
        let Rotation { presented, successor, now, expire_time } = &self.0;
        let (id, at) = (token.session.id, Value::Time(*now));
        let used = [at, Value::Hash(&successor.0), Value::Hash(&presented.0)];
        transaction.execute(&sql::USE_TOKEN, &used).await?;
        insert_token(transaction, successor, id, *now, *expire_time).await?;
        let refreshed = [at, Value::Time(*expire_time), Value::Id(id.0)];
        transaction.execute(&sql::REFRESH, &refreshed).await.map(drop)
    }

    fn refreshed(&self, session: Session) -> Session {
        let refresh_time = to_micros(self.0.now);
        Session { refresh_time, expire_time: to_micros(self.0.expire_time), ..session }
    }
}

/// A refresh token and its session as they stand before the rotation.
struct Token {
    session: Session,
    expire_time: OffsetDateTime,
    use_time: Option<OffsetDateTime>,
    successor: Option<Vec<u8>>,
    is_successor_used: bool,
}

enum Verdict {
    Fresh,
    /// This very rotation was committed a moment ago, and its answer was lost on the way.
    Mine,
    Reused,
    Revoked,
    Expired,
}

impl Token {
    fn from_row<E: Engine>(row: &Row<E>) -> Result<Self, sqlx::Error> {
        let mut columns = Columns::<E>::of(row);
        Ok(Self {
            session: decode::session(&mut columns)?,
            expire_time: columns.time("refresh_tokens.expire_time")?,
            use_time: columns.maybe_time()?,
            successor: columns.maybe_hash()?,
            is_successor_used: columns.maybe_time()?.is_some(),
        })
    }

    fn verdict(&self, rotation: &Rotation) -> Verdict {
        let is_revoked = self.session.revoke_time.is_some();
        match self.use_time {
            Some(time) if self.is_mine(rotation, time) && !is_revoked => Verdict::Mine,
            Some(_) => Verdict::Reused,
            None if is_revoked => Verdict::Revoked,
            None if self.expire_time <= rotation.now => Verdict::Expired,
            None => Verdict::Fresh,
        }
    }

    /// In both directions, since the clocks of replicas differ.
    fn is_mine(&self, rotation: &Rotation, use_time: OffsetDateTime) -> bool {
        self.successor.as_deref() == Some(rotation.successor.0.as_slice())
            && !self.is_successor_used
            && (rotation.now - use_time).abs() <= GRACE
    }
}

use time::OffsetDateTime;

use crate::columns::{Columns, inconsistent};
use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Row, Value, to_micros};
use crate::error::StoreError;
use crate::mails::reset::assign;
use crate::mails::token::Given;
use crate::sql::{Statement, mails as sql};
use crate::users;
use crate::{Email, Mail, MailId, MailKind, MailLimits, Notice, PreparedMail, Seed, TokenHash};
use crate::{TokenMail, UserId};

/// How many mails are looked at when one is wanted: others may be faster with the first ones.
const LOOK_AT: i64 = 16;

/// Writes a mail with a token into the outbox.
pub(super) async fn enqueue<E: Engine>(
    transaction: &mut Tx<E>,
    kind: MailKind,
    user: UserId,
    email: &Email,
    mail: &TokenMail,
) -> Result<(), sqlx::Error> {
    let times = (mail.create_time, mail.expire_time);
    insert(transaction, kind, mail.id, Some(user), email, Some(&mail.seed), times).await
}

/// Writes a mail that only tells something into the outbox.
pub(super) async fn enqueue_notice<E: Engine>(
    transaction: &mut Tx<E>,
    kind: MailKind,
    user: UserId,
    email: &Email,
    notice: &Notice,
) -> Result<(), sqlx::Error> {
    let times = (notice.create_time, notice.expire_time);
    insert(transaction, kind, notice.id, Some(user), email, None, times).await
}

pub(super) async fn insert<E: Engine>(
    transaction: &mut Tx<E>,
    kind: MailKind,
    id: MailId,
    user: Option<UserId>,
    email: &Email,
    seed: Option<&Seed>,
    (create_time, expire_time): (OffsetDateTime, OffsetDateTime),
) -> Result<(), sqlx::Error> {
    let values = [
        Value::Id(id.0),
        Value::Text(kind.as_str()),
        Value::MaybeId(user.map(|user| user.0)),
        Value::Text(email.as_str()),
        Value::MaybeHash(seed.map(|seed| seed.0.as_slice())),
        Value::Time(create_time),
        Value::Time(expire_time),
        Value::Time(create_time),
    ];
    transaction.execute(&sql::INSERT, &values).await.map(drop)
}

fn mails<E: Engine>(rows: &[Row<E>]) -> Result<Vec<Mail>, sqlx::Error> {
    let read = |row| {
        let mut columns = Columns::<E>::of(row);
        let id = MailId(columns.id("mails.id")?);
        let kind = MailKind::from_name(&columns.text("mails.kind")?)
            .ok_or_else(|| inconsistent("mails.kind", "has an unknown name"))?;
        let user_id = columns.maybe_id()?.map(UserId);
        let email = Email::stored(columns.text("mails.email")?);
        let seed = columns.maybe_hash()?.and_then(|seed| seed.try_into().ok()).map(Seed);
        Ok(Mail {
            id,
            kind,
            user_id,
            email,
            seed,
            create_time: columns.time("mails.create_time")?,
            expire_time: columns.time("mails.expire_time")?,
            claimed_until: columns.time("mails.due_time")?,
            attempts: u32::try_from(columns.number("mails.attempts")?).unwrap_or(u32::MAX),
        })
    };
    rows.iter().map(read).collect()
}

/// The mail that has waited longest, for the caller alone until then.
pub(crate) async fn claim<E: Engine>(
    db: &Db<E>,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Option<Mail>, StoreError> {
    loop {
        let values = [Value::Time(now), Value::Number(LOOK_AT)];
        let due = db.read(&sql::FIND_DUE, &values, mails::<E>).await?;
        if due.is_empty() {
            return Ok(None);
        }
        for mail in due {
            let seen = mail.claimed_until;
            if db.write(&Claim { id: mail.id, seen, until }).await? {
                let claimed_until = to_micros(until);
                return Ok(Some(Mail { claimed_until, attempts: mail.attempts + 1, ..mail }));
            }
        }
    }
}

struct Claim {
    id: MailId,
    seen: OffsetDateTime,
    until: OffsetDateTime,
}

impl<E: Engine> Work<E> for Claim {
    type Output = bool;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<bool, Abort<StoreError>> {
        let values = [Value::Time(self.until), Value::Id(self.id.0), Value::Time(self.seen)];
        Ok(transaction.execute(&sql::CLAIM, &values).await? > 0)
    }
}

/// What is needed to send a claimed mail; none when it is moot: its token was used or replaced, or there
/// is nobody to write to.
pub(crate) async fn prepare<E: Engine>(
    db: &Db<E>,
    mail: &Mail,
    token: Option<TokenHash>,
    limits: MailLimits,
    now: OffsetDateTime,
) -> Result<Option<PreparedMail>, StoreError> {
    let (user, token_hash) = match (mail.kind, token) {
        (MailKind::ResetPassword, Some(token)) => {
            let Some((user, token)) = assign(db, mail, token, limits, now).await? else {
                return Ok(None);
            };
            (Some(user), Some(token))
        }
        (MailKind::VerifyEmail, _) => {
            let Some(user) = mail.user_id else { return Ok(None) };
            let values = [Value::Id(user.0), Value::Text(mail.kind.as_str())];
            let given = db.read(&sql::FIND_TOKEN_OF_USER, &values, Given::from_rows::<E>).await?;
            let own = given.filter(|given| given.mail_id == mail.id.0 && given.expire_time > now);
            let Some(own) = own else { return Ok(None) };
            (Some(user), Some(own.token_hash))
        }
        (MailKind::ResetPassword, None) => (None, None),
        (MailKind::EmailChangeRequested | MailKind::EmailChanged | MailKind::PasswordReset, _) => {
            (mail.user_id, None)
        }
    };
    let Some(user) = user else { return Ok(None) };
    let user = users::find(db, user).await?.filter(|user| user.delete_time.is_none());
    Ok(user.map(|user| PreparedMail { user, token_hash }))
}

/// The mail is done with; whether it was still the caller's.
pub(crate) async fn remove<E: Engine>(db: &Db<E>, mail: &Mail) -> Result<bool, StoreError> {
    let (id, until) = (Value::Id(mail.id.0), Value::Time(mail.claimed_until));
    db.write(&One(&sql::REMOVE, vec![id, until])).await.map(|rows| rows > 0)
}

/// The mail is to be tried again; whether it was still the caller's.
pub(crate) async fn defer<E: Engine>(
    db: &Db<E>,
    mail: &Mail,
    due: OffsetDateTime,
    failure: &str,
) -> Result<bool, StoreError> {
    let (id, until) = (Value::Id(mail.id.0), Value::Time(mail.claimed_until));
    let values = vec![Value::Time(due), Value::Text(failure), id, until];
    db.write(&One(&sql::DEFER, values)).await.map(|rows| rows > 0)
}

/// The mail is given up; whether it was still the caller's.
pub(crate) async fn bury<E: Engine>(
    db: &Db<E>,
    mail: &Mail,
    now: OffsetDateTime,
    failure: &str,
) -> Result<bool, StoreError> {
    let (id, until) = (Value::Id(mail.id.0), Value::Time(mail.claimed_until));
    let values = vec![Value::Time(now), Value::Text(failure), id, until];
    db.write(&One(&sql::BURY, values)).await.map(|rows| rows > 0)
}

/// How many mails were given up.
pub(crate) async fn count_dead<E: Engine>(db: &Db<E>) -> Result<u64, StoreError> {
    let decode = |rows: &[Row<E>]| match rows.first() {
        Some(row) => Columns::<E>::of(row).number("count"),
        None => Ok(0),
    };
    Ok(db.read(&sql::COUNT_DEAD, &[], decode).await?.unsigned_abs())
}

/// Removes tokens that ended before `now`, and counts and given-up mails of before `kept`.
pub(crate) async fn sweep<E: Engine>(
    db: &Db<E>,
    now: OffsetDateTime,
    limits_from: OffsetDateTime,
    dead_from: OffsetDateTime,
) -> Result<(), StoreError> {
    db.write(&One(&sql::SWEEP_TOKENS, vec![Value::Time(now)])).await?;
    db.write(&One(&sql::SWEEP_LIMITS, vec![Value::Time(limits_from)])).await?;
    db.write(&One(&sql::SWEEP_DEAD, vec![Value::Time(dead_from)])).await.map(drop)
}

/// One statement; the number of rows that it matched.
struct One<'a>(&'static Statement, Vec<Value<'a>>);

impl<E: Engine> Work<E> for One<'_> {
    type Output = u64;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<u64, Abort<StoreError>> {
        Ok(transaction.execute(self.0, &self.1).await?)
    }
}

use time::OffsetDateTime;

use crate::columns::Columns;
use crate::db::{Abort, Tx, is_duplicate};
use crate::engine::{Engine, Value};
use crate::sql::mails as sql;
use crate::{Email, MailLimits, TokenHash, UserId};

/// Counts a mail for an account and then for an address; when more may be asked for, if that was too many.
///
/// Counters are locked after the user, and that of the account before that of the address.
pub(super) async fn take_both<E: Engine, R>(
    transaction: &mut Tx<E>,
    limits: MailLimits,
    user: UserId,
    email: &Email,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, Abort<R>> {
    if let Some(until) = take_account(transaction, limits, user, now).await? {
        return Ok(Some(until));
    }
    take_address(transaction, limits, email, now).await
}

/// Counts the two mails of a change of address for the account, and one for the new address.
///
/// The warning to the old address goes in any case: requests of strangers for that address keep nobody from leaving it.
pub(super) async fn take_change<E: Engine, R>(
    transaction: &mut Tx<E>,
    limits: MailLimits,
    user: UserId,
    email: &Email,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, Abort<R>> {
    if let Some(until) = take_account(transaction, limits, user, now).await? {
        return Ok(Some(until));
    }
    take_both(transaction, limits, user, email, now).await
}

pub(super) async fn take_account<E: Engine, R>(
    transaction: &mut Tx<E>,
    limits: MailLimits,
    user: UserId,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, Abort<R>> {
    let subject = TokenHash::of(format!("account:{user}").as_bytes());
    take(transaction, limits, limits.per_account, &subject, now).await
}

pub(super) async fn take_address<E: Engine, R>(
    transaction: &mut Tx<E>,
    limits: MailLimits,
    email: &Email,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, Abort<R>> {
    let subject = TokenHash::of(format!("address:{}", email.key()).as_bytes());
    take(transaction, limits, limits.per_address, &subject, now).await
}

async fn take<E: Engine, R>(
    transaction: &mut Tx<E>,
    limits: MailLimits,
    most: u32,
    subject: &TokenHash,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, Abort<R>> {
    let over = Value::Time(now - limits.window);
    let (subject, now) = (Value::Hash(&subject.0), Value::Time(now));
    if transaction.execute(&sql::COUNT_REQUEST, &[over, over, now, subject]).await? == 0 {
        match transaction.execute(&sql::INSERT_LIMIT, &[subject, now]).await {
            Err(error) if is_duplicate::<E>(&error) => return Err(Abort::Overtaken(error)),
            result => result?,
        };
    }
    let rows = transaction.fetch(&sql::FIND_LIMIT, &[subject]).await?;
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let mut columns = Columns::<E>::of(row);
    let mails = columns.number("mail_limits.mails")?;
    let begin = columns.time("mail_limits.window_time")?;
    Ok((mails > i64::from(most)).then(|| begin + limits.window))
}

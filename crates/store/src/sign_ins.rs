//! Counts attempts to sign in *before* their passwords are looked at: of many at once, on whatever
//! replica, no more are let through than one after the other.

use time::OffsetDateTime;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Value};
use crate::error::{BeginSignInError, StoreError};
use crate::sign_in::{Count, Counts, forgotten, recent};
use crate::sql::sign_ins as sql;
use crate::{BegunSignIn, SignInAttempt, SignInEnd, TokenHash, users};

pub(crate) async fn begin<E: Engine>(
    db: &Db<E>,
    attempt: &SignInAttempt,
) -> Result<BegunSignIn, BeginSignInError> {
    db.write(&Begin(*attempt)).await
}

struct Begin(SignInAttempt);

impl<E: Engine> Work<E> for Begin {
    type Output = BegunSignIn;
    type Error = BeginSignInError;

    /// Locks what is narrow before what is wide, always in this order.
    async fn run(&self, transaction: &mut Tx<E>) -> Result<BegunSignIn, Abort<BeginSignInError>> {
        let attempt = self.0;
        let now = attempt.time;
        let counts = Counts {
            place: find(transaction, Some(attempt.place)).await?,
            account: find(transaction, attempt.account).await?,
            origin: find(transaction, attempt.origin).await?,
        };
        if let Some(until) = counts.pause(attempt.is_shared, now) {
            return Err(Abort::Refused(BeginSignInError::Limited { until }));
        }
        let is_known = counts.is_known(now);
        count(transaction, attempt.place, counts.place, now).await?;
        // Who guesses where the account is at home is held back there.
        if let Some(account) = attempt.account.filter(|_| !is_known) {
            count(transaction, account, counts.account, now).await?;
        }
        if let Some(origin) = attempt.origin {
            count(transaction, origin, counts.origin, now).await?;
        }
        Ok(BegunSignIn { attempt, is_known })
    }
}

async fn find<E: Engine>(
    transaction: &mut Tx<E>,
    subject: Option<TokenHash>,
) -> Result<Option<Count>, sqlx::Error> {
    let Some(subject) = subject else { return Ok(None) };
    let rows = transaction.fetch(&sql::LOCK, &[Value::Hash(&subject.0)]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut columns = Columns::<E>::of(row);
    Ok(Some(Count {
        failures: columns.number("sign_in_attempts.failures")?,
        last: columns.time("sign_in_attempts.failure_time")?,
        is_known: columns.maybe_id()?.is_some(),
    }))
}

async fn count<E: Engine>(
    transaction: &mut Tx<E>,
    subject: TokenHash,
    before: Option<Count>,
    now: OffsetDateTime,
) -> Result<(), Abort<BeginSignInError>> {
    let is_known = before.is_some_and(|count| count.is_known);
    let values = [
        Value::Number(recent(before, now).saturating_add(1)),
        Value::Time(now),
        Value::Time(forgotten(is_known, now)),
        Value::Hash(&subject.0),
    ];
    if before.is_some() {
        return Ok(transaction.execute(&sql::COUNT, &values).await.map(drop)?);
    }
    // Nothing was there to be locked: who was faster has counted what is not known here.
    match transaction.execute(&sql::INSERT, &values).await {
        Err(error) if is_duplicate::<E>(&error) => Err(Abort::Overtaken(error)),
        result => Ok(result.map(drop)?),
    }
}

pub(crate) async fn end<E: Engine>(
    db: &Db<E>,
    begun: &BegunSignIn,
    end: SignInEnd,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    db.write(&End { begun: *begun, how: end, now }).await
}

struct End {
    begun: BegunSignIn,
    how: SignInEnd,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for End {
    type Output = ();
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<StoreError>> {
        let BegunSignIn { attempt, is_known } = self.begun;
        let place = Value::Hash(&attempt.place.0);
        match self.how {
            SignInEnd::Right(user) => {
                let until = Value::Time(forgotten(true, self.now));
                let values = [Value::Id(user.0), Value::Time(self.now), until, place];
                // Who is gone by now, purged or erased, is known nowhere.
                if users::lock(transaction, user).await?.is_some() {
                    transaction.execute(&sql::SET_KNOWN, &values).await?;
                }
            }
            SignInEnd::Unchecked => {
                transaction.execute(&sql::REFUND, &[place]).await?;
            }
        }
        let account = attempt.account.filter(|_| !is_known);
        for subject in account.iter().chain(&attempt.origin) {
            transaction.execute(&sql::REFUND, &[Value::Hash(&subject.0)]).await?;
        }
        Ok(())
    }
}

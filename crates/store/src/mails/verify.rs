use time::OffsetDateTime;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work, is_duplicate};
use crate::engine::{Engine, Row, Value};
use crate::error::{ChangeEmailError, RequestVerificationError, StoreError, VerifyEmailError};
use crate::events::record;
use crate::mails::limit::{take_both, take_change};
use crate::mails::outbox::{enqueue, enqueue_notice};
use crate::mails::token;
use crate::sql::mails as sql;
use crate::users::{lock, reload};
use crate::{
    Email, EmailChange, EventDetails, EventKind, MailKind, MailLimits, Notice, TokenHash,
    TokenMail, User, UserId,
};

const KIND: MailKind = MailKind::VerifyEmail;

/// Writes the token and its mail; the caller holds the lock of the user.
pub(crate) async fn write_verification<E: Engine>(
    transaction: &mut Tx<E>,
    user: UserId,
    email: &Email,
    mail: &TokenMail,
) -> Result<(), sqlx::Error> {
    token::replace(transaction, user, KIND, email, mail).await?;
    enqueue(transaction, KIND, user, email, mail).await
}

/// Writes a change that waits for its verification; the caller holds the lock of the user.
pub(crate) async fn write_change<E: Engine>(
    transaction: &mut Tx<E>,
    user: &User,
    change: &EmailChange,
) -> Result<(), Abort<ChangeEmailError>> {
    let EmailChange { email, verification, notice, limits } = change;
    let now = verification.create_time;
    if let Some(until) = take_change(transaction, *limits, user.id, email, now).await? {
        return Err(Abort::Refused(ChangeEmailError::Limited { until }));
    }
    let values = [Value::Text(email.as_str()), Value::Time(now), Value::Id(user.id.0)];
    if transaction.execute(&sql::REPLACE_PENDING, &values).await? == 0 {
        transaction.execute(&sql::INSERT_PENDING, &values).await?;
    }
    write_verification(transaction, user.id, email, verification).await?;
    let event = EventKind::EmailChangeRequested;
    record(transaction, user.id, event, now, &EventDetails::default()).await?;
    let kind = MailKind::EmailChangeRequested;
    Ok(enqueue_notice(transaction, kind, user.id, &user.email, notice).await?)
}

/// The address that waits to be verified.
pub(crate) async fn pending<E: Engine>(
    db: &Db<E>,
    user: UserId,
) -> Result<Option<Email>, StoreError> {
    db.read(&sql::FIND_PENDING, &[Value::Id(user.0)], email::<E>).await
}

fn email<E: Engine>(rows: &[Row<E>]) -> Result<Option<Email>, sqlx::Error> {
    let Some(row) = rows.first() else { return Ok(None) };
    Columns::<E>::of(row).text("pending_emails.email").map(|text| Some(Email::stored(text)))
}

async fn find_pending<E: Engine>(
    transaction: &mut Tx<E>,
    user: UserId,
) -> Result<Option<Email>, sqlx::Error> {
    email::<E>(&transaction.fetch(&sql::FIND_PENDING, &[Value::Id(user.0)]).await?)
}

/// The address stays as it is after all; nothing happens where no change of it waits.
pub(crate) async fn withdraw_change<E: Engine>(
    db: &Db<E>,
    user: UserId,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    db.write(&Withdraw { user, now }).await
}

struct Withdraw {
    user: UserId,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for Withdraw {
    type Output = ();
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<StoreError>> {
        let Self { user, now } = *self;
        if lock(transaction, user).await?.is_none()
            || find_pending(transaction, user).await?.is_none()
        {
            return Ok(());
        }
        let values = [Value::Id(user.0), Value::Text(KIND.as_str())];
        transaction.execute(&sql::DELETE_TOKEN, &values).await?;
        transaction.execute(&sql::DELETE_PENDING, &[Value::Id(user.0)]).await?;
        let details = EventDetails::of_fields(&["email"]);
        Ok(record(transaction, user, EventKind::UserUpdated, now, &details).await?)
    }
}

pub(crate) async fn request_verification<E: Engine>(
    db: &Db<E>,
    user: UserId,
    mail: &TokenMail,
    limits: MailLimits,
) -> Result<(), RequestVerificationError> {
    db.write(&Request { user, mail, limits }).await
}

struct Request<'a> {
    user: UserId,
    mail: &'a TokenMail,
    limits: MailLimits,
}

impl<E: Engine> Work<E> for Request<'_> {
    type Output = ();
    type Error = RequestVerificationError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<RequestVerificationError>> {
        let refused = |error| Err(Abort::Refused(error));
        match lock(transaction, self.user).await? {
            Some(user) if !user.is_deleted() => {}
            Some(_) | None => return refused(RequestVerificationError::NotFound),
        }
        let user = reload(transaction, self.user).await?;
        let email = match find_pending(transaction, user.id).await? {
            Some(pending) => pending,
            None if user.email_verified => {
                return refused(RequestVerificationError::AlreadyVerified);
            }
            None => user.email,
        };
        let now = self.mail.create_time;
        if let Some(until) = take_both(transaction, self.limits, user.id, &email, now).await? {
            return refused(RequestVerificationError::Limited { until });
        }
        Ok(write_verification(transaction, user.id, &email, self.mail).await?)
    }
}

pub(crate) async fn verify<E: Engine>(
    db: &Db<E>,
    token: &TokenHash,
    notice: &Notice,
) -> Result<User, VerifyEmailError> {
    db.write(&Verify { token, notice }).await
}

struct Verify<'a> {
    token: &'a TokenHash,
    notice: &'a Notice,
}

impl<E: Engine> Work<E> for Verify<'_> {
    type Output = User;
    type Error = VerifyEmailError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<VerifyEmailError>> {
        let now = self.notice.create_time;
        let shown = token::show(transaction, KIND, self.token, now).await?;
        let Some(shown) = shown.filter(|shown| !shown.user.is_deleted()) else {
            return Err(Abort::Refused(VerifyEmailError::TokenInvalid));
        };
        let id = shown.user_id;
        let user = reload(transaction, id).await?;
        let pending = find_pending(transaction, id).await?;
        if let Some(pending) = pending.filter(|pending| pending.key() == shown.email_key) {
            self.change(transaction, &user, &pending).await?;
        } else if user.email.key() == shown.email_key {
            let shown_one = [Value::Id(id.0), Value::Text(KIND.as_str())];
            transaction.execute(&sql::DELETE_TOKEN, &shown_one).await?;
            let values = [Value::Time(now), Value::Id(id.0)];
            if transaction.execute(&sql::VERIFY, &values).await? > 0 {
                let details = EventDetails::of_fields(&["email_verified"]);
                record(transaction, id, EventKind::EmailVerified, now, &details).await?;
            }
        } else {
            return Err(Abort::Refused(VerifyEmailError::TokenInvalid));
        }
        Ok(reload(transaction, id).await?)
    }
}

impl Verify<'_> {
    /// The pending address becomes the real one. Tokens that went to the old one end.
    async fn change<E: Engine>(
        &self,
        transaction: &mut Tx<E>,
        user: &User,
        email: &Email,
    ) -> Result<(), Abort<VerifyEmailError>> {
        let key = email.key();
        let now = Value::Time(self.notice.create_time);
        let values = [Value::Text(email.as_str()), Value::Text(&key), now, Value::Id(user.id.0)];
        match transaction.execute(&sql::CHANGE_EMAIL, &values).await {
            Err(error) if is_duplicate::<E>(&error) => {
                return Err(Abort::Refused(VerifyEmailError::EmailTaken));
            }
            result => result?,
        };
        token::forget(transaction, user.id).await?;
        let details = EventDetails::of_fields(&["email", "email_verified"]);
        let time = self.notice.create_time;
        record(transaction, user.id, EventKind::EmailChanged, time, &details).await?;
        let kind = MailKind::EmailChanged;
        Ok(enqueue_notice(transaction, kind, user.id, &user.email, self.notice).await?)
    }
}

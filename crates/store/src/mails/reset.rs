use time::OffsetDateTime;

use crate::columns::Columns;
use crate::db::{Abort, Db, Tx, Work};
use crate::engine::{Engine, Row, Value};
use crate::error::{ResetPasswordError, StoreError};
use crate::events::record;
use crate::mails::limit::{take_account, take_address};
use crate::mails::outbox::{enqueue_notice, insert};
use crate::mails::token::{self, Given};
use crate::sql::{mails as sql, sessions};
use crate::users::{LockedUser, reload, write_hash};
use crate::{
    EventDetails, EventKind, Mail, MailKind, MailLimits, PasswordReset, PasswordResetRequest,
    TokenHash, TokenMail, User, UserId,
};

const KIND: MailKind = MailKind::ResetPassword;

pub(crate) async fn request_reset<E: Engine>(
    db: &Db<E>,
    request: &PasswordResetRequest,
) -> Result<(), StoreError> {
    db.write(&Request(request)).await
}

struct Request<'a>(&'a PasswordResetRequest);

impl<E: Engine> Work<E> for Request<'_> {
    type Output = ();
    type Error = StoreError;

    /// Nothing here looks for the account.
    async fn run(&self, transaction: &mut Tx<E>) -> Result<(), Abort<StoreError>> {
        let PasswordResetRequest { email, id, seed, create_time, expire_time, limits } = self.0;
        if take_address(transaction, *limits, email, *create_time).await?.is_some() {
            return Ok(());
        }
        let times = (*create_time, *expire_time);
        Ok(insert(transaction, KIND, *id, None, email, Some(seed), times).await?)
    }
}

/// Finds whom a mail that was asked for is for, and gives them the token; none when there is nobody, or the
/// account has a newer one. Done again it gives the same.
pub(super) async fn assign<E: Engine>(
    db: &Db<E>,
    mail: &Mail,
    token: TokenHash,
    limits: MailLimits,
    now: OffsetDateTime,
) -> Result<Option<(UserId, TokenHash)>, StoreError> {
    db.write(&Assign { mail, token, limits, now }).await
}

struct Assign<'a> {
    mail: &'a Mail,
    token: TokenHash,
    limits: MailLimits,
    now: OffsetDateTime,
}

impl<E: Engine> Work<E> for Assign<'_> {
    type Output = Option<(UserId, TokenHash)>;
    type Error = StoreError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<Self::Output, Abort<StoreError>> {
        let mail = self.mail;
        let (Some(seed), true) = (mail.seed, mail.expire_time > self.now) else { return Ok(None) };
        let key = mail.email.key();
        let rows = transaction.fetch(&sql::LOCK_USER_OF_EMAIL, &[Value::Text(&key)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        if !LockedUser::from_row::<E>(row)?.is_active() {
            return Ok(None);
        }
        let mut columns = Columns::<E>::of(row);
        columns.skip(2);
        let user = UserId(columns.id("users.id")?);
        let values = [Value::Id(user.0), Value::Text(KIND.as_str())];
        let rows = transaction.fetch(&sql::FIND_TOKEN_OF_USER, &values).await?;
        let given = Given::from_rows::<E>(&rows)?;
        if let Some(own) = given.as_ref().filter(|given| given.mail_id == mail.id.0) {
            return Ok(Some((user, own.token_hash)));
        }
        let is_older = given.is_some_and(|given| given.create_time > mail.create_time);
        // Who was found before has lost the token since: it was used or replaced.
        if is_older || mail.user_id.is_some() {
            return Ok(None);
        }
        if take_account(transaction, self.limits, user, self.now).await?.is_some() {
            return Ok(None);
        }
        let until = Value::Time(mail.claimed_until);
        let values = [Value::Id(user.0), Value::Id(mail.id.0), until];
        if transaction.execute(&sql::ASSIGN, &values).await? == 0 {
            return Ok(None);
        }
        let new = TokenMail {
            id: mail.id,
            seed,
            token_hash: self.token,
            create_time: mail.create_time,
            expire_time: mail.expire_time,
        };
        token::replace(transaction, user, KIND, &mail.email, &new).await?;
        let event = EventKind::PasswordResetRequested;
        record(transaction, user, event, mail.create_time, &EventDetails::default()).await?;
        Ok(Some((user, self.token)))
    }
}

/// Whether a token would be taken now: asked before the new password is hashed, which is dear.
pub(crate) async fn has_reset_token<E: Engine>(
    db: &Db<E>,
    token: &TokenHash,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let values = [Value::Hash(&token.0), Value::Text(KIND.as_str()), Value::Time(now)];
    let decode = |rows: &[Row<E>]| match rows.first() {
        Some(row) => Columns::<E>::of(row).number("count"),
        None => Ok(0),
    };
    Ok(db.read(&sql::COUNT_USABLE_TOKENS, &values, decode).await? > 0)
}

pub(crate) async fn reset<E: Engine>(
    db: &Db<E>,
    reset: &PasswordReset,
) -> Result<User, ResetPasswordError> {
    db.write(&Reset(reset)).await
}

struct Reset<'a>(&'a PasswordReset);

impl<E: Engine> Work<E> for Reset<'_> {
    type Output = User;
    type Error = ResetPasswordError;

    async fn run(&self, transaction: &mut Tx<E>) -> Result<User, Abort<ResetPasswordError>> {
        let PasswordReset { token_hash, password_hash, notice } = self.0;
        let now = notice.create_time;
        let shown = token::show(transaction, KIND, token_hash, now).await?;
        let Some(shown) = shown.filter(|shown| shown.user.is_active()) else {
            return Err(Abort::Refused(ResetPasswordError::TokenInvalid));
        };
        let id = shown.user_id;
        write_hash(transaction, id, password_hash, now).await?;
        // Who has the mail has the address.
        if reload(transaction, id).await?.email.key() == shown.email_key {
            let values = [Value::Time(now), Value::Id(id.0)];
            if transaction.execute(&sql::VERIFY, &values).await? > 0 {
                let details = EventDetails::of_fields(&["email_verified"]);
                record(transaction, id, EventKind::EmailVerified, now, &details).await?;
            }
        }
        token::forget(transaction, id).await?;
        let values = [Value::Time(now), Value::Id(id.0)];
        let ended = transaction.execute(&sessions::REVOKE_ALL, &values).await?;
        let details = EventDetails::of_ended_sessions(ended);
        record(transaction, id, EventKind::PasswordReset, now, &details).await?;
        let user = reload(transaction, id).await?;
        enqueue_notice(transaction, MailKind::PasswordReset, id, &user.email, notice).await?;
        Ok(user)
    }
}

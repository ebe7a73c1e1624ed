use time::OffsetDateTime;

use crate::columns::{Columns, inconsistent};
use crate::db::{Abort, Tx};
use crate::engine::{Engine, Row, Value};
use crate::sql::mails as sql;
use crate::users::LockedUser;
use crate::{Email, MailKind, TokenHash, TokenMail, UserId};

/// Puts a token in the place of the one of its kind that the account has.
pub(super) async fn replace<E: Engine>(
    transaction: &mut Tx<E>,
    user: UserId,
    kind: MailKind,
    email: &Email,
    mail: &TokenMail,
) -> Result<(), sqlx::Error> {
    let key = email.key();
    let values = [
        Value::Hash(&mail.token_hash.0),
        Value::Id(mail.id.0),
        Value::Text(&key),
        Value::Time(mail.create_time),
        Value::Time(mail.expire_time),
        Value::Id(user.0),
        Value::Text(kind.as_str()),
    ];
    if transaction.execute(&sql::REPLACE_TOKEN, &values).await? == 0 {
        transaction.execute(&sql::INSERT_TOKEN, &values).await?;
    }
    Ok(())
}

/// What an account was given last.
pub(super) struct Given {
    pub(super) token_hash: TokenHash,
    pub(super) mail_id: uuid::Uuid,
    pub(super) create_time: OffsetDateTime,
    pub(super) expire_time: OffsetDateTime,
}

impl Given {
    pub(super) fn from_rows<E: Engine>(rows: &[Row<E>]) -> Result<Option<Self>, sqlx::Error> {
        let Some(row) = rows.first() else { return Ok(None) };
        let mut columns = Columns::<E>::of(row);
        let hash = columns.maybe_hash()?.and_then(|hash| hash.try_into().ok());
        let wrong = || inconsistent("account_tokens.token_hash", "is no SHA-256");
        Ok(Some(Self {
            token_hash: TokenHash(hash.ok_or_else(wrong)?),
            mail_id: columns.id("account_tokens.mail_id")?,
            create_time: columns.time("account_tokens.create_time")?,
            expire_time: columns.time("account_tokens.expire_time")?,
        }))
    }
}

/// Whose a token is that was shown, and where it was sent.
pub(super) struct Shown {
    pub(super) user_id: UserId,
    pub(super) email_key: String,
    pub(super) user: LockedUser,
}

/// Locks the user whom a token leads to, and reads the token under that lock: of two who show the same
/// one, the second finds none.
pub(super) async fn show<E: Engine, R>(
    transaction: &mut Tx<E>,
    kind: MailKind,
    token: &TokenHash,
    now: OffsetDateTime,
) -> Result<Option<Shown>, Abort<R>> {
    let (hash, kind) = (Value::Hash(&token.0), Value::Text(kind.as_str()));
    let users = transaction.fetch(&sql::LOCK_USER_OF_TOKEN, &[hash, kind]).await?;
    let tokens = transaction.fetch(&sql::FIND_TOKEN, &[hash, kind, Value::Time(now)]).await?;
    let (Some(user), Some(token)) = (users.first(), tokens.first()) else { return Ok(None) };
    let user = LockedUser::from_row::<E>(user)?;
    let mut columns = Columns::<E>::of(token);
    let user_id = UserId(columns.id("account_tokens.user_id")?);
    let email_key = columns.text("account_tokens.email_key")?;
    Ok(Some(Shown { user_id, email_key, user }))
}

/// Ends every token of an account, and the change of address that waits for one. Mails that carry
/// such a token are not sent any more.
pub(crate) async fn forget<E: Engine>(
    transaction: &mut Tx<E>,
    user: UserId,
) -> Result<(), sqlx::Error> {
    let user = [Value::Id(user.0)];
    transaction.execute(&sql::DELETE_TOKENS, &user).await?;
    transaction.execute(&sql::DELETE_PENDING, &user).await.map(drop)
}

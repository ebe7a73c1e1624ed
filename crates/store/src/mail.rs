use std::fmt;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{Email, MailKind, TokenHash, User, UserId};

/// The id of a mail, the same at each attempt to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailId(pub Uuid);

impl fmt::Display for MailId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What a mail's token is made of, together with a secret that the database does not hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seed(..)")
    }
}

/// A mail to be written that says something and asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The id, made by the caller.
    pub id: MailId,
    /// Now, by the caller's clock.
    pub create_time: OffsetDateTime,
    /// When it is of no use any more.
    pub expire_time: OffsetDateTime,
}

/// A mail to be written with a token that its reader shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenMail {
    /// The id, made by the caller.
    pub id: MailId,
    /// What the token is made of.
    pub seed: Seed,
    /// The hash of the token.
    pub token_hash: TokenHash,
    /// Now, by the caller's clock.
    pub create_time: OffsetDateTime,
    /// When the token ends.
    pub expire_time: OffsetDateTime,
}

/// How many mails may be asked for within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailLimits {
    /// How long a count lasts, from the first mail on.
    pub window: Duration,
    /// How many to one address, whether it belongs to somebody or not.
    pub per_address: u32,
    /// How many for one account, to whatever address.
    pub per_account: u32,
}

/// A change of the e-mail address, which acts once the new one was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    /// The address that the account shall have.
    pub email: Email,
    /// The mail to the new address.
    pub verification: TokenMail,
    /// The mail to the address that the account has.
    pub notice: Notice,
    /// How often this may be asked for.
    pub limits: MailLimits,
}

/// A wish for a mail that leads to a new password. Whose it is, is looked up when it is sent: so to ask
/// for an address without an account costs the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordResetRequest {
    /// The address.
    pub email: Email,
    /// The id of the mail, made by the caller.
    pub id: MailId,
    /// What the token will be made of.
    pub seed: Seed,
    /// Now, by the caller's clock.
    pub create_time: OffsetDateTime,
    /// When the token will end.
    pub expire_time: OffsetDateTime,
    /// How often this may be asked for.
    pub limits: MailLimits,
}

/// A new password from somebody who shows a token.
#[derive(Clone)]
pub struct PasswordReset {
    /// The hash of the token.
    pub token_hash: TokenHash,
    /// The hash of the new password as a PHC string of at most 512 characters.
    pub password_hash: String,
    /// The mail that tells the user.
    pub notice: Notice,
}

impl fmt::Debug for PasswordReset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PasswordReset").finish_non_exhaustive()
    }
}

/// A mail that the caller has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The id.
    pub id: MailId,
    /// What it tells.
    pub kind: MailKind,
    /// Whom it is about; unknown until it is prepared if somebody asked for an address only.
    pub user_id: Option<UserId>,
    /// Where it goes.
    pub email: Email,
    /// What its token is made of, if it has one.
    pub seed: Option<Seed>,
    /// When it was written.
    pub create_time: OffsetDateTime,
    /// When it is of no use any more.
    pub expire_time: OffsetDateTime,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// Until when nobody else claims it; what else is done with it depends on that.
    pub claimed_until: OffsetDateTime,
}

/// What is needed to send a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedMail {
    /// Whom it is about, as they are now.
    pub user: User,
    /// The hash of the token that it must carry, if it carries one.
    pub token_hash: Option<TokenHash>,
}

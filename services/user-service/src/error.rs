//! What can go wrong, by what the caller can do about it.

mod status;

use std::time::Duration;

use artisan_store::{FilterError, Invalid, StoreError};
use thiserror::Error;

use crate::hash::HashError;
use crate::token::TokenError;

pub(crate) use status::{chain, complete, has_details};

/// The `domain` of every `ErrorInfo`.
pub const DOMAIN: &str = "artisan.user.v1";

/// A field of the request that is wrong, by its proto path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Such as `user.address.zip_code`.
    pub(crate) field: String,
    /// What to write instead; never what was written.
    pub(crate) description: String,
}

impl Violation {
    pub(crate) fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// The error of every handler.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// The request is wrong: correct these fields.
    #[error("the request is not valid")]
    Invalid(Vec<Violation>),
    /// The filter is wrong: correct what stands at the position.
    #[error("the filter is not valid")]
    Filter(FilterError),
    /// The id belongs to another request: take a new one.
    #[error("the request id was used for another request")]
    RequestIdReused,
    /// The page token is of no use with this request: begin at the first page.
    #[error("the page token does not belong to this request")]
    PageToken,
    /// The token is of no use here: begin without one.
    #[error("the resume token is not valid")]
    ResumeToken,
    /// Take events faster: resume where it ended.
    #[error("the watcher did not keep up with the events")]
    WatcherTooSlow,
    /// Resume elsewhere: this process ends.
    #[error("the service is shutting down")]
    ShuttingDown,
    /// A stream ended, and can be resumed once its cause is dealt with.
    #[error("{error}")]
    StreamEnded {
        /// Why.
        error: Box<Error>,
        /// Where to go on.
        resume_token: String,
    },
    /// Sign in.
    #[error("credentials are missing")]
    CredentialsMissing,
    /// Refresh, or sign in again.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The session was revoked, or its user is gone or locked: sign in again.
    #[error("the session has ended")]
    SessionEnded,
    /// E-mail address or password are wrong: try others.
    #[error("the e-mail address or the password is wrong")]
    Credentials,
    /// The password is right, but the account is locked: ask an administrator.
    #[error("the account is not active")]
    AccountNotActive,
    /// Sign in again.
    #[error("the refresh token is not valid")]
    RefreshToken,
    /// Somebody else may have the token: the session was revoked, sign in again.
    #[error("the refresh token was used before")]
    RefreshTokenReused,
    /// The token is good, but its service is none that is let in: ask the operator.
    #[error("the token's service is not let in")]
    ServiceUnknown,
    /// The caller may not do this.
    #[error("the caller may not do this")]
    Denied,
    /// The caller may not write this field.
    #[error("only administrators write this field")]
    FieldDenied(&'static str),
    /// There is no such user.
    #[error("there is no such user")]
    UserNotFound,
    /// The user is deleted: undelete it before.
    #[error("the user is deleted")]
    UserDeleted,
    /// Another account has the e-mail address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// Another account has the id.
    #[error("the user id is taken")]
    UserIdTaken,
    /// There are no such users: leave their names out.
    #[error("there is no such user: {}", .0.join(", "))]
    UsersNotFound(Vec<String>),
    /// There is no such session of this user.
    #[error("the user has no such session")]
    SessionNotFound,
    /// There is nothing to undelete.
    #[error("the user is not deleted")]
    UserNotDeleted,
    /// Too late to undelete: the user is about to be purged.
    #[error("the time in which the user could be restored is over")]
    PurgeDue,
    /// The current password is another one: type it again.
    #[error("the current password is wrong")]
    CurrentPassword,
    /// The last administrator must stay one: appoint another before.
    #[error("the last active administrator must stay one: appoint another one first")]
    LastAdmin,
    /// The address that waited to be verified belongs to another account by now: ask for another one.
    #[error("the e-mail address is taken by another account: ask for another one")]
    NewEmailTaken,
    /// The token from a mail is of no use: ask for a new mail.
    #[error(
        "the token was used or replaced, has expired, or was never given out: ask for a new one"
    )]
    MailToken,
    /// There is nothing to be verified.
    #[error("the e-mail address is verified already")]
    EmailVerified,
    /// Come back later.
    #[error("too many messages were asked for: look for those that were sent, or ask again later")]
    MailsLimited {
        /// When the next one may be asked for.
        retry_after: Duration,
    },
    /// This installation sends no mail: an operator can set that up.
    #[error("this service sends no messages, so it cannot do this: ask its operator")]
    MailNotConfigured,
    /// Somebody else was faster: read, and change again.
    #[error("the etag is stale")]
    EtagMismatch,
    /// Come back later.
    #[error("too many passwords wait to be checked")]
    Overloaded {
        /// When there should be room.
        retry_after: Duration,
    },
    /// Come back later, or try another replica.
    #[error("too many calls at the same time")]
    TooManyCalls,
    /// Send it uncompressed.
    #[error("{0}")]
    Compressed(&'static str),
    /// The connection is old: go on over a new one.
    #[error("the connection has reached its age")]
    ConnectionOld,
    /// Come back later, or show the right password elsewhere.
    #[error("too many attempts to sign in have failed: try again later")]
    SignInsLimited {
        /// When the next one may be made.
        retry_after: Duration,
    },
    /// Give more time.
    #[error("the deadline has passed")]
    DeadlineExceeded,
    /// The database does not answer now: try again.
    #[error("the service is not available for the moment")]
    Unavailable(#[source] Cause),
    /// Too many write the same at once: try again. Nothing was written.
    #[error("too many changes at the same time")]
    Contended(#[source] Cause),
    /// Nothing that the caller can do.
    #[error("internal error")]
    Internal(#[source] Cause),
}

/// What is logged and never sent.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// One wrong field.
    pub(crate) fn field(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::new(field, description)])
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        let violations = invalid.into_violations().into_iter();
        let ours = |found: artisan_store::Violation| Violation::new(found.field, found.description);
        Self::Invalid(violations.map(ours).collect())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Refused(_) => {
                Self::Unavailable(Box::new(error))
            }
            StoreError::Contended(_) => Self::Contended(Box::new(error)),
            StoreError::Internal(_) => Self::Internal(Box::new(error)),
        }
    }
}

impl From<HashError> for Error {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Overloaded { retry_after } => Self::Overloaded { retry_after },
            HashError::DeadlineExceeded => Self::DeadlineExceeded,
            HashError::Failed(reason) => Self::Internal(reason.into()),
        }
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

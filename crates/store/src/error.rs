mod mail;

use std::error::Error;
use std::fmt;

use thiserror::Error as Derive;
use time::OffsetDateTime;

use crate::{SessionId, UserId};

pub use mail::{ChangeEmailError, RequestVerificationError, ResetPasswordError, VerifyEmailError};

/// What failed below, for logs: it may name tables and hosts.
pub struct Cause(Box<dyn Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// Whether the database gave this code.
    pub(crate) fn has_code(&self, code: &str) -> bool {
        let error = self.0.downcast_ref().and_then(sqlx::Error::as_database_error);
        error.and_then(sqlx::error::DatabaseError::code).is_some_and(|own| own == code)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// The database did not do its part, through no fault of the request.
#[derive(Debug, Derive)]
pub enum StoreError {
    /// It cannot be reached, shuts down, refuses writes, or has no connection free in time. Try
    /// again later. A write may have been done if the connection was lost while it was committed.
    #[error("the database is unavailable")]
    Unavailable(#[source] Cause),
    /// It answers, and refuses these credentials or has no such database: a mistake of the operator.
    #[error("the database refuses the connection")]
    Refused(#[source] Cause),
    /// Other transactions won every time. Nothing was written; try again soon.
    #[error("other transactions were in the way")]
    Contended(#[source] Cause),
    /// The statement failed or a row breaks the rules: a defect, or a schema of another version.
    /// Nothing was written; trying again does not help.
    #[error("the database gave an unexpected answer")]
    Internal(#[source] Cause),
}

/// Why a store cannot be made from a URL: a mistake of the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Derive)]
pub enum ConnectError {
    /// The scheme names no engine.
    #[error(
        "the database URL must begin with sqlite:, mysql://, mariadb://, postgres:// or postgresql://"
    )]
    UnknownScheme,
    /// The rest of the URL cannot be read. The text is not shown, since it may hold a password.
    #[error(
        "the database URL cannot be read: write SCHEME://USER:PASSWORD@HOST:PORT/NAME, with special characters percent-encoded"
    )]
    Malformed,
    /// A database in memory, of which each connection would have its own.
    #[error("a database in memory cannot be served: name a file, such as sqlite://data/artisan.db")]
    InMemory,
    /// A replica of an embedded database.
    #[error("SQLite has no replicas: leave it out")]
    NoReplicas,
    /// A replica of another engine than the database.
    #[error("a replica must be of the same engine as the database")]
    OtherEngine,
}

/// Why a user was not created; nothing was written.
#[derive(Debug, Derive)]
pub enum CreateUserError {
    /// A user of that id exists or existed.
    #[error("the id is taken")]
    IdTaken,
    /// A user with the same e-mail, regardless of case, exists and is not purged yet.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why one user of a batch was not created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Derive)]
pub enum Taken {
    /// A user of that id exists or existed, or stands before it in the batch.
    #[error("the id is taken")]
    Id,
    /// A user with the same e-mail, regardless of case, exists, or stands before it in the batch.
    #[error("the e-mail is taken")]
    Email,
}

/// Why a user was not changed; nothing was written.
#[derive(Debug, Derive)]
pub enum UpdateUserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The user was deleted; undelete it first.
    #[error("the user was deleted")]
    Deleted,
    /// The user was changed since; read it again.
    #[error("the user was changed since")]
    Stale,
    /// The new profile is of another kind, and the kind never changes.
    #[error("the kind of a profile cannot change")]
    KindChanged,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a user was not deleted; nothing was written.
#[derive(Debug, Derive)]
pub enum DeleteUserError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The user was deleted before.
    #[error("the user was deleted before")]
    AlreadyDeleted,
    /// The user was changed since; read it again.
    #[error("the user was changed since")]
    Stale,
    /// Nobody could administer any more; make another admin first.
    #[error("the last active admin cannot be deleted")]
    LastAdmin,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an account was not changed; nothing was written.
#[derive(Debug, Derive)]
pub enum ChangeAccountError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The user was deleted; undelete it first.
    #[error("the user was deleted")]
    Deleted,
    /// There is nothing to undelete.
    #[error("the user is not deleted")]
    NotDeleted,
    /// Too late: the user is to be purged.
    #[error("the user is to be purged")]
    PurgeDue,
    /// The user was changed since; read it again.
    #[error("the user was changed since")]
    Stale,
    /// Nobody could administer any more; make another admin first.
    #[error("the last active admin must stay one")]
    LastAdmin,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a password was not changed; nothing was written.
#[derive(Debug, Derive)]
pub enum ChangePasswordError {
    /// There is no such user, or the user was deleted.
    #[error("there is no such user")]
    NotFound,
    /// The password that was shown is no longer the user's.
    #[error("the password was changed since")]
    Stale,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a password was not replaced; nothing was written.
#[derive(Debug, Derive)]
pub enum ReplacePasswordError {
    /// There is no such user, or the user was deleted.
    #[error("there is no such user")]
    NotFound,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a session was not created; nothing was written.
#[derive(Debug, Derive)]
pub enum CreateSessionError {
    /// There is no such user, or none that may sign in.
    #[error("the user may not sign in")]
    UserNotActive,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a password must not be looked at now; nothing was counted.
#[derive(Debug, Derive)]
pub enum BeginSignInError {
    /// Too many attempts have failed.
    #[error("too many attempts to sign in have failed")]
    Limited {
        /// When to try again.
        until: OffsetDateTime,
    },
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a refresh token was not rotated; the client must sign in again unless the cause is the store.
#[derive(Debug, Derive)]
pub enum RotateError {
    /// No such token was ever given out, or its session is long gone.
    #[error("the refresh token is unknown")]
    Unknown,
    /// It was not used in time.
    #[error("the refresh token has expired")]
    Expired,
    /// Its session was revoked.
    #[error("the session was revoked")]
    Revoked,
    /// It was used before, so that one of its two holders stole it. The session is revoked now.
    #[error("the refresh token was used before")]
    Reused {
        /// The session that was revoked.
        session_id: SessionId,
        /// Whose it was.
        user_id: UserId,
    },
    /// Its user may not sign in.
    #[error("the user may not sign in")]
    UserNotActive,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a session was not revoked; nothing was written.
#[derive(Debug, Derive)]
pub enum RevokeSessionError {
    /// The user has no such session.
    #[error("there is no such session")]
    NotFound,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

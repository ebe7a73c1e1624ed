use thiserror::Error as Derive;
use time::OffsetDateTime;

use super::{StoreError, UpdateUserError};

/// Why an address was not verified; nothing was written.
#[derive(Debug, Derive)]
pub enum VerifyEmailError {
    /// The token was used, replaced or never given out, or has expired, or its user is gone.
    #[error("the token is not valid")]
    TokenInvalid,
    /// Another account has the address by now.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why no mail with a token for the address was written.
#[derive(Debug, Derive)]
pub enum RequestVerificationError {
    /// There is no such user, or the user was deleted.
    #[error("there is no such user")]
    NotFound,
    /// The address is verified, and no other one waits to be.
    #[error("the e-mail is verified")]
    AlreadyVerified,
    /// Too many mails were asked for.
    #[error("too many mails were asked for")]
    Limited {
        /// When the next one may be asked for.
        until: OffsetDateTime,
    },
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a user was not changed; nothing was written.
#[derive(Debug, Derive)]
pub enum ChangeEmailError {
    /// Too many mails were asked for.
    #[error("too many mails were asked for")]
    Limited {
        /// When the next one may be asked for.
        until: OffsetDateTime,
    },
    /// As for any other change.
    #[error(transparent)]
    Update(#[from] UpdateUserError),
}

impl From<StoreError> for ChangeEmailError {
    fn from(error: StoreError) -> Self {
        Self::Update(error.into())
    }
}

/// Why a password was not replaced; nothing was written.
#[derive(Debug, Derive)]
pub enum ResetPasswordError {
    /// The token was used, replaced or never given out, or has expired, or its user may not sign in.
    #[error("the token is not valid")]
    TokenInvalid,
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

//! The one place that turns errors into gRPC status.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::{DOMAIN, Error, Violation};
use crate::token::TokenError;

/// How long to wait before a retry when the database does not answer.
const UNAVAILABLE_RETRY: Duration = Duration::from_secs(1);

impl From<Error> for Status {
    /// The public half of an error goes to the client; its cause goes to the log.
    fn from(error: Error) -> Self {
        match &error {
            Error::Internal(cause) => tracing::error!(error.cause = chain(&**cause), "{error}"),
            Error::Unavailable(cause) | Error::Contended(cause) => {
                tracing::warn!(error.cause = chain(&**cause), "{error}");
            }
            _ => tracing::debug!("{error}"),
        }
        let (code, reason) = code_and_reason(&error);
        let mut details = details_with(reason);
        match &error {
            Error::Invalid(violations) => {
                details.set_bad_request(violations.iter().map(field_violation).collect::<Vec<_>>());
            }
            Error::PageToken => {
                details.add_bad_request_violation("page_token", "belongs to another request");
            }
            Error::FieldDenied(field) => {
                details.add_bad_request_violation(*field, "is written by administrators only");
            }
            Error::EmailTaken => {
                details.add_bad_request_violation("user.email", "is taken by another account");
            }
            Error::UserIdTaken => {
                details.add_bad_request_violation("user_id", "is taken by another account");
            }
            Error::Overloaded { retry_after } => {
                details.set_retry_info(Some(*retry_after));
            }
            Error::Unavailable(_) | Error::Contended(_) => {
                details.set_retry_info(Some(UNAVAILABLE_RETRY));
            }
            _ => {}
        }
        Self::with_error_details(code, error.to_string(), details)
    }
}

fn code_and_reason(error: &Error) -> (Code, &'static str) {
    match error {
        Error::Invalid(_) => (Code::InvalidArgument, "VALIDATION_FAILED"),
        Error::PageToken => (Code::InvalidArgument, "PAGE_TOKEN_INVALID"),
        Error::CredentialsMissing => (Code::Unauthenticated, "CREDENTIALS_MISSING"),
        Error::Token(TokenError::Expired) => (Code::Unauthenticated, "TOKEN_EXPIRED"),
        Error::Token(TokenError::Invalid) => (Code::Unauthenticated, "TOKEN_INVALID"),
        Error::SessionEnded => (Code::Unauthenticated, "SESSION_ENDED"),
        Error::Credentials => (Code::Unauthenticated, "CREDENTIALS_WRONG"),
        Error::AccountNotActive => (Code::PermissionDenied, "ACCOUNT_NOT_ACTIVE"),
        Error::RefreshToken => (Code::Unauthenticated, "REFRESH_TOKEN_INVALID"),
        Error::RefreshTokenReused => (Code::Unauthenticated, "REFRESH_TOKEN_REUSED"),
        Error::Denied => (Code::PermissionDenied, "PERMISSION_DENIED"),
        Error::FieldDenied(_) => (Code::PermissionDenied, "FIELD_PERMISSION_DENIED"),
        Error::UserNotFound => (Code::NotFound, "USER_NOT_FOUND"),
        Error::UserDeleted => (Code::FailedPrecondition, "USER_DELETED"),
        Error::EmailTaken => (Code::AlreadyExists, "EMAIL_TAKEN"),
        Error::UserIdTaken => (Code::AlreadyExists, "USER_ID_TAKEN"),
        Error::LastAdmin => (Code::FailedPrecondition, "LAST_ADMIN"),
        Error::EtagMismatch => (Code::Aborted, "ETAG_MISMATCH"),
        Error::NotBuilt => (Code::Unimplemented, "NOT_IMPLEMENTED"),
        Error::Overloaded { .. } => (Code::ResourceExhausted, "PASSWORD_HASHING_OVERLOADED"),
        Error::DeadlineExceeded => (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
        Error::Unavailable(_) => (Code::Unavailable, "DATABASE_UNAVAILABLE"),
        Error::Contended(_) => (Code::Unavailable, "DATABASE_CONTENDED"),
        Error::Internal(_) => (Code::Internal, "INTERNAL"),
    }
}

/// Whether a status says its reason; those that tonic makes on its own do not.
pub(crate) fn has_details(status: &Status) -> bool {
    !status.details().is_empty()
}

/// The status to send instead of one that tonic made on its own, whose text would tell of its
/// inside.
pub(crate) fn complete(status: &Status) -> Status {
    let (code, reason, text) = match status.code() {
        // tonic blames itself when it cannot decode the request (its codec, `from_decode_error`).
        Code::Internal | Code::InvalidArgument => {
            (Code::InvalidArgument, "MALFORMED_REQUEST", "the request is not a valid message")
        }
        Code::OutOfRange | Code::ResourceExhausted => {
            (Code::OutOfRange, "MESSAGE_TOO_LARGE", "the request is too large")
        }
        Code::Unimplemented => (Code::Unimplemented, "NOT_IMPLEMENTED", "there is no such method"),
        Code::Cancelled | Code::DeadlineExceeded => {
            (Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "the deadline has passed")
        }
        code => (code, "INTERNAL", "internal error"),
    };
    Status::with_error_details(code, text, details_with(reason))
}

fn details_with(reason: &str) -> ErrorDetails {
    ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new())
}

fn field_violation(violation: &Violation) -> FieldViolation {
    FieldViolation::new(violation.field.as_str(), violation.description.as_str())
}

/// An error and its sources on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        // A driver's error repeats its source.
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = error.source();
    }
    text
}

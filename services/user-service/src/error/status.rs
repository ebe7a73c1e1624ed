//! The one place that turns errors into gRPC status.

use std::collections::HashMap;
use std::error::Error as _;
use std::time::Duration;

use artisan_store::{FilterError, FilterProblem};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use super::{DOMAIN, Error, Violation};
use crate::token::TokenError;

/// How many wrong fields an answer tells: headers hold it, and clients take 16 KiB of them.
const MAX_TOLD: usize = 40;
/// How long to wait before a retry when the database does not answer.
const UNAVAILABLE_RETRY: Duration = Duration::from_secs(1);

impl From<Error> for Status {
    /// The public half of an error goes to the client; its cause goes to the log.
    fn from(error: Error) -> Self {
        let (error, metadata) = match error {
            Error::StreamEnded { error, resume_token } => {
                (*error, HashMap::from([("resume_token".to_owned(), resume_token)]))
            }
            error => (error, HashMap::new()),
        };
        let (code, reason) = code_and_reason(&error);
        match error.source() {
            Some(cause) if code == Code::Internal => {
                tracing::error!(error.cause = chain(cause), "{error}");
            }
            Some(cause) => tracing::warn!(error.cause = chain(cause), "{error}"),
            None => tracing::debug!("{error}"),
        }
        let mut details = ErrorDetails::with_error_info(reason, DOMAIN, metadata);
        add_details(&mut details, &error);
        Self::with_error_details(code, error.to_string(), details)
    }
}

/// Which fields are wrong, and when to try again.
fn add_details(details: &mut ErrorDetails, error: &Error) {
    match error {
        Error::Filter(filter) => {
            details.set_error_info(filter_reason(filter.problem), DOMAIN, filter_metadata(filter));
            details.add_bad_request_violation("filter", filter.to_string());
        }
        Error::RequestIdReused => {
            let problem = "was used for another request; a new request needs a new id";
            details.add_bad_request_violation("request_id", problem);
        }
        Error::Invalid(violations) => {
            let told = violations.iter().take(MAX_TOLD).map(field_violation);
            details.set_bad_request(told.collect::<Vec<_>>());
        }
        Error::PageToken => {
            details.add_bad_request_violation("page_token", "belongs to another request");
        }
        Error::ResumeToken => {
            details.add_bad_request_violation("resume_token", "is not a token of this service");
        }
        Error::FieldDenied(field) => {
            details.add_bad_request_violation(*field, "is written by administrators only");
        }
        Error::CurrentPassword => {
            details.add_bad_request_violation("current_password", "is not the password");
        }
        Error::EmailTaken => {
            details.add_bad_request_violation("user.email", "is taken by another account");
        }
        Error::UserIdTaken => {
            details.add_bad_request_violation("user_id", "is taken by another account");
        }
        Error::MailToken => {
            details.add_bad_request_violation("token", "is not valid");
        }
        Error::Overloaded { retry_after }
        | Error::MailsLimited { retry_after }
        | Error::SignInsLimited { retry_after } => {
            details.set_retry_info(Some(*retry_after));
        }
        Error::ConnectionOld => {
            details.set_retry_info(Some(Duration::ZERO));
        }
        Error::TooManyCalls
        | Error::Unavailable(_)
        | Error::Contended(_)
        | Error::WatcherTooSlow
        | Error::ShuttingDown => {
            details.set_retry_info(Some(UNAVAILABLE_RETRY));
        }
        Error::StreamEnded { error, .. } => add_details(details, error),
        Error::CredentialsMissing
        | Error::Token(TokenError::Expired | TokenError::Invalid)
        | Error::SessionEnded
        | Error::Credentials
        | Error::AccountNotActive
        | Error::RefreshToken
        | Error::RefreshTokenReused
        | Error::Denied
        | Error::UserNotFound
        | Error::UserDeleted
        | Error::UsersNotFound(_)
        | Error::SessionNotFound
        | Error::UserNotDeleted
        | Error::PurgeDue
        | Error::LastAdmin
        | Error::NewEmailTaken
        | Error::EmailVerified
        | Error::MailNotConfigured
        | Error::EtagMismatch
        | Error::DeadlineExceeded
        | Error::ServiceUnknown
        | Error::Compressed(_)
        | Error::Internal(_) => {}
    }
}

fn code_and_reason(error: &Error) -> (Code, &'static str) {
    match error {
        Error::Invalid(_) => (Code::InvalidArgument, "VALIDATION_FAILED"),
        Error::Filter(filter) => (Code::InvalidArgument, filter_reason(filter.problem)),
        Error::RequestIdReused => (Code::InvalidArgument, "REQUEST_ID_REUSED"),
        Error::PageToken => (Code::InvalidArgument, "PAGE_TOKEN_INVALID"),
        Error::ResumeToken => (Code::InvalidArgument, "RESUME_TOKEN_INVALID"),
        Error::WatcherTooSlow => (Code::ResourceExhausted, "WATCHER_TOO_SLOW"),
        Error::ShuttingDown => (Code::Unavailable, "SHUTTING_DOWN"),
        Error::StreamEnded { error, .. } => code_and_reason(error),
        Error::CredentialsMissing => (Code::Unauthenticated, "CREDENTIALS_MISSING"),
        Error::Token(TokenError::Expired) => (Code::Unauthenticated, "TOKEN_EXPIRED"),
        Error::Token(TokenError::Invalid) => (Code::Unauthenticated, "TOKEN_INVALID"),
        Error::SessionEnded => (Code::Unauthenticated, "SESSION_ENDED"),
        Error::Credentials => (Code::Unauthenticated, "CREDENTIALS_WRONG"),
        Error::AccountNotActive => (Code::PermissionDenied, "ACCOUNT_NOT_ACTIVE"),
        Error::RefreshToken => (Code::Unauthenticated, "REFRESH_TOKEN_INVALID"),
        Error::RefreshTokenReused => (Code::Unauthenticated, "REFRESH_TOKEN_REUSED"),
        Error::ServiceUnknown => (Code::Unauthenticated, "SERVICE_UNKNOWN"),
        Error::TooManyCalls => (Code::ResourceExhausted, "TOO_MANY_CALLS"),
        Error::Compressed(_) => (Code::Unimplemented, "COMPRESSION_NOT_SUPPORTED"),
        Error::ConnectionOld => (Code::Unavailable, "CONNECTION_OLD"),
        Error::Denied => (Code::PermissionDenied, "PERMISSION_DENIED"),
        Error::FieldDenied(_) => (Code::PermissionDenied, "FIELD_PERMISSION_DENIED"),
        Error::UserNotFound | Error::UsersNotFound(_) => (Code::NotFound, "USER_NOT_FOUND"),
        Error::SessionNotFound => (Code::NotFound, "SESSION_NOT_FOUND"),
        Error::UserNotDeleted => (Code::AlreadyExists, "USER_NOT_DELETED"),
        Error::PurgeDue => (Code::FailedPrecondition, "PURGE_DUE"),
        Error::CurrentPassword => (Code::InvalidArgument, "CURRENT_PASSWORD_WRONG"),
        Error::UserDeleted => (Code::FailedPrecondition, "USER_DELETED"),
        Error::EmailTaken | Error::NewEmailTaken => (Code::AlreadyExists, "EMAIL_TAKEN"),
        Error::UserIdTaken => (Code::AlreadyExists, "USER_ID_TAKEN"),
        Error::MailToken => (Code::InvalidArgument, "MAIL_TOKEN_INVALID"),
        Error::EmailVerified => (Code::FailedPrecondition, "EMAIL_ALREADY_VERIFIED"),
        Error::MailsLimited { .. } => (Code::ResourceExhausted, "MAIL_LIMIT_REACHED"),
        Error::MailNotConfigured => (Code::FailedPrecondition, "MAIL_NOT_CONFIGURED"),
        Error::LastAdmin => (Code::FailedPrecondition, "LAST_ADMIN"),
        Error::EtagMismatch => (Code::Aborted, "ETAG_MISMATCH"),
        Error::Overloaded { .. } => (Code::ResourceExhausted, "PASSWORD_HASHING_OVERLOADED"),
        Error::SignInsLimited { .. } => (Code::ResourceExhausted, "SIGN_INS_LIMITED"),
        Error::DeadlineExceeded => (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
        Error::Unavailable(_) => (Code::Unavailable, "DATABASE_UNAVAILABLE"),
        Error::Contended(_) => (Code::Unavailable, "DATABASE_CONTENDED"),
        Error::Internal(_) => (Code::Internal, "INTERNAL"),
    }
}

fn filter_reason(problem: FilterProblem) -> &'static str {
    match problem {
        FilterProblem::Syntax => "FILTER_SYNTAX",
        FilterProblem::UnknownField => "FILTER_FIELD_UNKNOWN",
        FilterProblem::NotIndexed => "FILTER_NOT_INDEXED",
        FilterProblem::Value => "FILTER_VALUE_INVALID",
    }
}

/// Where the mistake is, in which field's condition, and what there is to filter by.
fn filter_metadata(filter: &FilterError) -> HashMap<String, String> {
    let position = ("position".to_owned(), filter.position.to_string());
    let allowed = ("allowed_fields".to_owned(), FilterError::allowed());
    let field = filter.field.clone().map(|field| ("field".to_owned(), field));
    [position, allowed].into_iter().chain(field).collect()
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

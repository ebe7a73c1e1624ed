//! gRPC status becomes HTTP status: here, and nowhere else.

use std::borrow::Cow;
use std::error::Error as _;

use axum::http::StatusCode;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::problem::{Problem, Violation};

/// The reason that a service gives when an etag is stale (AIP-154).
const ETAG_MISMATCH: &str = "ETAG_MISMATCH";

/// Where the `ErrorInfo` of a stream's end says the place to go on from.
pub(crate) const RESUME_TOKEN: &str = "resume_token";

/// The HTTP status of each code, as grpc-gateway and Google's APIs have it.
///
/// `FAILED_PRECONDITION` is 400 on purpose: 412 speaks of conditions in the request's headers only.
pub(crate) fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::Cancelled => StatusCode::from_u16(499).unwrap_or(StatusCode::REQUEST_TIMEOUT),
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => {
            StatusCode::BAD_REQUEST
        }
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The name of each code, as `google.rpc.Code` spells it.
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// The code of a name; what has none is unknown.
pub(crate) fn code(text: &str) -> Code {
    (0..=16).map(Code::from_i32).find(|code| name(*code) == text).unwrap_or(Code::Unknown)
}

/// What is said when the service said nothing that is meant for clients.
fn words(code: Code) -> &'static str {
    match code {
        Code::Ok => "the call succeeded",
        Code::Cancelled => "the call was cancelled",
        Code::Unknown | Code::Internal | Code::DataLoss => "an internal error occurred",
        Code::InvalidArgument => "the request is invalid",
        Code::DeadlineExceeded => "the call took too long",
        Code::NotFound => "the resource does not exist",
        Code::AlreadyExists => "the resource exists already",
        Code::PermissionDenied => "the caller may not do this",
        Code::ResourceExhausted => "too much was asked for at once",
        Code::FailedPrecondition => "the resource is not in a state that allows this",
        Code::Aborted => "the call conflicted with another one",
        Code::OutOfRange => "a value is out of range",
        Code::Unimplemented => "this method is not implemented yet",
        Code::Unavailable => "the service is not available at the moment",
        Code::Unauthenticated => "the caller is not authenticated",
    }
}

/// The problem that a status stands for. `with_if_match` says whether the request carried `If-Match`.
///
/// Text reaches the client only when an `ErrorInfo` vouches that the service wrote it for clients:
/// statuses made by libraries speak of hosts and sockets.
pub(crate) fn problem(status: &Status, with_if_match: bool) -> Problem {
    let code = effective_code(status);
    let details = status.get_error_details();
    let own_failure = matches!(code, Code::Unknown | Code::Internal | Code::DataLoss);
    let info = details.error_info().filter(|_| code == status.code());
    let mut problem = Problem::new(http_status(code), name(code), name(code), words(code));
    if let Some(info) = info {
        problem.reason = Cow::Owned(info.reason.clone());
        problem.domain = Cow::Owned(info.domain.clone());
        problem.resume_token = info.metadata.get(RESUME_TOKEN).cloned();
        if !own_failure {
            let about = info.metadata.iter().filter(|(name, _)| *name != RESUME_TOKEN);
            problem.metadata = about.map(|(name, value)| (name.clone(), value.clone())).collect();
        }
        if !own_failure && !status.message().is_empty() {
            problem.detail = Cow::Owned(status.message().to_owned());
        }
        if let Some(bad_request) = details.bad_request() {
            problem.violations = violations(bad_request);
        }
        if code == Code::Aborted && with_if_match && info.reason == ETAG_MISMATCH {
            problem.status = StatusCode::PRECONDITION_FAILED;
        }
    }
    problem.retry_after = details.retry_info().and_then(|retry| retry.retry_delay);
    if code == Code::Unavailable {
        problem.retry_after.get_or_insert_default();
    }
    if own_failure || info.is_none() {
        problem.cause = Some(cause(status));
    }
    problem
}

fn violations(bad_request: &tonic_types::BadRequest) -> Vec<Violation> {
    let violations = bad_request.field_violations.iter();
    violations
        .map(|violation| Violation {
            field: violation.field.clone(),
            description: violation.description.clone(),
        })
        .collect()
}

/// A status with a source was made on this side, by a transport that failed: the service is away,
/// whatever code the transport chose.
fn effective_code(status: &Status) -> Code {
    match status.code() {
        Code::Unknown | Code::Internal | Code::Cancelled if status.source().is_some() => {
            Code::Unavailable
        }
        code => code,
    }
}

fn cause(status: &Status) -> String {
    let mut text = format!("{}: {}", name(status.code()), status.message());
    let mut source = status.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

//! What the gateway finds wrong, told in gRPC.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt};

use crate::call::Meaning;
use crate::problem::Problem;
use crate::status;

/// A client that came back at once would only fail again.
const SOONEST: Duration = Duration::from_secs(1);

/// The status of a problem, with everything that a problem document would say.
pub(super) fn status(problem: &Problem) -> Status {
    let token = problem.resume_token.clone();
    let token = token.map(|token| (status::RESUME_TOKEN.to_owned(), token));
    let metadata: HashMap<_, _> = problem.metadata.clone().into_iter().chain(token).collect();
    let (reason, domain) = (problem.reason.clone(), problem.domain.clone());
    let mut details = ErrorDetails::with_error_info(reason, domain, metadata);
    for violation in &problem.violations {
        details.add_bad_request_violation(&violation.field, &violation.description);
    }
    if let Some(delay) = problem.retry_after {
        details.set_retry_info(Some(delay.max(SOONEST)));
    }
    Status::with_error_details(status::code(problem.code), problem.detail.clone(), details)
}

/// The whole answer: a status and no message.
pub(super) fn response(problem: &Problem) -> Response<Body> {
    let mut response = status(problem).into_http::<Body>();
    // Whoever gets these does not speak gRPC well enough to look for a status.
    let own = [
        StatusCode::HTTP_VERSION_NOT_SUPPORTED,
        StatusCode::METHOD_NOT_ALLOWED,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    ];
    if own.contains(&problem.status) {
        *response.status_mut() = problem.status;
    }
    if let Some(allow) = &problem.allow {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response.extensions_mut().insert(Meaning(problem.status));
    response
}

//! Errors as clients see them: RFC 9457 problem documents.

mod rpc_status;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use artisan_transcode::BindError;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::negotiate::{JSON, PROBLEM};

/// The domain of errors that the gateway itself makes.
const DOMAIN: &str = "artisan.user.v1";

/// What went wrong, in words that are meant for the client.
///
/// The cause is for logs only: nothing of it is ever part of an answer.
///
/// Boxed, because results that carry it are moved about far more often than one is made.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Content>);

#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) reason: Cow<'static, str>,
    pub(crate) domain: Cow<'static, str>,
    pub(crate) detail: Cow<'static, str>,
    pub(crate) violations: Vec<Violation>,
    /// What the reason is about, by name.
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) allow: Option<HeaderValue>,
    /// Where a stream that it ended goes on.
    pub(crate) resume_token: Option<String>,
    pub(crate) cause: Option<String>,
}

impl Deref for Problem {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Content {
        &mut self.0
    }
}

/// One field that is wrong, as a `snake_case` path from the request.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) description: String,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    reason: &'a str,
    domain: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [Violation],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: &'a BTreeMap<String, String>,
}

impl Problem {
    /// A problem that the gateway found itself.
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        reason: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Content {
            status,
            code,
            reason: reason.into(),
            domain: DOMAIN.into(),
            detail: detail.into(),
            violations: Vec::new(),
            metadata: BTreeMap::new(),
            retry_after: None,
            allow: None,
            resume_token: None,
            cause: None,
        }))
    }

    /// A request that cannot be understood.
    pub(crate) fn invalid(reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", reason, detail)
    }

    /// The gateway's or its upstream's own failure, with a cause for the log.
    pub(crate) fn internal(cause: String) -> Self {
        let detail = "an internal error occurred";
        let mut problem =
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "INTERNAL", detail);
        problem.cause = Some(cause);
        problem
    }

    /// A path that no RPC has.
    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "ROUTE_NOT_FOUND",
            "there is nothing at this path",
        )
    }

    /// A gRPC method that is not part of the contract.
    pub(crate) fn no_such_method() -> Self {
        let detail = "there is no such method here";
        Self::new(StatusCode::NOT_IMPLEMENTED, "UNIMPLEMENTED", "METHOD_NOT_FOUND", detail)
    }

    /// A path that other methods have.
    pub(crate) fn method_not_allowed(allow: HeaderValue) -> Self {
        let detail = format!("this path allows {}", allow.to_str().unwrap_or_default());
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let mut problem = Self::new(status, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED", detail);
        problem.allow = Some(allow);
        problem
    }

    /// `CONNECT` names another host rather than a path, to which no method applies here.
    pub(crate) fn no_proxy() -> Self {
        let mut problem = Self::method_not_allowed(HeaderValue::from_static(""));
        problem.detail = "this is no proxy".into();
        problem
    }

    /// What ends the streams of a gateway that stops.
    pub(crate) fn shutting_down() -> Self {
        let detail = "the gateway is shutting down; go on at another one";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let mut problem = Self::new(status, "UNAVAILABLE", "SHUTTING_DOWN", detail);
        problem.retry_after = Some(Duration::ZERO);
        problem
    }

    /// The document alone, for the last line of a stream that broke.
    pub(crate) fn to_json(&self, request_id: &str) -> Vec<u8> {
        let document = Document {
            r#type: "about:blank",
            title: title(self.status),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            reason: &self.reason,
            domain: &self.domain,
            request_id,
            errors: &self.violations,
            metadata: &self.metadata,
        };
        // Strings and numbers always serialise.
        serde_json::to_vec(&document).unwrap_or_default()
    }

    /// The whole answer.
    pub(crate) fn to_response(&self, request_id: &str) -> Response<Body> {
        let mut response = Response::new(Body::from(self.to_json(request_id)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(allow) = &self.allow {
            headers.insert(header::ALLOW, allow.clone());
        }
        if let Some(delay) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(delay)));
        }
        response.extensions_mut().insert(self.clone());
        response
    }

    /// Puts the `google.rpc.Status` of a problem in the place of its document.
    pub(crate) fn replace_by_status(response: &mut Response<Body>) {
        if let Some(problem) = response.extensions_mut().remove::<Self>() {
            *response.body_mut() = Body::from(rpc_status::json(&problem));
            let json = HeaderValue::from_static(JSON);
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
    }
}

/// `Retry-After` counts whole seconds; coming back too early would only fail again.
pub(crate) fn whole_seconds(delay: Duration) -> u64 {
    (delay.as_secs() + u64::from(delay.subsec_nanos() > 0)).max(1)
}

fn title(status: StatusCode) -> &'static str {
    // 499 is not registered; nginx and grpc-gateway made it known.
    status.canonical_reason().unwrap_or("Client Closed Request")
}

impl From<BindError> for Problem {
    fn from(error: BindError) -> Self {
        match error {
            BindError::Syntax { line, column, description } => {
                let place = format!("line {line}, column {column}");
                Self::invalid(
                    "INVALID_JSON",
                    format!("the body is not valid JSON: {description} ({place})"),
                )
            }
            BindError::Fields(violations) => {
                let mut problem = Self::invalid("INVALID_FIELDS", "the request has invalid fields");
                let violations = violations.into_iter().map(|violation| Violation {
                    field: violation.field,
                    description: violation.description,
                });
                problem.violations = violations.collect();
                problem
            }
            BindError::UnexpectedBody => {
                Self::invalid("UNEXPECTED_BODY", "this method takes no body")
            }
            BindError::UnexpectedIfMatch => Self::invalid(
                "INVALID_HEADER",
                "this method compares no entity tag: leave if-match out",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::whole_seconds;

    #[test]
    fn retry_after_is_rounded_up_and_never_zero() {
        assert_eq!(whole_seconds(Duration::ZERO), 1);
        assert_eq!(whole_seconds(Duration::from_millis(1500)), 2);
        assert_eq!(whole_seconds(Duration::from_secs(7)), 7);
    }
}

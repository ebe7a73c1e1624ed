//! The predecessor's four shapes of an error.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use super::form::Form;
use crate::negotiate::JSON;
use crate::problem::{Problem, whole_seconds};

const UNREADABLE: &str =
    "The browser (or proxy) sent a request that this server could not understand.";
const NO_JSON: &str = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.";

/// An answer that says why nobody was registered.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: Shape,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Shape {
    Schema { errors: BTreeMap<String, String>, message: &'static str },
    Input { details: Vec<Detail>, message: &'static str },
    Message { message: String },
}

/// What the second layer had against one field.
#[derive(Debug, Serialize)]
pub(super) struct Detail {
    r#type: &'static str,
    loc: Vec<String>,
    msg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ctx: Option<Limit>,
}

#[derive(Debug, Serialize)]
struct Limit {
    max_length: usize,
}

impl Detail {
    pub(super) fn too_long(field: &str, max_length: usize) -> Self {
        let msg = format!("String should have at most {max_length} characters");
        let ctx = Some(Limit { max_length });
        Self { r#type: "string_too_long", loc: vec![field.to_owned()], msg, ctx }
    }

    pub(super) fn missing(field: &str) -> Self {
        let msg = "Field required".to_owned();
        Self { r#type: "missing", loc: vec![field.to_owned()], msg, ctx: None }
    }
}

impl Refusal {
    /// The first layer: a message for each field.
    pub(super) fn schema(errors: BTreeMap<String, String>) -> Self {
        let message = "Input payload validation failed";
        Self { status: StatusCode::BAD_REQUEST, body: Shape::Schema { errors, message } }
    }

    /// The second layer: a list.
    pub(super) fn input(details: Vec<Detail>) -> Self {
        let message = "Invalid input data";
        Self { status: StatusCode::BAD_REQUEST, body: Shape::Input { details, message } }
    }

    pub(super) fn malformed() -> Self {
        Self::message(StatusCode::BAD_REQUEST, UNREADABLE)
    }

    pub(super) fn method() -> Self {
        let message = "The method is not allowed for the requested URL.";
        Self::message(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    fn message(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, body: Shape::Message { message: message.into() } }
    }

    pub(super) fn response(&self) -> Response<Body> {
        // Strings and numbers always serialise.
        let json = serde_json::to_vec(&self.body).unwrap_or_default();
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        response
    }
}

/// What the service has against the form: of several things, what the predecessor would have said first.
pub(super) fn of_violations(problem: &Problem, form: &Form) -> Option<Refusal> {
    // A taken address is named as a field too, and is no matter of its form.
    if problem.status != StatusCode::BAD_REQUEST {
        return None;
    }
    let violations = &problem.violations;
    let is_of = |field: &'static str| violations.iter().any(|found| found.field == field);
    let others = violations.iter().filter(|found| !is_of_the_third_layer(&found.field));
    let details: Vec<Detail> = others
        .map(|found| Detail {
            r#type: "value_error",
            loc: old_path(&found.field),
            msg: format!("Value error, {}", found.description),
            ctx: None,
        })
        .collect();
    if !details.is_empty() {
        return Some(Refusal::input(details));
    }
    if is_of("user.email") {
        return Some(Refusal::message(StatusCode::BAD_REQUEST, "Invalid email format"));
    }
    is_of("user.password").then(|| {
        let words = password_words(form.text("password").unwrap_or_default());
        Refusal::message(StatusCode::BAD_REQUEST, format!("Password must {words}"))
    })
}

fn is_of_the_third_layer(field: &str) -> bool {
    ["user.email", "user.password"].contains(&field)
}

/// `user.artisan.store_name` was `store_name`, `user.address.city` was in `address`.
fn old_path(field: &str) -> Vec<String> {
    let parts = field.split('.').filter(|part| !["user", "artisan", "buyer"].contains(part));
    parts.map(str::to_owned).collect()
}

/// The service has refused the password; only the words are chosen here.
fn password_words(password: &str) -> &'static str {
    let has = |is: fn(char) -> bool| password.chars().any(is);
    if !has(char::is_numeric) {
        "contain at least one number"
    } else if !has(char::is_lowercase) {
        "contain at least one lowercase letter"
    } else if !has(char::is_uppercase) {
        "contain at least one uppercase letter"
    } else if !has(|letter| !letter.is_alphanumeric()) {
        "contain at least one special character"
    } else {
        "be another one"
    }
}

/// Any other problem, as a message.
pub(super) fn of_problem(problem: &Problem) -> Response<Body> {
    let message = match problem.status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => NO_JSON,
        StatusCode::INTERNAL_SERVER_ERROR => "Internal server error",
        StatusCode::CONFLICT if problem.code == "ALREADY_EXISTS" => "Email already registered.",
        _ => problem.detail.as_ref(),
    };
    let mut response = Refusal::message(problem.status, message).response();
    if let Some(delay) = problem.retry_after {
        let delay = HeaderValue::from(whole_seconds(delay));
        response.headers_mut().insert(header::RETRY_AFTER, delay);
    }
    response
}

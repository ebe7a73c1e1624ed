//! The two routes of the predecessor, for front ends that were written for it.
//!
//! What it took and what it answered, its words included, is written here by hand, since no contract of it
//! is left to generate from. Between the two stands the contract's own `CreateUser`: the same binder, the same
//! call. What is different on purpose is listed in `docs/from-the-predecessor.md`.

mod answer;
mod contract;
mod form;
mod refusal;
mod schema;

use artisan_transcode::{Inputs, Lookup};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use axum::routing::any;
use axum::{Extension, Router};
use bytes::Bytes;

use self::refusal::Refusal;
use crate::call::{IDEMPOTENCY_KEY, Label, body, forward, observe, repeatable, settled, text};
use crate::deadline::Deadline;
use crate::edge::Context;
use crate::gateway::Gateway;
use crate::negotiate;
use crate::problem::Problem;

/// RFC 9745: since when, in seconds; the first of December 2026.
const DEPRECATION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("deprecation"), HeaderValue::from_static("@1796083200"));
/// RFC 8594: until when, at least.
const SUNSET: (HeaderName, HeaderValue) =
    (HeaderName::from_static("sunset"), HeaderValue::from_static("Wed, 01 Dec 2027 00:00:00 GMT"));
const LINK: (HeaderName, HeaderValue) = (
    header::LINK,
    HeaderValue::from_static(
        "</v1/users>; rel=\"successor-version\", </docs>; rel=\"deprecation\"; type=\"text/html\"",
    ),
);
const ALLOW: HeaderValue = HeaderValue::from_static("OPTIONS, POST");

/// Who registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Artisan,
    Buyer,
}

impl Role {
    const fn path(self) -> &'static str {
        match self {
            Self::Artisan => "/api/auth/register/artisan",
            Self::Buyer => "/api/auth/register/buyer",
        }
    }
}

pub(crate) fn router() -> Router<Gateway> {
    let route = |role: Role| {
        let handler = move |State(gateway): State<Gateway>,
                            Extension(context): Extension<Context>,
                            request: Request| async move {
            answer(&gateway, &context, role, request).await
        };
        any(handler)
    };
    Router::new()
        .route(Role::Artisan.path(), route(Role::Artisan))
        .route(Role::Buyer.path(), route(Role::Buyer))
}

async fn answer(
    gateway: &Gateway,
    context: &Context,
    role: Role,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut response = match parts.method {
        Method::POST => {
            let label = Label { route: role.path(), method: "POST", name: "http.users.register" };
            let work = register(gateway, context, role, &parts, body);
            observe(gateway, context, &parts, label, work, refusal::of_problem).await
        }
        Method::OPTIONS => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        _ => Refusal::method().response(),
    };
    announce(response.headers_mut());
    response
}

/// The refusal of a request to one of the routes that does not get as far as them.
pub(crate) fn refused(path: &str, problem: &Problem) -> Option<Response<Body>> {
    if ![Role::Artisan, Role::Buyer].iter().any(|role| role.path() == path) {
        return None;
    }
    let mut response = refusal::of_problem(problem);
    announce(response.headers_mut());
    Some(response)
}

fn announce(headers: &mut HeaderMap) {
    headers.insert(header::ALLOW, ALLOW);
    headers.extend([DEPRECATION, SUNSET, LINK]);
}

async fn register(
    gateway: &Gateway,
    context: &Context,
    role: Role,
    parts: &Parts,
    body: Body,
) -> Result<Response<Body>, Problem> {
    let (headers, config) = (&parts.headers, gateway.config());
    let deadline = Deadline::of(headers, Some(config.request_timeout))?;
    let Lookup::Found(route, captures) = gateway.table().find("POST", contract::PATH) else {
        return Err(Problem::internal("the contract has no CreateUser".to_owned()));
    };
    let reading = body::read(headers, body, route, config.max_body);
    let body = deadline.within(reading).await.map_err(|_| body::too_slow())??;
    negotiate::check_content_type(headers)?;
    let form = match form::parse(role, &body) {
        Ok(form) => form,
        Err(refusal) => return Ok(refusal.response()),
    };
    let message = (route.bind)(&Inputs {
        captures: &captures,
        query: None,
        body: &contract::request(role, &form),
        if_match: None,
        idempotency_key: text(headers, &IDEMPOTENCY_KEY)?,
    })?;
    let message = Bytes::from(message);
    let make = || forward::request(message.clone(), headers, context, deadline);
    let call = repeatable(route, deadline, make)?;
    let answered = gateway.upstream().unary(call).await;
    match settled(answered, deadline, false) {
        Ok(user) => answer::render(role, route, &user),
        Err(problem) => match refusal::of_violations(&problem, &form) {
            Some(refusal) => Ok(refusal.response()),
            None => Err(problem),
        },
    }
}

//! The way of one call: match, bind, send, render.

mod answer;
pub(crate) mod body;
pub(crate) mod forward;
mod observe;

use artisan_transcode::{Captures, Inputs, Lookup, Route};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use bytes::Bytes;
use tonic::{Code, Status};

pub(crate) use observe::{Label, Meaning, observe};

use crate::deadline::Deadline;
use crate::edge::Context;
use crate::gateway::Gateway;
use crate::negotiate::{self, JSON};
use crate::problem::Problem;
use crate::stream::Format;
use crate::{status, stream, upstream};

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What a request asks of the contract.
pub(crate) fn lookup<'p>(gateway: &Gateway, parts: &'p Parts) -> Lookup<'p> {
    // HEAD is GET whose body stays behind.
    let verb = if parts.method == Method::HEAD { "GET" } else { parts.method.as_str() };
    gateway.table().find(verb, parts.uri.path())
}

/// Answers a call of the contract.
pub(crate) async fn answer(
    gateway: &Gateway,
    context: &Context,
    route: &'static Route,
    captures: &Captures<'_>,
    parts: &Parts,
    body: Body,
) -> Response<Body> {
    Call { gateway, context, route, parts }.observed(captures, body).await
}

/// Says what is wrong with a path that nobody serves.
pub(crate) async fn refuse(
    State(gateway): State<Gateway>,
    Extension(context): Extension<Context>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let problem = match lookup(&gateway, &parts) {
        Lookup::MethodNotAllowed(verbs) => match (allow(&verbs), &parts.method) {
            (allow, &Method::OPTIONS) => return options(allow),
            (allow, _) => Problem::method_not_allowed(allow),
        },
        Lookup::Malformed => {
            Problem::invalid("MALFORMED_PATH", "the path is not percent-encoded UTF-8")
        }
        // What is found was answered before it came here.
        Lookup::Found(..) | Lookup::NotFound => Problem::not_found(),
    };
    problem.to_response(context.request_id.as_str())
}

fn allow(verbs: &[&'static str]) -> HeaderValue {
    let mut all = verbs.to_vec();
    all.push("OPTIONS");
    if verbs.contains(&"GET") {
        all.push("HEAD");
    }
    all.sort_unstable();
    all.dedup();
    HeaderValue::try_from(all.join(", ")).unwrap_or_else(|_| HeaderValue::from_static("OPTIONS"))
}

fn options(allow: HeaderValue) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::ALLOW, allow);
    response
}

struct Call<'a> {
    gateway: &'a Gateway,
    context: &'a Context,
    route: &'static Route,
    parts: &'a Parts,
}

impl Call<'_> {
    /// The call with everything that is written down about it.
    async fn observed(self, captures: &Captures<'_>, body: Body) -> Response<Body> {
        let (gateway, context, route) = (self.gateway, self.context, self.route);
        let name = gateway.span_name(route);
        let label = Label { route: route.template, method: route.verb, name };
        let refuse = |problem: &Problem| problem.to_response(context.request_id.as_str());
        observe(gateway, context, self.parts, label, self.run(captures, body), refuse).await
    }

    async fn run(&self, captures: &Captures<'_>, body: Body) -> Result<Response<Body>, Problem> {
        let (route, headers) = (self.route, &self.parts.headers);
        let limit = (!route.server_streaming).then_some(self.gateway.config().request_timeout);
        let deadline = Deadline::of(headers, limit)?;
        let format = if route.server_streaming {
            Some(Format::of(headers)?)
        } else {
            negotiate::check_accept(headers, JSON)?;
            None
        };
        let resumed = format.and_then(|_| stream::resumed(headers, self.parts.uri.query()));
        let reading = body::read(headers, body, route, self.gateway.config().max_body);
        // A body that does not arrive is bounded even where the call itself is not.
        let body = tokio::time::timeout(self.gateway.config().request_timeout, reading);
        let body = body.await.map_err(|_| body::too_slow())??;
        let message = (route.bind)(&Inputs {
            captures,
            query: resumed.as_deref().or(self.parts.uri.query()),
            body: &body,
            // What only reads does nothing that the header could keep from being done.
            if_match: text(headers, &header::IF_MATCH)?.filter(|_| route.verb != "GET"),
            idempotency_key: text(headers, &IDEMPOTENCY_KEY)?,
        })?;
        let message = Bytes::from(message);
        let make = || forward::request(message.clone(), headers, self.context, deadline);
        let call = repeatable(route, deadline, make)?;
        let service = self.gateway.upstream();
        if let Some(format) = format {
            let opening = service.server_streaming(call).await;
            let answer = settled(opening, deadline, false)?;
            let request_id = self.context.request_id.clone();
            let end = stream::End { deadline, shutdown: self.gateway.shutdown().cloned() };
            return Ok(stream::answer(route, format, answer, request_id, end));
        }
        let answer = service.unary(call).await;
        let answer: Bytes = settled(answer, deadline, headers.contains_key(header::IF_MATCH))?;
        answer::render(route, self.parts, &answer)
    }
}

/// A call whose request can be made anew; what is wrong with it is found now.
pub(crate) fn repeatable<R>(
    route: &'static Route,
    deadline: Deadline,
    mut make: impl FnMut() -> Result<R, Problem>,
) -> Result<upstream::Call<impl FnMut() -> Option<R>>, Problem> {
    let mut first = Some(make()?);
    Ok(upstream::Call {
        path: PathAndQuery::from_static(route.grpc_path),
        deadline,
        // The contract has GET where nothing is changed.
        is_idempotent: route.verb == "GET",
        is_stream: route.server_streaming,
        request: move || first.take().or_else(|| make().ok()),
    })
}

/// What came back, or the problem that it stands for.
pub(crate) fn settled<T>(
    result: Result<T, Status>,
    deadline: Deadline,
    with_if_match: bool,
) -> Result<T, Problem> {
    let status = match result {
        Ok(value) => return Ok(value),
        // Both ends watch the same deadline, and the transport calls that a cancellation.
        Err(status) if status.code() == Code::Cancelled && deadline.has_passed() => {
            Status::deadline_exceeded("")
        }
        Err(status) => status,
    };
    Err(status::problem(&status, with_if_match))
}

/// A header that has one value, if it has any: of two, another party might have meant the other.
pub(crate) fn text<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a str>, Problem> {
    let invalid = |must: &str| Problem::invalid("INVALID_HEADER", format!("{name} must be {must}"));
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(HeaderValue::to_str).transpose();
    if values.next().is_some() {
        return Err(invalid("given once"));
    }
    value.map_err(|_| invalid("visible ASCII"))
}

//! Whether the service behind the gateway can serve.

use std::collections::BTreeSet;
use std::time::Duration;

use artisan_proto::http::ROUTES;
use artisan_runtime::readiness::Readiness;
use axum::http::uri::PathAndQuery;
use bytes::Bytes;
use prost::Message;
use tokio::time::{MissedTickBehavior, interval};
use tonic::{Code, Request};
use tonic_health::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::deadline::Deadline;
use crate::upstream::{Call, Upstream};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const CHECK_TIMEOUT: Duration = Duration::from_secs(3);
const PERIOD: Duration = Duration::from_secs(2);
const CONDITION: &str = "upstream serving";

/// The service's own word on whether it can serve (`grpc.health.v1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// All services of the contract serve.
    Serving,
    /// The process answers, but does not want to be called: its database is away, or its schema behind.
    NotServing,
    /// No process answers.
    Unreachable,
}

/// Asks the service about every gRPC service of the contract that it knows.
pub async fn health(upstream: &Upstream) -> Health {
    ask(|service| async move {
        let mut request = || Some(check(service, CHECK_TIMEOUT).0);
        let deadline = Deadline::after(CHECK_TIMEOUT);
        let path = PathAndQuery::from_static(CHECK);
        let request = &mut request;
        let call = Call { path, deadline, is_idempotent: true, is_stream: false, request };
        let answer = upstream.unary(call).await;
        is_serving(answer.map_err(|status| status.code())?)
    })
    .await
}

/// Asks about every service of the contract; `check` tells whether the named one serves.
pub(crate) async fn ask<F>(check: impl Fn(&'static str) -> F) -> Health
where
    F: Future<Output = Result<bool, Code>>,
{
    let services: BTreeSet<&'static str> = ROUTES.iter().map(|route| route.service).collect();
    let mut known = false;
    for service in services {
        match check(service).await {
            Ok(true) => known = true,
            Ok(false) => return Health::NotServing,
            Err(Code::NotFound) => {}
            // Who has nothing to say of its health is taken for healthy (gRFC A17).
            Err(Code::Unimplemented) => return Health::Serving,
            Err(_) => return Health::Unreachable,
        }
    }
    if known {
        return Health::Serving;
    }
    // A service that knows none by name is asked as a whole.
    match check("").await {
        Ok(true) => Health::Serving,
        Ok(false) | Err(Code::NotFound) => Health::NotServing,
        Err(_) => Health::Unreachable,
    }
}

/// The call that asks about one service.
pub(crate) fn check(service: &str, limit: Duration) -> (Request<Bytes>, PathAndQuery) {
    let message = HealthCheckRequest { service: service.to_owned() }.encode_to_vec();
    let mut request = Request::new(message.into());
    request.set_timeout(limit);
    (request, PathAndQuery::from_static(CHECK))
}

/// What the answer says.
pub(crate) fn is_serving(answer: Bytes) -> Result<bool, Code> {
    let answer = HealthCheckResponse::decode(answer).map_err(|_| Code::Internal)?;
    Ok(answer.status == ServingStatus::Serving as i32)
}

/// Keeps a condition of `readiness` equal to the service's health, for as long as it is polled. The condition
/// does not hold from the call on, whenever that begins.
pub fn follow_health(
    upstream: Upstream,
    readiness: Readiness,
) -> impl Future<Output = ()> + Send + 'static {
    readiness.set(CONDITION, false);
    async move {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            readiness.set(CONDITION, health(&upstream).await == Health::Serving);
        }
    }
}

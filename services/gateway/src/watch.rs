//! Whether the service behind the gateway can serve.

use std::collections::BTreeSet;
use std::time::Duration;

use artisan_proto::http::ROUTES;
use artisan_runtime::readiness::Readiness;
use axum::http::uri::PathAndQuery;
use prost::Message;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tonic::{Code, Request};
use tonic_health::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::upstream::Upstream;

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
    let services: BTreeSet<&str> = ROUTES.iter().map(|route| route.service).collect();
    let mut known = false;
    for service in services {
        match check(upstream, service).await {
            Ok(true) => known = true,
            Ok(false) => return Health::NotServing,
            Err(Code::NotFound) => {}
            Err(_) => return Health::Unreachable,
        }
    }
    if known {
        return Health::Serving;
    }
    // A service that knows none by name is asked as a whole.
    match check(upstream, "").await {
        Ok(true) => Health::Serving,
        Ok(false) | Err(Code::NotFound) => Health::NotServing,
        Err(_) => Health::Unreachable,
    }
}

async fn check(upstream: &Upstream, service: &str) -> Result<bool, Code> {
    let message = HealthCheckRequest { service: service.to_owned() }.encode_to_vec();
    let mut request = Request::new(message.into());
    request.set_timeout(CHECK_TIMEOUT);
    let call = upstream.unary(request, PathAndQuery::from_static(CHECK));
    let answer = timeout(CHECK_TIMEOUT, call).await.map_err(|_| Code::DeadlineExceeded)?;
    let answer = answer.map_err(|status| status.code())?;
    let answer = HealthCheckResponse::decode(answer).map_err(|_| Code::Internal)?;
    Ok(answer.status == ServingStatus::Serving as i32)
}

/// Keeps a condition of `readiness` equal to the service's health, for as long as it is polled.
pub async fn follow_health(upstream: Upstream, readiness: Readiness) {
    readiness.set(CONDITION, false);
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        readiness.set(CONDITION, health(&upstream).await == Health::Serving);
    }
}

//! The gateway put together.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use artisan_proto::http::{OPENAPI, ROUTES};
use artisan_runtime::admin;
use artisan_runtime::lifecycle::Shutdown;
use artisan_runtime::readiness::Readiness;
use artisan_transcode::{Route, RouteTable};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;
use axum::{Extension, Router, middleware};
use uuid::Uuid;

use crate::config::Config;
use crate::console::CONSOLE;
use crate::edge::{self, Context, Cors, RateLimit, RequestId};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::upstream::Upstream;
use crate::{call, docs, predecessor, route_name};

/// The gateway before it has a router; cheap to clone.
#[derive(Debug, Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    config: Config,
    upstream: Upstream,
    table: RouteTable,
    names: HashMap<(&'static str, &'static str), String>,
    rpcs: HashMap<&'static str, &'static Route>,
    cors: Cors,
    rate_limit: Option<RateLimit>,
    metrics: Metrics,
    shutdown: Option<Shutdown>,
    fresh_id: fn() -> Uuid,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("config", &self.config).finish_non_exhaustive()
    }
}

/// The whole HTTP face of `upstream`: every route of the contract, `/docs`, `/console`, `/openapi.json`,
/// `/livez` and `/readyz`.
///
/// Telemetry must have been started before, or nothing is measured.
pub fn router(config: Config, upstream: Upstream, readiness: Readiness) -> Router {
    Gateway::new(config, upstream, None).router(readiness)
}

impl Gateway {
    /// A gateway whose streams end, resumably, when the shutdown stops accepting.
    #[must_use]
    pub fn new(config: Config, upstream: Upstream, shutdown: Option<Shutdown>) -> Self {
        let name = |route: &Route| ((route.verb, route.template), route_name::of(route));
        Self(Arc::new(Inner {
            upstream,
            table: RouteTable::new(ROUTES),
            names: ROUTES.iter().map(name).collect(),
            rpcs: ROUTES.iter().map(|route| (route.grpc_path, route)).collect(),
            cors: Cors::new(config.cors_origins.clone()),
            rate_limit: config.rate_limit.map(RateLimit::new),
            metrics: Metrics::new(),
            shutdown,
            fresh_id: Uuid::new_v4,
            config,
        }))
    }

    /// The router that serves it.
    pub fn router(self, readiness: Readiness) -> Router {
        // Probes stay outside: they come often, and no limit may starve them.
        Router::new()
            .merge(docs::router(OPENAPI))
            .merge(predecessor::router())
            .merge(CONSOLE.router())
            .method_not_allowed_fallback(only_get)
            .fallback(call::refuse)
            .with_state(self.clone())
            .layer(middleware::from_fn_with_state(self, edge::around))
            .merge(admin::probes(readiness))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn upstream(&self) -> &Upstream {
        &self.0.upstream
    }

    pub(crate) fn table(&self) -> &RouteTable {
        &self.0.table
    }

    /// The route of a gRPC method of the contract.
    pub(crate) fn rpc(&self, path: &str) -> Option<&'static Route> {
        self.0.rpcs.get(path).copied()
    }

    pub(crate) fn cors(&self) -> &Cors {
        &self.0.cors
    }

    pub(crate) fn rate_limit(&self) -> Option<&RateLimit> {
        self.0.rate_limit.as_ref()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn shutdown(&self) -> Option<&Shutdown> {
        self.0.shutdown.as_ref()
    }

    pub(crate) fn request_id(&self, headers: &HeaderMap) -> RequestId {
        RequestId::of(headers, self.0.fresh_id)
    }

    pub(crate) fn span_name(&self, route: &Route) -> &str {
        self.0.names.get(&(route.verb, route.template)).map_or("http.call", String::as_str)
    }
}

async fn only_get(
    State(_): State<Gateway>,
    Extension(context): Extension<Context>,
    _: Request,
) -> impl IntoResponse {
    let allow = HeaderValue::from_static("GET, HEAD");
    Problem::method_not_allowed(allow).to_response(context.request_id.as_str())
}

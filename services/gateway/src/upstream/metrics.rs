//! What is measured of the way to the service.

use std::sync::{Arc, Weak};

use opentelemetry::metrics::{Counter, Meter};
use opentelemetry::{KeyValue, global};
use tokio::time::Instant;

use super::failure::Failure;
use super::outlier::Fault;
use super::pool::Pool;
use super::replica::Standing;

/// What happens now and then; what is there at a moment is read from the pool when somebody asks.
///
/// Addresses are in the log only: there would be new ones with every rollout.
#[derive(Debug)]
pub(super) struct Metrics {
    ejections: Counter<u64>,
    retries: Counter<u64>,
    exhausted: Counter<u64>,
    unresolved: Counter<u64>,
    opened: Counter<u64>,
    refused: Counter<u64>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let meter = meter();
        let counter =
            |name, description| meter.u64_counter(name).with_description(description).build();
        Self {
            ejections: counter("artisan.upstream.ejections", "Replicas ejected"),
            retries: counter("artisan.upstream.retries", "Calls sent again"),
            exhausted: counter(
                "artisan.upstream.retry_budget.exhausted",
                "Calls not sent again because too many were",
            ),
            unresolved: counter(
                "artisan.upstream.resolve.failures",
                "Lookups of the service's name that failed",
            ),
            opened: counter(
                "artisan.upstream.circuit.opened",
                "Times at which every replica failed",
            ),
            refused: counter("artisan.upstream.refused_calls", "Calls that were not sent"),
        }
    }

    pub(super) fn ejected(&self, fault: Fault) {
        self.ejections.add(1, &[KeyValue::new("reason", fault.name())]);
    }

    pub(super) fn retried(&self, failure: Failure) {
        self.retries.add(1, &[KeyValue::new("reason", failure.name())]);
    }

    pub(super) fn budget_exhausted(&self) {
        self.exhausted.add(1, &[]);
    }

    pub(super) fn unresolved(&self) {
        self.unresolved.add(1, &[]);
    }

    pub(super) fn circuit_opened(&self) {
        self.opened.add(1, &[]);
    }

    pub(super) fn refused(&self, reason: &'static str) {
        self.refused.add(1, &[KeyValue::new("reason", reason)]);
    }
}

fn meter() -> Meter {
    global::meter("artisan.gateway")
}

/// Has a pool's connections, calls and replicas told; those of a pool that is gone are told no longer.
pub(super) fn observe(pool: &Arc<Pool>, server: &str) {
    let server = KeyValue::new("server.address", server.to_owned());
    let (weak, of) = (Arc::downgrade(pool), server.clone());
    let _connections = meter()
        .i64_observable_up_down_counter("http.client.open_connections")
        .with_description("Connections to the service")
        .with_callback(move |observer| {
            let Some((active, idle)) = connections(&weak) else { return };
            for (state, count) in [("active", active), ("idle", idle)] {
                let state = KeyValue::new("http.connection.state", state);
                observer.observe(count, &[of.clone(), state]);
            }
        })
        .build();
    let weak = Arc::downgrade(pool);
    let _calls = meter()
        .i64_observable_up_down_counter("http.client.active_requests")
        .with_description("Calls to the service in flight")
        .with_callback(move |observer| {
            let Some(pool) = weak.upgrade() else { return };
            let count = pool.replicas().iter().map(|replica| replica.in_flight()).sum();
            observer.observe(whole(count), std::slice::from_ref(&server));
        })
        .build();
    let weak = Arc::downgrade(pool);
    let _replicas = meter()
        .i64_observable_up_down_counter("artisan.upstream.replicas")
        .with_description("Addresses of the service")
        .with_callback(move |observer| {
            let Some(pool) = weak.upgrade() else { return };
            for (state, count) in replicas(&pool) {
                observer.observe(count, &[KeyValue::new("state", state)]);
            }
        })
        .build();
    let weak = Arc::downgrade(pool);
    let _circuit = meter()
        .i64_observable_gauge("artisan.upstream.circuit.open")
        .with_description("1 while calls fail at once because every replica fails")
        .with_callback(move |observer| {
            let Some(pool) = weak.upgrade() else { return };
            observer.observe(i64::from(pool.circuit.is_open()), &[]);
        })
        .build();
}

/// Those with calls, and those without.
fn connections(pool: &Weak<Pool>) -> Option<(i64, i64)> {
    let pool = pool.upgrade()?;
    let open: Vec<_> = pool.replicas().iter().flat_map(|replica| replica.open()).collect();
    let active = open.iter().filter(|connection| connection.in_flight() > 0).count();
    Some((whole(active), whole(open.len() - active)))
}

fn replicas(pool: &Pool) -> [(&'static str, i64); 4] {
    let now = Instant::now();
    let all = pool.replicas();
    let count = |standing| {
        let connected = all.iter().filter(|replica| replica.is_connected());
        whole(connected.filter(|replica| replica.standing(now) == standing).count())
    };
    let away = whole(all.iter().filter(|replica| !replica.is_connected()).count());
    [
        ("serving", count(Standing::Fit)),
        ("ejected", count(Standing::Ejected)),
        ("not_serving", count(Standing::NotServing)),
        ("away", away),
    ]
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

//! What a pool tells of itself, as the semantic conventions of OpenTelemetry name it.
//! <https://opentelemetry.io/docs/specs/semconv/database/database-metrics/>

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use opentelemetry::metrics::{Counter, Histogram, Meter};
use opentelemetry::{KeyValue, global};

const POOL: &str = "db.client.connection.pool.name";

/// Which of the pools of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolName {
    /// That of `DATABASE_URL`.
    Primary,
    /// That of `DATABASE_READ_URL`.
    Replica,
}

impl PoolName {
    pub(crate) fn attribute(self) -> KeyValue {
        KeyValue::new(
            POOL,
            match self {
                Self::Primary => "primary",
                Self::Replica => "replica",
            },
        )
    }
}

/// A pool at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PoolState {
    pub(crate) max: u32,
    pub(crate) idle: u32,
    pub(crate) used: u32,
}

/// A pool's numbers.
pub(crate) struct Watched {
    numbers: Arc<Numbers>,
    attributes: [KeyValue; 1],
    wait_time: Histogram<f64>,
    timeouts: Counter<u64>,
}

#[derive(Default)]
struct Numbers {
    used: AtomicU32,
    waiting: AtomicU32,
}

impl Watched {
    pub(crate) fn new(
        name: PoolName,
        state: impl Fn(u32) -> PoolState + Send + Sync + 'static,
    ) -> Self {
        let meter = global::meter("artisan_store");
        let numbers = Arc::new(Numbers::default());
        observe(&meter, name, &numbers, state);
        let boundaries =
            vec![0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        Self {
            numbers,
            attributes: [name.attribute()],
            wait_time: meter
                .f64_histogram("db.client.connection.wait_time")
                .with_unit("s")
                .with_description("How long calls wait for a connection.")
                .with_boundaries(boundaries)
                .build(),
            timeouts: meter
                .u64_counter("db.client.connection.timeouts")
                .with_description("How many calls got no connection in time.")
                .build(),
        }
    }

    /// A call begins to wait.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.numbers.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting { watched: self, since: Instant::now() }
    }

    pub(crate) fn taken(&self) {
        self.numbers.used.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn returned(&self) {
        self.numbers.used.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The numbers of a pool that is gone are no longer told.
fn observe(
    meter: &Meter,
    name: PoolName,
    numbers: &Arc<Numbers>,
    state: impl Fn(u32) -> PoolState + Send + Sync + 'static,
) {
    let attribute = name.attribute();
    let weak = Arc::downgrade(numbers);
    let state = Arc::new(state);
    let (of, now) = (attribute.clone(), Arc::clone(&state));
    let _count = meter
        .i64_observable_up_down_counter("db.client.connection.count")
        .with_description("How many connections are open.")
        .with_callback({
            let weak = weak.clone();
            move |observer| {
                let Some(numbers) = weak.upgrade() else { return };
                let now = now(numbers.used.load(Ordering::Relaxed));
                for (state, count) in [("idle", now.idle), ("used", now.used)] {
                    let state = KeyValue::new("db.client.connection.state", state);
                    observer.observe(i64::from(count), &[of.clone(), state]);
                }
            }
        })
        .build();
    let of = attribute.clone();
    let _max = meter
        .i64_observable_up_down_counter("db.client.connection.max")
        .with_description("How many connections may be open.")
        .with_callback({
            let weak = weak.clone();
            move |observer| {
                if weak.upgrade().is_some() {
                    observer.observe(i64::from(state(0).max), std::slice::from_ref(&of));
                }
            }
        })
        .build();
    let _waiting = meter
        .i64_observable_up_down_counter("db.client.connection.pending_requests")
        .with_description("How many calls wait for a connection.")
        .with_callback(move |observer| {
            if let Some(numbers) = weak.upgrade() {
                let waiting = i64::from(numbers.waiting.load(Ordering::Relaxed));
                observer.observe(waiting, std::slice::from_ref(&attribute));
            }
        })
        .build();
}

/// A call that waits for a connection; dropped, it waits no longer.
pub(crate) struct Waiting<'a> {
    watched: &'a Watched,
    since: Instant,
}

impl Waiting<'_> {
    pub(crate) fn end(self, has_timed_out: bool) {
        let Watched { wait_time, timeouts, attributes, .. } = self.watched;
        wait_time.record(self.since.elapsed().as_secs_f64(), attributes);
        if has_timed_out {
            timeouts.add(1, attributes);
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.watched.numbers.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

use opentelemetry::metrics::{Counter, UpDownCounter};
use opentelemetry::{KeyValue, global};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::Error;

/// How many calls are served at the same time; one more is refused at once, which costs next to
/// nothing, instead of making all of them late.
#[derive(Debug)]
pub(crate) struct Load {
    slots: Semaphore,
    active: UpDownCounter<i64>,
    shed: Counter<u64>,
}

/// A call that is being served.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    _permit: SemaphorePermit<'a>,
    active: &'a UpDownCounter<i64>,
}

impl Load {
    pub(super) fn new(concurrent: usize) -> Self {
        let meter = global::meter("artisan_user_service");
        Self {
            slots: Semaphore::new(concurrent.min(Semaphore::MAX_PERMITS)),
            active: meter
                .i64_up_down_counter("rpc.server.active_calls")
                .with_description("Calls that are being served; open streams are not among them.")
                .build(),
            shed: meter
                .u64_counter("rpc.server.shed_calls")
                .with_description("Calls that were refused because too many were being served.")
                .build(),
        }
    }

    /// A place for one more call of this path.
    pub(super) fn enter(&self, path: &str) -> Result<Slot<'_>, Error> {
        let Ok(permit) = self.slots.try_acquire() else {
            // As the other metrics have it.
            let method = path.trim_start_matches('/');
            self.shed.add(1, &[KeyValue::new("rpc.method", method.to_owned())]);
            return Err(Error::TooManyCalls);
        };
        self.active.add(1, &[]);
        Ok(Slot { _permit: permit, active: &self.active })
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.active.add(-1, &[]);
    }
}

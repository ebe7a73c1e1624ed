//! Which replicas calls stay away from, judged by what became of calls.

use std::sync::Arc;

use tokio::time::Instant;

use super::pool::Pool;
use super::replica::{Replica, Standing};

/// Why a call counts against its replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its connection ended.
    Lost,
    /// It was answered with `UNAVAILABLE`.
    Unavailable,
    /// It was not answered, and nothing else was.
    Silent,
}

impl Fault {
    /// As metrics name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lost => "connection_lost",
            Self::Unavailable => "unavailable",
            Self::Silent => "no_answer",
        }
    }
}

impl Pool {
    /// Notes that a replica answered a call.
    pub(super) fn answered(&self, replica: &Replica) {
        let now = Instant::now();
        let had_failed = replica.answer(now);
        if self.circuit.close() {
            tracing::info!(upstream.address = %replica.address(), "the service answers again");
        }
        if had_failed {
            tracing::debug!(upstream.address = %replica.address(), "the replica answers again");
        }
    }

    /// Counts a call that began at `began` against its replica.
    pub(super) fn faulted(&self, replica: &Replica, fault: Fault, began: Instant) {
        let now = Instant::now();
        let failures = replica.fail();
        // Whoever looks at it now finds out whether it is there at all.
        replica.wake();
        if fault == Fault::Lost {
            self.refresh.notify_one();
        }
        if failures >= self.settings.eject_after {
            let replicas = self.replicas();
            self.eject(&replicas, replica, fault, now);
            if replicas.iter().all(|each| self.is_failing(each)) && self.circuit.open(began, now) {
                self.metrics.circuit_opened();
                tracing::warn!(reason = fault.name(), "every replica fails; calls fail at once");
            }
        }
    }

    fn is_failing(&self, replica: &Replica) -> bool {
        replica.failures() >= self.settings.eject_after || !replica.is_connected()
    }

    /// Never more than half of them: where most fail, it is not they who are at fault, and the rest could
    /// not carry the load.
    fn eject(&self, replicas: &[Arc<Replica>], replica: &Replica, fault: Fault, now: Instant) {
        let ejected = replicas.iter().filter(|each| each.is_ejected(now)).count();
        if replica.standing(now) != Standing::Fit || (ejected + 1) * 2 > replicas.len() {
            return;
        }
        let time = replica.eject(now, self.settings.eject_for);
        self.metrics.ejected(fault);
        let address = replica.address();
        tracing::warn!(upstream.address = %address, reason = fault.name(), ?time, "replica ejected");
    }
}

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::pause;

/// Has calls fail at once while every replica fails, but for one call now and then, which finds out whether
/// that is still so.
#[derive(Debug)]
pub(super) struct Circuit {
    range: (Duration, Duration),
    is_open: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    opened: Instant,
    /// When the next call is let through.
    next: Instant,
    times: u32,
}

impl Circuit {
    pub(super) fn new(range: (Duration, Duration)) -> Self {
        let now = Instant::now();
        let state = Mutex::new(State { opened: now, next: now, times: 0 });
        Self { range, is_open: AtomicBool::new(false), state }
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Relaxed)
    }

    /// Lets a call through, or says how long to stay away.
    pub(super) fn admit(&self, now: Instant) -> Result<(), Duration> {
        if !self.is_open() {
            return Ok(());
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now < state.next {
            return Err(state.next - now);
        }
        // If nothing comes of the call that is let through now, another is after this time.
        state.next = now + pause::grown(self.range, state.times);
        Ok(())
    }

    /// Every replica fails, as a call shows that began at `began`. Tells whether that is news.
    pub(super) fn open(&self, began: Instant, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let was_open = self.is_open();
        if was_open && began < state.opened {
            return false;
        }
        state.times = if was_open { state.times.saturating_add(1) } else { 1 };
        state.opened = now;
        state.next = now + pause::jittered(pause::grown(self.range, state.times));
        self.is_open.store(true, Ordering::Relaxed);
        !was_open
    }

    /// Something was answered. Tells whether that is news.
    pub(super) fn close(&self) -> bool {
        self.is_open() && self.is_open.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::Circuit;

    const RANGE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(4));

    #[tokio::test(start_paused = true)]
    async fn one_call_at_a_time_finds_out() {
        let circuit = Circuit::new(RANGE);
        assert!(circuit.admit(Instant::now()).is_ok());
        assert!(circuit.open(Instant::now(), Instant::now()));
        let stay_away = circuit.admit(Instant::now()).unwrap_err();
        assert!(stay_away <= RANGE.0 && stay_away >= RANGE.0 / 2, "{stay_away:?}");
        advance(stay_away).await;
        assert!(circuit.admit(Instant::now()).is_ok(), "one is let through");
        assert!(circuit.admit(Instant::now()).is_err(), "and no other");
        assert!(circuit.close());
        assert!(circuit.admit(Instant::now()).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn it_stays_open_longer_each_time_but_not_for_calls_of_before() {
        let circuit = Circuit::new(RANGE);
        let before = Instant::now();
        advance(Duration::from_millis(1)).await;
        circuit.open(Instant::now(), Instant::now());
        for _ in 0..9 {
            assert!(!circuit.open(before, Instant::now()));
        }
        let first = circuit.admit(Instant::now()).unwrap_err();
        assert!(first <= RANGE.0);
        advance(first).await;
        let probe = Instant::now();
        circuit.admit(probe).unwrap();
        circuit.open(probe, Instant::now());
        assert!(circuit.admit(Instant::now()).unwrap_err() >= RANGE.0);
    }
}

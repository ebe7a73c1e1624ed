use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::time::Duration;

use artisan_runtime::lifecycle::Shutdown;
use artisan_store::{Lease, StoreError};
use opentelemetry::metrics::{Counter, Gauge};
use opentelemetry::{KeyValue, global};
use time::OffsetDateTime;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::RelayError;
use super::cloud_event::CloudEvent;
use super::link::Link;
use crate::config::NatsSettings;
use crate::core::Core;
use crate::error::chain;

/// How many events are sent before their number is noted: what is sent again after a crash.
const PAGE: u32 = 100;
/// How often the replica in charge looks for events.
const IN_CHARGE: Duration = Duration::from_millis(500);
/// How often the others offer themselves.
const STANDING_BY: Duration = Duration::from_secs(5);
/// How long the others wait for one that does not come back: well within the two minutes for which
/// `JetStream` knows what it has. Half of it is longer than an acknowledgement is waited for.
const LEASE: time::Duration = time::Duration::seconds(20);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long giving the lease back may hold up the end of the program.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What was done in one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    /// Whether this replica is the one to do it.
    pub in_charge: bool,
    /// How many events a stream has now; some may have been there before.
    pub events: u64,
}

/// One replica, as it stands for the work.
#[derive(Debug)]
pub(crate) struct Relayer {
    core: Arc<Core>,
    settings: NatsSettings,
    name: Uuid,
    state: Mutex<State>,
    metrics: Metrics,
}

#[derive(Debug, Default)]
struct State {
    link: Option<Link>,
    held: Option<Held>,
}

/// The lease, as long as it is this replica's.
#[derive(Debug)]
struct Held {
    until: OffsetDateTime,
    /// The last number that a stream has.
    position: i64,
}

#[derive(Debug)]
struct Metrics {
    relayed: Counter<u64>,
    failures: Counter<u64>,
    lag: Gauge<i64>,
}

impl Relayer {
    pub(crate) fn new(core: Arc<Core>, settings: NatsSettings) -> Self {
        let name = core.sources.next_id();
        Self { core, settings, name, state: Mutex::default(), metrics: Metrics::new() }
    }

    /// Works until the service drains, and lets another replica go on then.
    pub(crate) async fn run(&self, shutdown: &Shutdown) {
        let mut pause = FIRST_PAUSE;
        let mut is_failing = false;
        loop {
            let result = tokio::select! {
                biased;
                () = shutdown.draining() => break,
                result = self.tick() => result,
            };
            tell(&result, &mut is_failing);
            let wait = if let Ok(Relayed { in_charge, .. }) = result {
                pause = FIRST_PAUSE;
                if in_charge { IN_CHARGE } else { STANDING_BY }
            } else {
                let wait = jittered(pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
                wait
            };
            tokio::select! {
                biased;
                () = shutdown.draining() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        // What cannot be noted is sent again, and the lease ends by itself.
        let _ = tokio::time::timeout(LAST_WORDS, self.leave()).await;
    }

    /// One round: everything that is committed by now.
    pub(crate) async fn tick(&self) -> Result<Relayed, RelayError> {
        let mut state = self.state.lock().await;
        let mut relayed = Relayed::default();
        let result = self.relay(&mut state, &mut relayed).await;
        self.metrics.relayed.add(relayed.events, &[]);
        if let Err(error) = result {
            self.metrics.failures.add(1, &[KeyValue::new("error.type", error.kind())]);
            state.link = None;
            // Another replica may reach what this one does not.
            if let Some(held) = state.held.take() {
                let _ = self.note(&held, self.core.sources.now()).await;
            }
            return Err(error);
        }
        if !relayed.in_charge {
            self.metrics.lag.record(0, &[]);
        }
        Ok(relayed)
    }

    /// Notes what was relayed and gives the lease back.
    pub(crate) async fn leave(&self) -> Result<(), StoreError> {
        let mut state = self.state.lock().await;
        state.link = None;
        if let Some(held) = state.held.take() {
            self.note(&held, self.core.sources.now()).await?;
        }
        Ok(())
    }

    async fn relay(&self, state: &mut State, relayed: &mut Relayed) -> Result<(), RelayError> {
        let State { link, held } = state;
        if !self.keep(held).await? {
            return Ok(());
        }
        let last = self.core.feed.catch_up().await?;
        self.measure(held.as_ref(), last);
        // What is wrong with NATS is told before there is an event.
        let connected = match link.take() {
            Some(found) if found.is_connected() => found,
            Some(_) | None => Link::connect(&self.settings).await?,
        };
        let link = link.insert(connected);
        while let Some(position) = held.as_ref().map(|held| held.position).filter(|at| *at < last) {
            for event in &self.core.store.list_numbered_events(position, PAGE).await? {
                if !self.keep(held).await? {
                    return Ok(());
                }
                let (Some(held), Some(number)) = (held.as_mut(), event.sequence) else { continue };
                link.publish(CloudEvent::of(event, number)?).await?;
                held.position = number;
                relayed.events += 1;
            }
            if !self.prolong(held).await? {
                return Ok(());
            }
            self.measure(held.as_ref(), last);
        }
        relayed.in_charge = true;
        Ok(())
    }

    fn measure(&self, held: Option<&Held>, last: i64) {
        let position = held.map_or(last, |held| held.position);
        self.metrics.lag.record(last.saturating_sub(position).max(0), &[]);
    }

    /// Whether this replica is in charge, for longer than one event may take.
    async fn keep(&self, held: &mut Option<Held>) -> Result<bool, StoreError> {
        let now = self.core.sources.now();
        match held {
            Some(mine) if now < mine.until - LEASE / 2 => Ok(true),
            Some(_) => self.prolong(held).await,
            None => {
                let lease = self.lease(now, now + LEASE);
                let position = self.core.store.hold_relay(&lease).await?;
                *held = position.map(|position| Held { until: lease.until, position });
                if held.is_some() {
                    tracing::info!("this replica relays events");
                }
                Ok(held.is_some())
            }
        }
    }

    /// Notes what was relayed; whether this replica is still in charge.
    async fn prolong(&self, held: &mut Option<Held>) -> Result<bool, StoreError> {
        let Some(mine) = held else { return Ok(false) };
        let until = self.core.sources.now() + LEASE;
        if self.note(mine, until).await? {
            mine.until = until;
        } else {
            tracing::warn!("another replica has taken over the relay of events");
            *held = None;
        }
        Ok(held.is_some())
    }

    async fn note(&self, held: &Held, until: OffsetDateTime) -> Result<bool, StoreError> {
        let lease = self.lease(self.core.sources.now(), until);
        self.core.store.note_relayed(&lease, held.position).await
    }

    const fn lease(&self, now: OffsetDateTime, until: OffsetDateTime) -> Lease {
        Lease { holder: self.name, now, until }
    }
}

impl Metrics {
    fn new() -> Self {
        let meter = global::meter("artisan_user_service");
        Self {
            relayed: meter
                .u64_counter("events.relayed")
                .with_unit("{event}")
                .with_description("Events that JetStream acknowledged.")
                .build(),
            failures: meter
                .u64_counter("events.relay.failures")
                .with_unit("{failure}")
                .with_description("Rounds that were broken off, by reason.")
                .build(),
            lag: meter
                .i64_gauge("events.relay.lag")
                .with_unit("{event}")
                .with_description(
                    "Events that are still to be relayed; 0 where another replica does it.",
                )
                .build(),
        }
    }
}

/// The first failure of several, and their end.
fn tell(result: &Result<Relayed, RelayError>, is_failing: &mut bool) {
    match result {
        Err(error) if !std::mem::replace(is_failing, true) => {
            tracing::warn!(error.cause = chain(error), "events wait to be relayed");
        }
        Err(error) => tracing::debug!(error.cause = chain(error), "events still wait"),
        Ok(relayed) => {
            // Another replica in charge is an end of it, too: the next failure is told again.
            let was_failing = std::mem::take(is_failing);
            if was_failing && relayed.in_charge {
                tracing::info!("events are relayed again");
            }
        }
    }
}

/// Between a half and the whole of it.
fn jittered(pause: Duration) -> Duration {
    // Each RandomState has keys of its own, which is all the randomness that this needs.
    let random = u32::try_from(RandomState::new().hash_one(()) % 1024).unwrap_or(0);
    pause / 2 + pause * random / 2048
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_its_bounds() {
        let waits: Vec<Duration> = (0..100).map(|_| jittered(LONGEST_PAUSE)).collect();
        assert!(waits.iter().all(|wait| *wait >= LONGEST_PAUSE / 2 && *wait <= LONGEST_PAUSE));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }
}

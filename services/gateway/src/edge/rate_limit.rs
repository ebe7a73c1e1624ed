//! A token bucket for each client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::time::Instant;

use crate::problem::Problem;

/// A bucket that was not touched for that long is full again, and is forgotten.
const GENERATION: Duration = Duration::from_secs(10);
/// With that many clients the older half is forgotten earlier: a flood of addresses must not take the memory.
const MAX_CLIENTS: usize = 100_000;

const LEFT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Allows each client a number of requests per second, and as many at once.
#[derive(Debug)]
pub(crate) struct RateLimit {
    rate: u32,
    clients: Mutex<Clients>,
}

/// Two generations: who is seen moves to the younger one, and the older one is dropped as a whole.
#[derive(Debug)]
struct Clients {
    young: HashMap<u128, Bucket>,
    old: HashMap<u128, Bucket>,
    born: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// What a client was allowed, and what it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) is_allowed: bool,
    rate: u32,
    left: u32,
}

impl RateLimit {
    pub(crate) fn new(rate: u32) -> Self {
        let clients = Clients { young: HashMap::new(), old: HashMap::new(), born: Instant::now() };
        Self { rate, clients: Mutex::new(clients) }
    }

    /// Takes a token, if there is one. Clients without an address share one bucket.
    pub(crate) fn take(&self, client: Option<IpAddr>) -> Quota {
        let now = Instant::now();
        let rate = f64::from(self.rate);
        // A panic elsewhere leaves the numbers as good as they were.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = clients.bucket(key(client), Bucket { tokens: rate, filled: now });
        let passed = now.saturating_duration_since(bucket.filled).as_secs_f64();
        let tokens = (bucket.tokens + passed * rate).min(rate);
        let is_allowed = tokens >= 1.0;
        let tokens = if is_allowed { tokens - 1.0 } else { tokens };
        *bucket = Bucket { tokens, filled: now };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the rate"
        )]
        let left = tokens as u32;
        Quota { is_allowed, rate: self.rate, left }
    }
}

impl Clients {
    fn bucket(&mut self, key: u128, fresh: Bucket) -> &mut Bucket {
        let now = fresh.filled;
        if now.saturating_duration_since(self.born) >= GENERATION
            || self.young.len() >= MAX_CLIENTS / 2
        {
            self.old = std::mem::take(&mut self.young);
            self.born = now;
        }
        let known = self.old.remove(&key);
        self.young.entry(key).or_insert(known.unwrap_or(fresh))
    }
}

impl Quota {
    /// The problem of a client that has nothing left.
    pub(super) fn refusal(&self) -> Option<Problem> {
        if self.is_allowed {
            return None;
        }
        let detail = "too many requests from this address";
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut problem = Problem::new(status, "RESOURCE_EXHAUSTED", "RATE_LIMITED", detail);
        problem.retry_after = Some(Duration::from_secs(1));
        Some(problem)
    }

    /// Writes the fields of draft-ietf-httpapi-ratelimit-headers, in the form with two of them.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        let Self { rate, left, .. } = self;
        let fields = [
            (POLICY, format!("\"client\";q={rate};w=1")),
            (LEFT, format!("\"client\";r={left};t=1")),
        ];
        for (name, text) in fields {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
    }
}

/// One household or server has a whole /64 of IPv6 addresses.
fn key(client: Option<IpAddr>) -> u128 {
    match client {
        Some(IpAddr::V4(address)) => address.to_ipv6_mapped().to_bits(),
        Some(IpAddr::V6(address)) => address.to_bits() >> 64 << 64,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    use super::{GENERATION, MAX_CLIENTS, RateLimit};

    impl RateLimit {
        fn allows(&self, client: &str) -> bool {
            self.take(Some(client.parse().unwrap())).is_allowed
        }

        fn known(&self) -> usize {
            let clients = self.clients.lock().unwrap();
            clients.young.len() + clients.old.len()
        }
    }

    fn v4(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(number).into()
    }

    #[tokio::test(start_paused = true)]
    async fn each_client_has_its_rate_and_gets_it_back_with_time() {
        let limit = RateLimit::new(2);
        let one = "203.0.113.1";
        assert_eq!([limit.allows(one), limit.allows(one), limit.allows(one)], [true, true, false]);
        assert!(limit.allows("203.0.113.2"));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!([limit.allows(one), limit.allows(one)], [true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_v6_network_is_one_client() {
        let limit = RateLimit::new(1);
        assert!(limit.allows("2001:db8::1"));
        assert!(!limit.allows("2001:db8::2"));
        assert!(limit.allows("2001:db8:0:1::1"));
    }

    #[tokio::test(start_paused = true)]
    async fn clients_that_left_are_forgotten() {
        let limit = RateLimit::new(2);
        for number in 0..100 {
            limit.take(Some(v4(number)));
        }
        for _ in 0..2 {
            tokio::time::advance(GENERATION).await;
            limit.take(Some(v4(200)));
        }
        assert_eq!(limit.known(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_addresses_takes_no_more_memory_than_it_may() {
        let limit = RateLimit::new(1);
        for number in 0..250_000 {
            limit.take(Some(v4(number)));
        }
        assert!(limit.known() <= MAX_CLIENTS);
        assert!(!limit.take(Some(v4(249_999))).is_allowed, "who was just here is known");
    }
}

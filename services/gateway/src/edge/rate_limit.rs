//! A token bucket for each client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Every so often, clients whose bucket is full again are forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// Allows each client a number of requests per second, and as many at once.
#[derive(Debug)]
pub(crate) struct RateLimit {
    rate: f64,
    clients: Mutex<Clients>,
}

#[derive(Debug)]
struct Clients {
    buckets: HashMap<u128, Bucket>,
    swept: Instant,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl RateLimit {
    pub(crate) fn new(rate: u32) -> Self {
        let clients = Clients { buckets: HashMap::new(), swept: Instant::now() };
        Self { rate: f64::from(rate), clients: Mutex::new(clients) }
    }

    /// Takes a token, if there is one. Clients without an address share one bucket.
    pub(crate) fn allows(&self, client: Option<IpAddr>) -> bool {
        let now = Instant::now();
        // A panic elsewhere leaves the numbers as good as they were.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(clients.swept) >= SWEEP_EVERY {
            clients.buckets.retain(|_, bucket| self.level(bucket, now) < self.rate);
            clients.swept = now;
        }
        let fresh = Bucket { tokens: self.rate, filled: now };
        let bucket = clients.buckets.entry(key(client)).or_insert(fresh);
        let tokens = self.level(bucket, now);
        let allowed = tokens >= 1.0;
        *bucket = Bucket { tokens: if allowed { tokens - 1.0 } else { tokens }, filled: now };
        allowed
    }

    fn level(&self, bucket: &Bucket, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(bucket.filled).as_secs_f64();
        (bucket.tokens + passed * self.rate).min(self.rate)
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
    use std::time::Duration;

    use super::{RateLimit, SWEEP_EVERY};

    #[tokio::test(start_paused = true)]
    async fn each_client_has_its_rate_and_gets_it_back_with_time() {
        let limit = RateLimit::new(2);
        let one = Some("203.0.113.1".parse().unwrap());
        let other = Some("203.0.113.2".parse().unwrap());
        assert_eq!([limit.allows(one), limit.allows(one), limit.allows(one)], [true, true, false]);
        assert!(limit.allows(other));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!([limit.allows(one), limit.allows(one)], [true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_v6_network_is_one_client() {
        let limit = RateLimit::new(1);
        assert!(limit.allows(Some("2001:db8::1".parse().unwrap())));
        assert!(!limit.allows(Some("2001:db8::2".parse().unwrap())));
        assert!(limit.allows(Some("2001:db8:0:1::1".parse().unwrap())));
    }

    #[tokio::test(start_paused = true)]
    async fn clients_that_left_are_forgotten() {
        let limit = RateLimit::new(2);
        for last in 0..100 {
            limit.allows(Some(std::net::Ipv4Addr::new(203, 0, 113, last).into()));
        }
        tokio::time::advance(SWEEP_EVERY).await;
        limit.allows(Some("203.0.113.200".parse().unwrap()));
        assert_eq!(limit.clients.lock().unwrap().buckets.len(), 1);
    }
}

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::Duration;

const MAX_PAUSE: Duration = Duration::from_millis(250);

/// Bounded waiting between attempts, longer each time and never the same for two that collided.
#[derive(Debug)]
pub struct Backoff {
    attempts_left: u32,
    pause: Duration,
}

impl Backoff {
    /// For so many attempts in all, of which the first needs no waiting.
    #[must_use]
    pub fn new(attempts: u32, first_pause: Duration) -> Self {
        Self { attempts_left: attempts.saturating_sub(1), pause: first_pause }
    }

    /// Waits, unless no attempt is left; whether to go on.
    pub async fn wait(&mut self) -> bool {
        let Some(left) = self.attempts_left.checked_sub(1) else { return false };
        self.attempts_left = left;
        tokio::time::sleep(jittered(self.pause)).await;
        self.pause = (self.pause * 2).min(MAX_PAUSE);
        true
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
        let pause = Duration::from_millis(100);
        let waits: Vec<Duration> = (0..100).map(|_| jittered(pause)).collect();
        assert!(waits.iter().all(|wait| *wait >= pause / 2 && *wait <= pause));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }

    #[tokio::test]
    async fn attempts_are_bounded() {
        let mut backoff = Backoff::new(3, Duration::from_micros(1));
        assert!(backoff.wait().await);
        assert!(backoff.wait().await);
        assert!(!backoff.wait().await);
    }
}

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// A pause of the given length, give or take a quarter, so that runners do not knock in step.
pub(crate) async fn pause(length: Duration) {
    tokio::time::sleep(jittered(length, RandomState::new().build_hasher().finish())).await;
}

fn jittered(length: Duration, chance: u64) -> Duration {
    let share = f64::from(u16::try_from(chance % 1000).unwrap_or_default()) / 1000.0;
    length.mul_f64(0.75 + share / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_quarter() {
        let second = Duration::from_secs(1);
        assert_eq!(jittered(second, 0), Duration::from_millis(750));
        assert!(jittered(second, 999) < Duration::from_millis(1250));
    }
}

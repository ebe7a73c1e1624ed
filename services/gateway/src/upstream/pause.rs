use std::time::Duration;

/// Doubles a pause for each failure after the first, up to the longest.
pub(super) fn grown((first, longest): (Duration, Duration), failures: u32) -> Duration {
    let factor = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    first.saturating_mul(factor).min(longest)
}

/// Between half of a pause and all of it: many gateways do not come at once.
pub(super) fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(f64::midpoint(1.0, fastrand::f64()))
}

/// Anything up to a pause, for calls that failed together and should not meet again.
pub(super) fn anything_below(pause: Duration) -> Duration {
    pause.mul_f64(fastrand::f64())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{grown, jittered};

    #[test]
    fn pauses_double_up_to_the_longest() {
        let range = (Duration::from_millis(100), Duration::from_secs(1));
        let millis = |failures| grown(range, failures).as_millis();
        assert_eq!([0, 1, 2, 3, 4, 5, 99].map(millis), [100, 100, 200, 400, 800, 1000, 1000]);
    }

    #[test]
    fn jitter_stays_between_half_and_whole() {
        let pause = Duration::from_secs(2);
        for _ in 0..1000 {
            let jittered = jittered(pause);
            assert!(jittered >= pause / 2 && jittered <= pause, "{jittered:?}");
        }
    }
}

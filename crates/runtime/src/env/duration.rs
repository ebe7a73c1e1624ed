//! Durations as people write them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A duration written as `250ms`, `10s`, `5m`, `2h`, `30d`, or several of these: `1h30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanDuration(pub Duration);

/// The text is not a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a duration; write a number with ms, s, m, h or d, as in 250ms, 10s or 30d")]
pub struct ParseDurationError;

/// Units from the largest down, in milliseconds.
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl HumanDuration {
    /// A duration of whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl From<HumanDuration> for Duration {
    fn from(duration: HumanDuration) -> Self {
        duration.0
    }
}

impl FromStr for HumanDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, ParseDurationError> {
        if text == "0" {
            return Ok(Self(Duration::ZERO));
        }
        let mut rest = text;
        let mut millis = 0_u64;
        let mut ceiling = u64::MAX;
        while !rest.is_empty() {
            let (number, after) = split(rest, |c| c.is_ascii_digit());
            let (unit, after) = split(after, |c| c.is_ascii_alphabetic());
            let number: u64 = number.parse().map_err(|_| ParseDurationError)?;
            let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
            // Units must fall, so that `5m1h` and `5m5m` are noticed as slips.
            let factor = factor.filter(|factor| *factor < ceiling).ok_or(ParseDurationError)?;
            ceiling = factor;
            millis = number
                .checked_mul(factor)
                .and_then(|part| part.checked_add(millis))
                .ok_or(ParseDurationError)?;
            rest = after;
        }
        if text.is_empty() {
            Err(ParseDurationError)
        } else {
            Ok(Self(Duration::from_millis(millis)))
        }
    }
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, factor) in UNITS {
            if rest >= factor {
                write!(f, "{}{unit}", rest / factor)?;
                rest %= factor;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::HumanDuration;

    #[test]
    fn units_are_understood_and_printed_back() {
        for (text, millis) in [
            ("250ms", 250),
            ("10s", 10_000),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("30d", 2_592_000_000),
        ] {
            let parsed: HumanDuration = text.parse().unwrap();
            assert_eq!(parsed.0, Duration::from_millis(millis), "{text}");
            assert_eq!(parsed.to_string(), text);
        }
        assert_eq!("0".parse(), Ok(HumanDuration::from_secs(0)));
        assert_eq!("90s".parse::<HumanDuration>().unwrap().to_string(), "1m30s");
    }

    #[test]
    fn slips_are_refused() {
        for text in
            ["", "10", "s", "10 s", "-1s", "1.5s", "5m1h", "5m5m", "10sec", "99999999999999d"]
        {
            assert!(text.parse::<HumanDuration>().is_err(), "{text:?}");
        }
    }
}
